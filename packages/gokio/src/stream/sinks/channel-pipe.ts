/**
 * Into channels. That a channel was closed is found out with the next item.
 *
 * @module
 */

import { closing } from "../../chan/closed.ts";
import { type Sink as Sendable, sending } from "../../chan/ends.ts";
import { SendError } from "../../errors.ts";
import { dispose } from "../../kernel/dispose.ts";
import { PENDING } from "../../kernel/step.ts";
import { isThenable } from "../../task/body.ts";
import { GO, type Signal } from "../line.ts";
import { Pipe } from "./pipe.ts";

/** What sends at once, or says when it has: the senders of a broadcast and of a watch. */
export interface PipeSender<in T> {
  /** Sends; a promise that it gives is waited for. */
  readonly send: (value: T) => unknown;
}

/** To what has an operation that sends: it may have to wait. */
export class ChannelPipe<T> extends Pipe<T> {
  readonly #to: Sendable<T>;

  constructor(to: Sendable<T>, ends: boolean) {
    super(ends);
    this.#to = to;
  }

  override push(value: T): Signal {
    const op = this.#to[sending](value);
    return op.try() === PENDING ? this.line.wait(op, this) : GO;
  }

  protected override finish(): void {}

  override close(): undefined {
    if (this.ends) endOf(this.#to);
  }
}

/** To what never waits, or gives a promise. */
export class SenderPipe<T> extends Pipe<T> {
  readonly #to: PipeSender<T>;

  constructor(to: PipeSender<T>, ends: boolean) {
    super(ends);
    this.#to = to;
  }

  override push(value: T): Signal {
    const to = this.#to;
    const sent = to.send(value);
    // A oneshot has no use for a second value.
    if (sent === false && closing in to) throw new SendError("oneshot", value);
    return isThenable(sent) ? this.line.wait(sent, this) : GO;
  }

  protected override finish(): void {}

  override close(): undefined {
    if (this.ends) endOf(this.#to);
  }
}

/** Disposes a sender; closes a channel. */
function endOf(to: object): void {
  const target = to as { close?: () => void; [dispose]?: () => void };
  if (typeof target[dispose] === "function") target[dispose]?.();
  else target.close?.();
}
