/**
 * The sending ends of channels, held weakly: so that it can be told of a receiver that nobody is left who could send to it.
 *
 * A program may forget an end that it should have disposed. Nothing tells the receiver then, but collection tells us: once all the sending ends that were ever made
 * of a channel are gone, nobody can send.
 *
 * 1. A channel is known only if its first sending end was made while ends were tracked.
 * 2. A receiver is said to be forsaken only while it waits; what is already sent does not wait.
 *
 * @module
 */

import { BroadcastSender } from "../chan/broadcast.ts";
import { forgettable } from "../chan/forgettable.ts";
import { OneshotSender } from "../chan/oneshot.ts";
import { SendPermit } from "../chan/permit.ts";
import { Sender } from "../chan/sender.ts";
import { WatchSender } from "../chan/watch.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";

/** The sending ends of channels that are known from the first. */
const known = new WeakMap<object, WeakRef<object>[]>();
let users = 0;

/**
 * Starts to keep an eye on the sending ends of `mpsc`, `oneshot`, `broadcast` and `watch` channels made from now on, so that {@link findDeadlocks} with
 * `collect` finds who waits for one that was forgotten. Dispose the result to stop.
 *
 * @example
 * ```ts
 * import { trackEnds } from "gokio/diagnostics";
 *
 * const tracking = trackEnds();
 * const [tx, rx] = oneshot<string>();
 * tx.send("not forgotten");
 * console.log(await rx.recv()); // not forgotten
 * tracking[Symbol.dispose]();
 * ```
 */
export function trackEnds(): Disposable {
  if (users++ === 0) forgettable.made = made;
  let isOver = false;
  return {
    [dispose]: () => {
      if (isOver) return;
      isOver = true;
      if (--users === 0) forgettable.made = undefined;
    },
  };
}

function made(end: Disposable, of: object): void {
  if (!isSender(end)) return;
  let ends = known.get(of);
  if (ends === undefined) {
    if (!isFirst(end, of)) return;
    ends = [];
    known.set(of, ends);
  }
  ends.push(new WeakRef(end));
  // A channel that lives long, and is handed a clone for each request, must not collect what is left of them.
  if ((ends.length & (ends.length - 1)) === 0 && ends.length > 8)
    known.set(
      of,
      ends.filter((ref) => ref.deref() !== undefined),
    );
}

function isSender(end: object): boolean {
  return [OneshotSender, Sender, SendPermit, BroadcastSender, WatchSender].some((Kind) => end instanceof Kind);
}

/** Those of which there may be several count themselves; a clone is made while there is another. */
function isFirst(end: object, of: object): boolean {
  if (end instanceof OneshotSender) return true;
  return !(end instanceof SendPermit) && (of as { senders?: unknown }).senders === 1;
}

/** What a receiving operation has in common with the senders of its channel. */
interface Receiving {
  readonly inlet?: { readonly ring?: object; readonly state?: object };
}

/** Whether `op` waits to receive from a channel all of whose sending ends have been collected. */
export function isForsaken(op: Operation<unknown>): boolean {
  const { inlet } = op as Receiving;
  if (inlet === undefined) return false;
  const ends = known.get(inlet) ?? known.get(inlet.ring ?? inlet) ?? known.get(inlet.state ?? inlet);
  return ends?.every((ref) => ref.deref() === undefined) === true;
}
