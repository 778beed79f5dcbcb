/**
 * Waiting for an event.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { Operation } from "../kernel/operation.ts";
import type { Job } from "../kernel/scheduler.ts";
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
    throw wrongType("event", "a string or a symbol", event);
  }
  if (isEmitter(source)) return emitterChannels(source, event);
  if (isTarget(source)) return targetChannels(source, event as string);
  throw wrongType("emitter", "an EventEmitter or an EventTarget", source);
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
  return {
    listen(heard, failed) {
      // In this order: an error that is waited for is heard.
      emitter.on(event, heard);
      emitter.on("error", failed);
    },
    ignore(heard, failed) {
      emitter.removeListener(event, heard);
      emitter.removeListener("error", failed);
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
    const ears = new Ears(this.#channels, waiter);
    waiter.slot = ears;
    ears.listen();
  }

  override unlink(waiter: Waiter): void {
    (waiter.slot as Ears).close();
  }

  override describe(): string {
    return this.#channels.describe();
  }
}

type Settle = (waiter: Waiter) => void;

/** The listeners of one wait. */
class Ears implements Job {
  readonly #channels: Channels;
  #waiter: Waiter | undefined;
  #isLinked = false;
  /** What was heard before the wait was linked. */
  #early: Settle | undefined = undefined;

  constructor(channels: Channels, waiter: Waiter) {
    this.#channels = channels;
    this.#waiter = waiter;
  }

  /** Adding a listener runs user code, which may call it at once; then the wait, which is not linked yet, is settled from the run queue. */
  listen(): void {
    const { scheduler } = this.#waiter as Waiter;
    try {
      this.#channels.listen(this.#heard, this.#failed);
    } catch (error) {
      this.close();
      throw error;
    }
    this.#isLinked = true;
    if (this.#early === undefined) return;
    this.#ignore();
    scheduler.enqueue(this);
  }

  close(): void {
    this.#waiter = undefined;
    this.#ignore();
  }

  get runsUserCode(): boolean {
    return false;
  }

  run(): void {
    this.#settle(this.#early as Settle);
  }

  readonly #heard: Listener = (...args) => this.#hear((waiter) => waiter.wake(this.#channels.result(args)));
  readonly #failed: Listener = (error) => this.#hear((waiter) => waiter.fail(error));

  #hear(settle: Settle): void {
    this.#ignore();
    if (this.#isLinked) this.#settle(settle);
    else this.#early ??= settle;
  }

  #settle(settle: Settle): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) settle(waiter);
  }

  #ignore(): void {
    this.#channels.ignore(this.#heard, this.#failed);
  }
}
