/**
 * Looking at the next item of a stream without taking it.
 *
 * @module
 */
import { wrongType } from "../../errors.ts";
import { type WaitOptions, withOptions } from "../../kernel/abortable.ts";
import type { Operation } from "../../kernel/operation.ts";
import { PENDING, type Pending } from "../../kernel/step.ts";
import type { WaitList } from "../../kernel/wait-list.ts";
import { type PullInlet, PullNext } from "../pulls.ts";
import type { StreamRun } from "../run.ts";
import type { PeekableStream } from "../stream.ts";

/** Where a stream keeps the operation that looks at its next item. */
export const peeking: unique symbol = Symbol("gokio.peeking");

/** The run as those see it who look. */
class Window<T> implements PullInlet<T> {
  readonly receivers: WaitList;
  readonly #run: StreamRun<T>;

  constructor(run: StreamRun<T>) {
    this.#run = run;
    this.receivers = run.peekers;
  }

  /** Nobody looks at bare items. */
  take(): Pending {
    return PENDING;
  }

  pull(): IteratorResult<T, undefined> | Pending {
    return this.#run.look();
  }

  fill(waits = false): void {
    this.#run.fill(waits);
  }

  wanted(): void {
    this.#run.wanted();
  }

  unwanted(): void {
    this.#run.unwanted();
  }

  get label(): string {
    return this.#run.label;
  }
}

/** Looks at the next item, in a box. */
export class Peek<T> extends PullNext<T> {
  constructor(run: StreamRun<T>) {
    super(new Window(run));
  }

  override describe(): string {
    return `peek at ${this.inlet.label}`;
  }
}

/**
 * Looks at the next item without taking it, as an operation: what {@link PeekableStream.peek} does.
 *
 * Cancel-safe: it takes nothing, cancelled or not.
 *
 * @example
 * ```ts
 * const lines = Stream.from(["# title", "text"]).peekable();
 * const first = await peek(lines);
 * if (first.done !== true && first.value.startsWith("#")) console.log("heading", await lines.recv()); // heading # title
 * console.log(await lines.toArray()); // [ 'text' ]
 * ```
 */
export function peek<T>(stream: PeekableStream<T>, options?: WaitOptions): Operation<IteratorResult<T, undefined>> {
  const op = stream?.[peeking];
  if (op === undefined) throw wrongType("stream", "a PeekableStream", stream);
  return withOptions(op, options);
}
