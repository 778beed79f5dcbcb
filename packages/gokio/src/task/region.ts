/**
 * A region of a task, as a node of the cancel tree: what the task's waits are members of, and what nested timeouts, scopes and shields
 * hang under.
 *
 * @module
 */
import { CancelNode } from "../cancel/node.ts";
import type { CancelSource } from "../kernel/cancel-source.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import type { GeneratorRegion } from "../kernel/frame.ts";
import { innerRegion, type Locals, type Region } from "../kernel/region.ts";
import type { Scheduler } from "../kernel/scheduler.ts";

/** A deadline that is given up when the region is left. */
export interface RegionAlarm {
  readonly deadline: number;
  cancel(): void;
}

export interface RegionInit {
  readonly scheduler: Scheduler;
  readonly daemon: boolean;
  readonly locals: Locals | undefined;
  /** The task this is a region of, if any, and the region around it in there. */
  readonly task?: Coroutine | undefined;
  readonly outer?: GeneratorRegion | undefined;
  /** What it is cancelled with; nothing, for a shield. */
  readonly parent?: CancelSource | undefined;
  readonly shielded?: boolean;
}

export class TaskRegion extends CancelNode implements Region, GeneratorRegion {
  readonly scheduler: Scheduler;
  readonly daemon: boolean;
  readonly locals: Locals | undefined;
  readonly outer: GeneratorRegion | undefined;
  readonly shielded: boolean;
  readonly task: Coroutine | undefined;
  unwound = false;
  cleanupErrors: unknown[] | undefined = undefined;
  /** What will cancel it in time; see `limitRegion`. */
  alarm: RegionAlarm | undefined = undefined;

  constructor(init: RegionInit) {
    super(init.parent);
    this.scheduler = init.scheduler;
    this.daemon = init.daemon;
    this.locals = init.locals;
    this.outer = init.outer;
    this.shielded = init.shielded ?? false;
    this.task = init.task;
  }

  /** A region inside `region`, cancelled with it. */
  static inside(region: Region, changes: Partial<RegionInit> = {}): TaskRegion {
    const { scheduler, daemon, locals, task } = region;
    const outer = innerRegion(region);
    return new TaskRegion({ scheduler, daemon, locals, task, outer, parent: region, ...changes });
  }

  /** A region inside `region` that cancellation from outside does not reach. */
  static shield(region: Region): TaskRegion {
    return TaskRegion.inside(region, { parent: undefined, shielded: true });
  }

  /** A wait was refused because of this region's cancellation, which may be that of the task. */
  refused(): void {
    if (this.task?.cancellation === this.cancellation) this.task?.refused();
  }

  /** When it will be cancelled by itself, on the scheduler's clock. */
  get until(): number {
    return this.alarm?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** The region has been left. */
  close(): void {
    this.alarm?.cancel();
    this.detach();
  }

  protected override onCancelled(): void {
    this.task?.interrupt();
  }
}
