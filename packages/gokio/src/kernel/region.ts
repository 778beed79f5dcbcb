/**
 * A region: the stretch of a task's execution that is cancelled together, and what its waits inherit.
 *
 * A task's whole body is one; a timeout, a scope, a shield and a context each open another inside it. Code outside every task is in
 * the root region of its scheduler, which is never cancelled and keeps the waits that nobody else owns.
 *
 * @module
 */
import { addMember, type CancelSource, type Member, type MemberList, removeMember } from "./cancel-source.ts";
import type { Coroutine } from "./coroutine.ts";
import type { Scheduler } from "./scheduler.ts";

/** Task-local values; never changed, only replaced. */
export type Locals = ReadonlyMap<object, unknown>;

export interface Region extends CancelSource {
  readonly scheduler: Scheduler;
  readonly daemon: boolean;
  readonly locals: Locals | undefined;
  /** The region around this one, in the same task. */
  readonly outer: Region | undefined;
  /** Whether cancellation from outside stops here. */
  readonly shielded: boolean;
  /** The task this is a region of; `undefined` at the root. */
  readonly task: Coroutine | undefined;
  /** Called when a wait is refused, or rejected, because this region was cancelled. */
  refused(): void;
}

export class RootRegion implements Region, MemberList {
  readonly scheduler: Scheduler;
  readonly cancellation = undefined;
  readonly daemon = false;
  readonly locals = undefined;
  readonly outer = undefined;
  readonly shielded = false;
  readonly task = undefined;
  first: Member | undefined = undefined;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  refused(): void {}

  add(member: Member): void {
    this.scheduler.watch();
    addMember(this, member, this);
  }

  remove(member: Member): void {
    if (member.source === this) removeMember(this, member);
  }
}
