/**
 * Permits: a slot of an mpsc channel, held before there is a message to put in it.
 *
 * @module
 */

import { MisuseError, wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Operation } from "../kernel/operation.ts";
import { forgettable } from "./forgettable.ts";
import type { Outlet } from "./mpsc-core.ts";

/**
 * The right to send one message without waiting; made by `reserve`. Send with it or dispose it, for until then it holds its slot.
 *
 * It outlives the sender it came from, and the channel stays open for it.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(1);
 * const permit = await tx.reserve();
 * rx.close();
 * permit.send("promised");
 * console.log(await rx.recv()); // promised
 * ```
 */
export class SendPermit<in T> implements Disposable {
  #core: Outlet<T> | undefined;

  /** @internal */
  constructor(core: Outlet<T>) {
    this.#core = core;
    forgettable.made?.(this, core);
  }

  /**
   * Sends `value`, at once; it works even after the receiver's `close()`. If the receiver was disposed, the value goes where its other
   * messages went: it is dropped.
   *
   * @throws {MisuseError} if the permit was used or disposed before.
   */
  send(value: T): void {
    const core = this.#core;
    if (core === undefined)
      throw new MisuseError("this permit is spent: a permit sends one message, and none once it is disposed");
    this.#core = undefined;
    core.fill(value);
  }

  /** Gives the slot to whoever waits for one first. Does nothing if the permit was used, or disposed before. */
  [dispose](): void {
    const core = this.#core;
    this.#core = undefined;
    core?.release();
  }
}

export const reserving: unique symbol = Symbol("gokio.reserving");

export const reservingMany: unique symbol = Symbol("gokio.reservingMany");

/** What slots can be reserved in: a sender. */
export interface Reservable<in T> {
  /** @internal */
  [reserving](): Operation<SendPermit<T>>;
  /** @internal */
  [reservingMany](count: number): Operation<SendPermit<T>[]>;
}

/**
 * Waits for a free slot and holds it, as an operation: what `Sender.reserve` does.
 *
 * Cancel-safe: a cancelled call holds nothing, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(1);
 * const won = await select({ slot: reserve(tx), late: sleep(1000) });
 * if (won.key === "slot") won.value.send("in time");
 * console.log(await rx.recv()); // in time
 * ```
 *
 * @throws {ClosedError} once the receiver is closed.
 * @throws {MisuseError} if the sender was disposed.
 */
export function reserve<T>(tx: Reservable<T>, options?: WaitOptions): Operation<SendPermit<T>> {
  if (typeof tx?.[reserving] !== "function") throw wrongType("tx", "a sender", tx);
  return withOptions(tx[reserving](), options);
}

/**
 * Waits for `count` free slots and holds them, as an operation: what `Sender.reserveMany` does.
 *
 * Cancel-safe: a cancelled call holds nothing, and has given up its place in the queue.
 *
 * @example
 * ```ts
 * const [tx, rx] = mpsc<string>(3);
 * await spawn(function* () {
 *   const [head, body] = yield* reserveMany(tx, 2);
 *   head?.send("a title");
 *   body?.send("and a text");
 * });
 * console.log(await rx.recvMany(2)); // [ 'a title', 'and a text' ]
 * ```
 *
 * @throws {ClosedError} once the receiver is closed.
 * @throws {MisuseError} if the sender was disposed.
 * @throws {RangeError} at the call, unless `count` is a whole number from 0 to the capacity.
 */
export function reserveMany<T>(tx: Reservable<T>, count: number, options?: WaitOptions): Operation<SendPermit<T>[]> {
  if (typeof tx?.[reservingMany] !== "function") throw wrongType("tx", "a sender", tx);
  return withOptions(tx[reservingMany](count), options);
}
