/**
 * The cancel tree: nodes that are cancelled with their parent, and the members that are told.
 *
 * A node keeps its children and everything else that watches it (tasks, waits, callbacks) on one intrusive circular list. Cancelling a node
 * walks the tree below it, breadth first, with a list instead of the stack: a chain may be as deep as memory allows.
 *
 *     root ──▶ child ─▶ task ─▶ wait ─▶ child        `first`, then `newer`, oldest first
 *                │                        │
 *                ▼                        ▼
 *              child                    wait
 *
 * 1. A node is cancelled once, and never becomes uncancelled. `error` is set before anyone is told.
 * 2. A cancelled node has no members. Nobody can join it: a child made under it is born cancelled.
 * 3. A cancelled or disposed node is no member of its parent, which keeps nothing of it.
 * 4. Everyone is told, and unlinked, before any queue they left is served and before user code runs.
 *
 * @module
 */
import { CancelledError } from "../errors.ts";
import {
  addMember,
  type CancelSource,
  cancelSource,
  type Member,
  type MemberList,
  removeMember,
} from "../kernel/cancel-source.ts";
import { servingLast } from "../kernel/waiter.ts";

export class CancelNode implements Member, CancelSource, MemberList {
  /** @internal */
  source: CancelSource | undefined = undefined;
  /** @internal */
  older: Member | undefined = undefined;
  /** @internal */
  newer: Member | undefined = undefined;
  /** @internal */
  error: CancelledError | undefined = undefined;
  /** @internal */
  first: Member | undefined = undefined;

  /** @internal */
  constructor(parent?: CancelSource) {
    if (parent === undefined) return;
    if (parent.error === undefined) parent.add(this);
    else this.error = parent.error;
  }

  /** @internal */
  get [cancelSource](): CancelSource {
    return this;
  }

  /** @internal */
  add(member: Member): void {
    addMember(this, member, this);
  }

  /** @internal */
  remove(member: Member): void {
    if (member.source === this) removeMember(this, member);
  }

  /** @internal Cancels this node and everything below it; `false` if it was cancelled before. */
  cancelWith(error: CancelledError): boolean {
    if (this.error !== undefined) return false;
    this.source?.remove(this);
    cancelAll(this, error);
    return true;
  }

  /** @internal Leaves the parent. The node and what is below it live on, by themselves. */
  detach(): void {
    this.source?.remove(this);
  }

  /** @internal Told by a parent that is no node. */
  cancelled(error: CancelledError): void {
    this.cancelWith(error);
  }

  /** @internal Called right after `error` was set, before the members are told. Must not run user code. */
  protected onCancelled(_error: CancelledError): void {}

  /** @internal */
  static reached(node: CancelNode, error: CancelledError): void {
    node.error = error;
    node.onCancelled(error);
  }
}

const afterwards: (() => void)[] = [];
let cancelling = false;

function cancelAll(root: CancelNode, error: CancelledError): void {
  const outermost = !cancelling;
  cancelling = true;
  try {
    servingLast(() => tellAll(root, error));
  } finally {
    if (outermost) cancelling = false;
  }
  if (outermost) runAfterwards();
}

function tellAll(root: CancelNode, error: CancelledError): void {
  const nodes = [root];
  CancelNode.reached(root, error);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as CancelNode;
    for (let member = node.first; member !== undefined; member = node.first) {
      removeMember(node, member);
      if (!(member instanceof CancelNode)) member.cancelled(error);
      else if (member.error === undefined) {
        CancelNode.reached(member, error);
        if (member.first !== undefined) nodes.push(member);
      }
    }
  }
}

/** Runs `job`, which runs user code, once the cancellation under way is complete. */
export function afterCancelling(job: () => void): void {
  afterwards.push(job);
  if (!cancelling) runAfterwards();
}

function runAfterwards(): void {
  for (let job = afterwards.shift(); job !== undefined; job = afterwards.shift()) job();
}

/** The error for a reason; a `CancelledError` stands for itself. */
export function cancelledBy(reason: unknown): CancelledError {
  return reason instanceof CancelledError ? reason : new CancelledError(reason);
}
