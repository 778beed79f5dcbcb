/**
 * Telling those who wait for an item of a run.
 *
 * @module
 */
import { give, type ReceiveAs } from "../chan/ends.ts";
import type { ClosedError } from "../errors.ts";
import type { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";

export function tellPeekers(peekers: WaitList, item: unknown): void {
  for (let peeker = peekers.shift(); peeker !== undefined; peeker = peekers.shift()) give(peeker, item);
}

/** Ends the wait of one receiver with an error of any kind. */
export function giveUp(receiver: Waiter, error: unknown): void {
  if (receiver.slot === undefined) receiver.fail(error);
  else (receiver.slot as ReceiveAs<unknown, unknown>).giveUp(receiver, error as ClosedError);
}
