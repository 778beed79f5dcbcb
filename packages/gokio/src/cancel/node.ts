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
 * 1. A node is cancelled once, and never becomes uncancelled. `cancellation` is set before anyone is told.
 * 2. A cancelled node has no members. Nobody can join it: a child made under it is born cancelled.
 * 3. A cancelled or disposed node is no member of its parent, which keeps nothing of it.
 * 4. Everyone is told, and unlinked, before any queue they left is served and before user code runs.
 *
 * @module
 */
import {
  type Cancellation,
  type CancelSource,
  cancelSource,
  type Member,
  Members,
  tellMembers,
} from "../kernel/cancel-source.ts";
import { inStep } from "../kernel/settling.ts";

export class CancelNode extends Members implements Member {
  /** @internal */
  source: CancelSource | undefined = undefined;
  /** @internal */
  older: Member | undefined = undefined;
  /** @internal */
  newer: Member | undefined = undefined;
  /** @internal */
  cancellation: Cancellation | undefined = undefined;

  /** @internal */
  constructor(parent?: CancelSource) {
    super();
    if (parent === undefined) return;
    if (parent.cancellation === undefined) parent.add(this);
    else this.cancellation = parent.cancellation;
  }

  /** @internal */
  get [cancelSource](): CancelSource {
    return this;
  }

  /** @internal Cancels this node and everything below it; `false` if it was cancelled before. */
  cancelWith(cancellation: Cancellation): boolean {
    if (this.cancellation !== undefined) return false;
    inStep(() => {
      this.source?.remove(this);
      this.cancelled(cancellation);
    });
    return true;
  }

  /** @internal Leaves the parent. The node and what is below it live on, by themselves. */
  detach(): void {
    this.source?.remove(this);
  }

  /** @internal Told by the parent, which it is no member of any more. */
  cancelled(cancellation: Cancellation): void {
    if (this.cancellation !== undefined) return;
    this.cancellation = cancellation;
    this.onCancelled();
    tellMembers(this, cancellation);
  }

  /** @internal Called right after `cancellation` was set, before the members are told. Must not run user code. */
  protected onCancelled(): void {}
}
