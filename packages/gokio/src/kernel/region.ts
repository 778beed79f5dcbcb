/**
 * A region: the stretch of a task's execution that is cancelled together, and what its waits inherit.
 *
 * A task's whole body is one; a timeout, a scope, a shield and a context each open another inside it. Code outside every task is in
 * the root region of its scheduler, which is never cancelled and keeps the waits that nobody else owns.
 *
 * @module
 */
import { type CancelSource, type Member, Members } from "./cancel-source.ts";
import type { Coroutine } from "./coroutine.ts";
import type { GeneratorRegion } from "./frame.ts";
import type { Scheduler } from "./scheduler.ts";

/** Task-local values; never changed, only replaced. */
export type Locals = ReadonlyMap<object, unknown>;

export interface Region extends CancelSource {
  readonly scheduler: Scheduler;
  readonly daemon: boolean;
  readonly locals: Locals | undefined;
  /** The task this is a region of; `undefined` at the root. */
  readonly task: Coroutine | undefined;
  /** Called when a wait is refused, or rejected, because this region was cancelled. */
  refused(): void;
}

/** `region`, unless it is a task's whole body: that is where the regions of a generator task end. */
export function innerRegion(region: Region): GeneratorRegion | undefined {
  return "unwound" in region ? (region as Region & GeneratorRegion) : undefined;
}

/**
 * A region that nothing cancels: the root of a scheduler, and, within a task, what its cleanup runs in.
 *
 * Cleanup keeps what is `around` it but for the cancellation, which stops here.
 */
export class FreeRegion extends Members implements Region, GeneratorRegion {
  readonly scheduler: Scheduler;
  readonly daemon: boolean;
  readonly locals: Locals | undefined;
  readonly outer: GeneratorRegion | undefined;
  readonly shielded: boolean;
  readonly task: Coroutine | undefined;
  readonly cancellation = undefined;
  unwound = false;
  cleanupErrors: unknown[] | undefined = undefined;

  constructor(scheduler: Scheduler, around?: Region) {
    super();
    this.scheduler = scheduler;
    this.daemon = around?.daemon ?? false;
    this.locals = around?.locals;
    this.outer = around && innerRegion(around);
    this.shielded = around !== undefined;
    this.task = around?.task;
  }

  refused(): void {}

  override add(member: Member): void {
    this.scheduler.watch();
    super.add(member);
  }
}
