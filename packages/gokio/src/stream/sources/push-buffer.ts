/**
 * From push to pull: what comes unasked waits in a buffer of a stated size, and what does not fit is dealt with as stated.
 *
 * Listening begins with the first pull. It ends with the stream, or with what is listened to: a failure, an overflow, the end.
 *
 * @module
 */
import { END } from "../../chan/ends.ts";
import { checkCount, checkOptions, wrongType } from "../../errors.ts";
import { Operation } from "../../kernel/operation.ts";
import { Ring } from "../../kernel/ring.ts";
import { PENDING, type Pending } from "../../kernel/step.ts";
import type { Waiter } from "../../kernel/waiter.ts";
import { OpSource } from "./op-source.ts";

/** What happens to an item that comes when the buffer is full: the stream fails, the oldest goes, the newcomer goes. */
export type Overflow = "fail" | "drop-oldest" | "drop-newest";

export interface PushOptions {
  /** How many items may wait to be pulled; 1024 by default, `Infinity` for no limit. */
  readonly capacity?: number | undefined;
  /** What happens to the next one; `"fail"` by default, so that nothing is lost without a word. */
  readonly overflow?: Overflow | undefined;
}

/**
 * Items came faster than they were pulled, and one did not fit into the buffer; `value` is that one.
 *
 * @example
 * ```ts
 * const target = new EventTarget();
 * const clicks = Stream.fromEvents(target, "click", { capacity: 2 });
 * clicks.tryRecv(); // listens from here on
 * for (let i = 0; i < 3; i++) target.dispatchEvent(new Event("click"));
 * try {
 *   for await (const click of clicks) console.log(click.type); // click click
 * } catch (error) {
 *   console.log(error instanceof OverflowError); // true
 * }
 * ```
 */
export class OverflowError<T = unknown> extends Error {
  override get name(): string {
    return "OverflowError";
  }
  /** What did not fit. */
  readonly value: T;

  constructor(capacity: number, value: T) {
    super(`more than ${capacity} items were waiting to be pulled; take a larger capacity, or another overflow policy`);
    this.value = value;
  }
}

const POLICIES: readonly unknown[] = ["fail", "drop-oldest", "drop-newest"];
/** Where pushed items wait, and the operation that takes them, for one who waits. */
export class PushBuffer<T> extends Operation<IteratorResult<T, undefined>> {
  readonly #items = new Ring<T>();
  readonly #capacity: number;
  readonly #overflow: Overflow;
  readonly #what: string;
  #waiter: Waiter<IteratorResult<T, undefined>> | undefined = undefined;
  #end: { readonly error?: unknown } | undefined = undefined;
  /** Called at the end. */
  whenEnded: () => void = () => {};

  constructor(what: string, options: PushOptions) {
    super();
    const { capacity = 1024, overflow = "fail" } = checkOptions(options);
    this.#capacity = capacity === Number.POSITIVE_INFINITY ? capacity : checkCount("capacity", capacity, 1);
    if (!POLICIES.includes(overflow)) {
      throw wrongType("overflow", '"fail", "drop-oldest" or "drop-newest"', overflow);
    }
    this.#overflow = overflow;
    this.#what = what;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  push(value: T): void {
    if (this.hasEnded) return;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) waiter.wake({ done: false, value });
    else if (this.#items.length < this.#capacity) this.#items.push(value);
    else this.#overflown(value);
  }

  #overflown(value: T): void {
    if (this.#overflow === "drop-newest") return;
    if (this.#overflow === "fail") {
      this.end({ error: new OverflowError(this.#capacity, value) });
      return;
    }
    this.#items.shift();
    this.#items.push(value);
  }

  /** Nothing more will come; what waits can still be pulled. */
  end(how: { readonly error?: unknown } = {}): void {
    if (this.hasEnded) return;
    this.#end = how;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) {
      if ("error" in how) waiter.fail(how.error);
      else waiter.wake(END);
    }
    this.whenEnded();
  }

  override try(): IteratorResult<T, undefined> | Pending {
    if (this.#items.length !== 0) return { done: false, value: this.#items.shift() };
    if (this.#end === undefined) return PENDING;
    if ("error" in this.#end) throw this.#end.error;
    return END;
  }

  override link(waiter: Waiter<IteratorResult<T, undefined>>): void {
    this.#waiter = waiter;
  }

  override unlink(): void {
    this.#waiter = undefined;
  }

  override describe(): string {
    return this.#what;
  }
}

/** One who listens to something that pushes. */
export interface Ear {
  listen(): void;
  /** It may be called when `listen` has thrown, and more than once. */
  ignore(): void;
}

/** Listens from the first pull on. */
export class PushSource<T> extends OpSource<T> {
  readonly #buffer: PushBuffer<T>;
  readonly #earFor: (buffer: PushBuffer<T>) => Ear;
  #ear: Ear | undefined = undefined;

  constructor(buffer: PushBuffer<T>, earFor: (buffer: PushBuffer<T>) => Ear) {
    super(buffer);
    this.#buffer = buffer;
    this.#earFor = earFor;
  }

  protected override prepare(): void {
    if (this.#ear !== undefined) return;
    const ear = this.#earFor(this.#buffer);
    this.#ear = ear;
    // If this throws, the stream has failed, and is closed.
    ear.listen();
    // It may have ended while it was being listened to, when there was nothing yet to stop listening with.
    if (this.#buffer.hasEnded) ear.ignore();
    else this.#buffer.whenEnded = () => ear.ignore();
  }

  override close(): undefined {
    this.#ear?.ignore();
  }
}
