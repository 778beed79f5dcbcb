/**
 * Requests that wait in a queue, and what the requests of one select may have to know of each other.
 *
 * @module
 */
import { Operation } from "../kernel/operation.ts";
import { Branch, RaceOperation } from "../kernel/race.ts";
import type { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

/** An operation whose waiters are on one list. Its resource finds it in their `slot`: their `op` may be one that delegates to it. */
export abstract class Queued<T> extends Operation<T> {
  readonly queue: WaitList<T>;

  constructor(queue: WaitList<T>) {
    super();
    this.queue = queue;
  }

  override link(waiter: Waiter<T>): void {
    waiter.slot = this;
    this.queue.push(waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.queue.remove(waiter);
  }
}

/** The operations that `waiter` is linked beside: the other cases of its select. */
export function besides(waiter: Waiter): Operation<unknown>[] {
  const found: Operation<unknown>[] = [];
  if (!(waiter instanceof Branch)) return found;
  let whole: Waiter = waiter;
  while (whole instanceof Branch && whole.race.outer !== undefined) whole = whole.race.outer;
  const unseen = whole.op === undefined ? [] : [whole.op];
  for (let op = unseen.pop(); op !== undefined; op = unseen.pop()) {
    if (op instanceof RaceOperation) for (const each of op.alternatives) unseen.push(each);
    else found.push(op);
  }
  found.splice(found.indexOf(waiter.op as Operation<unknown>), 1);
  return found;
}
