/**
 * Waiting for an event.
 *
 * @module
 */
import { show } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";

type Listener = (...args: unknown[]) => void;

/** What `once` needs of Node's EventEmitter. */
export interface EmitterLike {
  on(event: string | symbol, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string | symbol, listener: (...args: unknown[]) => void): unknown;
}

/** What `once` needs of an EventTarget. */
export interface TargetLike {
  addEventListener(type: string, listener: (event: unknown) => void): void;
  removeEventListener(type: string, listener: (event: unknown) => void): void;
}

/**
 * Waits for the next event: its arguments, from an EventEmitter; the event, from an EventTarget. An emitter's `"error"` event meanwhile is
 * thrown, unless it is what is waited for.
 *
 * It listens from when it is driven: an event before that is missed.
 *
 * Cancel-safe: a cancelled wait leaves no listener behind.
 *
 * @example
 * ```ts
 * const target = new EventTarget();
 * const waiting = once(target, "ready").then((event) => console.log(event.type)); // ready
 * target.dispatchEvent(new Event("ready"));
 * await waiting;
 * ```
 *
 * @throws {TypeError} at the call, if `emitter` is neither.
 */
export function once<A extends unknown[] = unknown[]>(
  emitter: EmitterLike,
  event: string | symbol,
  options?: WaitOptions,
): Operation<A>;
export function once<E = Event>(target: TargetLike, type: string, options?: WaitOptions): Operation<E>;
export function once(source: unknown, event: string | symbol, options?: WaitOptions): Operation<unknown> {
  return withOptions(new Once(channelsOf(source, event)), options);
}

/** How to listen, and stop listening, to one kind of source. */
interface Channels {
  listen(heard: Listener, failed: Listener): void;
  ignore(heard: Listener, failed: Listener): void;
  describe(): string;
  result(args: unknown[]): unknown;
}

function channelsOf(source: unknown, event: string | symbol): Channels {
  if (typeof event !== "string" && typeof event !== "symbol") {
    throw new TypeError(`event must be a string or a symbol, not ${show(event)}`);
  }
  if (isEmitter(source)) return emitterChannels(source, event);
  if (isTarget(source)) return targetChannels(source, event as string);
  throw new TypeError(`emitter must be an EventEmitter or an EventTarget, not ${show(source)}`);
}

function isEmitter(source: unknown): source is EmitterLike {
  const emitter = source as Partial<EmitterLike> | null | undefined;
  return typeof emitter?.on === "function" && typeof emitter.removeListener === "function";
}

function isTarget(source: unknown): source is TargetLike {
  const target = source as Partial<TargetLike> | null | undefined;
  return typeof target?.addEventListener === "function" && typeof target.removeEventListener === "function";
}

function emitterChannels(emitter: EmitterLike, event: string | symbol): Channels {
  const alsoErrors = event !== "error";
  return {
    listen(heard, failed) {
      emitter.on(event, heard);
      if (alsoErrors) emitter.on("error", failed);
    },
    ignore(heard, failed) {
      emitter.removeListener(event, heard);
      if (alsoErrors) emitter.removeListener("error", failed);
    },
    describe: () => `event ${String(event)}`,
    result: (args) => args,
  };
}

function targetChannels(target: TargetLike, type: string): Channels {
  return {
    listen: (heard) => target.addEventListener(type, heard),
    ignore: (heard) => target.removeEventListener(type, heard),
    describe: () => `event ${type}`,
    result: ([event]) => event,
  };
}

interface Listeners {
  readonly heard: Listener;
  readonly failed: Listener;
}

class Once extends Operation<unknown> {
  readonly #channels: Channels;

  constructor(channels: Channels) {
    super();
    this.#channels = channels;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter): void {
    const channels = this.#channels;
    const heard: Listener = (...args) => {
      channels.ignore(heard, failed);
      waiter.wake(channels.result(args));
    };
    const failed: Listener = (error) => {
      channels.ignore(heard, failed);
      waiter.fail(error);
    };
    waiter.slot = { heard, failed } satisfies Listeners;
    channels.listen(heard, failed);
  }

  override unlink(waiter: Waiter): undefined {
    const { heard, failed } = waiter.slot as Listeners;
    this.#channels.ignore(heard, failed);
  }

  override describe(): string {
    return this.#channels.describe();
  }
}
