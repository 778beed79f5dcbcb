/**
 * Who waits for the items of a run: those who take one, and those who only look.
 *
 * @module
 */
import { give, giveUp, giveUpAll } from "../chan/ends.ts";
import type { ClosedError } from "../errors.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import type { Ending } from "./ending.ts";
import type { Slot } from "./slot.ts";

export class Waiting<T> {
  /** Each takes an item; the oldest first. */
  readonly receivers = new WaitList();
  /** Who wants to see the next item without taking it. */
  readonly peekers = new WaitList();

  get isEmpty(): boolean {
    return this.receivers.head === undefined && this.peekers.head === undefined;
  }

  /** Whether who came last is a daemon. */
  get isDaemon(): boolean {
    return (this.receivers.tail ?? this.peekers.tail)?.daemon === true;
  }

  /** Gives what is in the slot to the oldest receiver. */
  deliver(slot: Slot<T>): void {
    const { receivers, peekers } = this;
    while (peekers.head !== undefined) give(peekers.shift() as Waiter, slot.look());
    const receiver = slot.isFull ? receivers.shift() : undefined;
    if (receiver !== undefined) give(receiver, slot.take());
  }

  /** Tells everybody the end, and one of them the failure. Peekers come first, but come again for the outcome. */
  giveUp(ending: Ending, end: () => ClosedError): void {
    const { receivers, peekers } = this;
    for (let peeker = peekers.shift(); peeker !== undefined; peeker = peekers.shift()) {
      if (receivers.head === undefined && ending.failure !== undefined) peeker.fail(ending.takeFailure()?.error);
      else giveUp(peeker, end());
    }
    if (ending.failure !== undefined && receivers.head !== undefined) {
      receivers.shift()?.fail(ending.takeFailure()?.error);
    }
    if (receivers.head !== undefined) giveUpAll(receivers, end());
  }
}
