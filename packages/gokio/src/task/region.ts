/**
 * A region of a task, as a node of the cancel tree: what the task's waits are members of, and what nested timeouts, scopes and shields
 * hang under.
 *
 * @module
 */
import { CancelNode } from "../cancel/node.ts";
import type { CancelSource, Member, MemberList } from "../kernel/cancel-source.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import type { GeneratorRegion } from "../kernel/frame.ts";
import { innerRegion, type Locals, type Region } from "../kernel/region.ts";
import type { Scheduler } from "../kernel/scheduler.ts";

/**
 * How a shield stands in the tree although cancellation from there does not reach it: for whoever lists what is parked. When what is
 * around it is cancelled, it moves to the root.
 */
class Anchor implements Member, MemberList {
  source: CancelSource | undefined = undefined;
  older: Member | undefined = undefined;
  newer: Member | undefined = undefined;
  readonly #region: TaskRegion;

  constructor(region: TaskRegion) {
    this.#region = region;
  }

  get first(): Member | undefined {
    return this.#region.first;
  }

  get scheduler(): Scheduler {
    return this.#region.scheduler;
  }

  cancelled(): void {
    this.scheduler.root.add(this);
  }
}

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
  /** What it is cancelled with, or stands in if it is a shield. */
  readonly parent: CancelSource;
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
  readonly #parent: CancelSource;
  #anchor: Anchor | undefined = undefined;
  #isClosed = false;

  constructor(init: RegionInit) {
    super(init.shielded === true ? undefined : init.parent);
    this.#parent = init.parent;
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
    return TaskRegion.inside(region, { shielded: true });
  }

  override add(member: Member): void {
    const isFirst = this.first === undefined;
    super.add(member);
    // Last: what is around may be cancelled, and tell the member at once.
    if (isFirst) this.#join();
    if (this.#isClosed && this.#parent.cancellation !== undefined) this.cancelWith(this.#parent.cancellation);
  }

  override remove(member: Member): void {
    super.remove(member);
    if (this.first === undefined) this.#leave();
  }

  /** Makes sure that what becomes a member is found, and cancelled, from outside. */
  #join(): void {
    if (this.shielded) {
      this.#anchor ??= new Anchor(this);
      const { cancellation } = this.#parent;
      (cancellation === undefined ? this.#parent : this.scheduler.root).add(this.#anchor);
    } else if (this.#isClosed && this.source === undefined && this.#parent.cancellation === undefined) {
      this.#parent.add(this);
    }
  }

  #leave(): void {
    if (this.shielded) this.#anchor?.source?.remove(this.#anchor);
    else if (this.#isClosed) this.detach();
  }

  /** A wait was refused because of this region's cancellation, which may be that of the task. */
  refused(): void {
    if (this.task?.cancellation === this.cancellation) this.task?.refused();
  }

  /** When it will be cancelled by itself, on the scheduler's clock. */
  get until(): number {
    return this.alarm?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** The region has been left. What its body has left behind, a wait that goes on, a task, is still cancelled with what was around it. */
  close(): void {
    this.alarm?.cancel();
    this.#isClosed = true;
    if (this.first === undefined) this.#leave();
  }

  protected override onCancelled(): void {
    if (this.#anchor !== undefined) this.#leave();
    this.task?.interrupt();
  }
}
