/**
 * What can be cancelled, and what can be told of it.
 *
 * A source keeps its members on an intrusive circular list, so that joining, leaving and being told cost O(1) and nothing is
 * allocated. The tree of sources is built in `cancel/node.ts`; the kernel only has to know these two faces of it.
 *
 * @module
 */
import { CancelledError } from "../errors.ts";
import { later, TELL } from "./settling.ts";

/**
 * One act of cancelling, shared by everything it reaches.
 *
 * The error is made when somebody first has to be told with it: most generator tasks are unwound without ever seeing one, and
 * an error costs more than ending a task.
 */
export class Cancellation {
  readonly reason: unknown;
  #error: CancelledError | undefined;

  /** A `CancelledError` as the reason stands for itself. */
  constructor(reason: unknown) {
    this.#error = reason instanceof CancelledError ? reason : undefined;
    this.reason = reason instanceof CancelledError ? reason.cause : reason;
  }

  /** What waits throw. */
  get error(): CancelledError {
    this.#error ??= new CancelledError(this.reason);
    return this.#error;
  }
}

export interface CancelSource {
  /** Set once this source is cancelled, for good. */
  readonly cancellation: Cancellation | undefined;
  /** Adds a member; it is told at most once, and is no member any more by then. Only while it is not cancelled. */
  add(member: Member): void;
  /** Takes a member off; does nothing if it is none. */
  remove(member: Member): void;
}

/** Where a public object that can cancel keeps its source: tokens and contexts have one. */
export const cancelSource: unique symbol = Symbol("gokio.cancelSource");

export interface HasCancelSource {
  readonly [cancelSource]: CancelSource;
}

/** A member of at most one source at a time; it lends it these three links. */
export interface Member {
  source: CancelSource | undefined;
  older: Member | undefined;
  newer: Member | undefined;
  /** Called when the source is cancelled, after the member has been taken off. Must not run user code. */
  cancelled(cancellation: Cancellation): void;
}

/**
 * Whoever keeps members: on a circular list, from which `first.older` is the newest.
 *
 * Invariant: from `first`, `newer` leads through every member, oldest first, and back to `first`.
 */
export interface MemberList {
  first: Member | undefined;
}

/** Keeps members. Whoever has another class to extend does the same by hand. */
export abstract class Members implements MemberList, CancelSource {
  first: Member | undefined = undefined;

  abstract readonly cancellation: Cancellation | undefined;

  add(member: Member): void {
    addMember(this, member);
  }

  remove(member: Member): void {
    if (member.source === this) removeMember(this, member);
  }
}

export function addMember(list: MemberList & CancelSource, member: Member): void {
  member.source = list;
  const first = list.first;
  if (first === undefined) {
    list.first = member.older = member.newer = member;
    return;
  }
  const last = first.older as Member;
  member.older = last;
  member.newer = first;
  last.newer = first.older = member;
}

export function removeMember(list: MemberList, member: Member): void {
  const next = member.newer as Member;
  if (next === member) list.first = undefined;
  else {
    const previous = member.older as Member;
    previous.newer = next;
    next.older = previous;
    if (list.first === member) list.first = next;
  }
  member.source = member.older = member.newer = undefined;
}

export function* membersOf(list: MemberList): Generator<Member, void> {
  const first = list.first;
  for (let member = first; member !== undefined; ) {
    yield member;
    member = member.newer === first ? undefined : member.newer;
  }
}

/** Takes everyone off `list` and tells them, in a step, so that a chain of sources may be as deep as memory allows. */
export function tellMembers(list: MemberList, cancellation: Cancellation): void {
  if (list.first === undefined) return;
  later(TELL, () => {
    try {
      for (let member = list.first; member !== undefined; member = list.first) {
        removeMember(list, member);
        member.cancelled(cancellation);
      }
    } finally {
      // One that throws is reported by the step; the others are told all the same.
      tellMembers(list, cancellation);
    }
  });
}
