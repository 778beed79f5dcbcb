/**
 * Several items for one: what the function gives for an item is gone through before the next item is asked for.
 *
 * @module
 */
import { DRY, GO, type Holder, type Place, type Signal, type Source } from "../line.ts";
import { type Asked, FunctionStage } from "./function-stage.ts";

export class FlatMap<T, U> extends FunctionStage<T, U, unknown> implements Holder {
  readonly #sourceOf: (answer: unknown) => Source<U>;
  #inner: Source<U> | undefined = undefined;

  constructor(at: Place<U>, fn: Asked<T, unknown>, sourceOf: (answer: unknown) => Source<U>) {
    super(at, fn);
    this.#sourceOf = sourceOf;
  }

  protected override answered(_value: T, answer: unknown): Signal {
    const inner = this.#sourceOf(answer);
    inner.sink = this.down;
    inner.line = this.line;
    this.#inner = inner;
    this.line.holds(this);
    return this.drain();
  }

  drain(): Signal {
    const signal = (this.#inner as Source<U>).pump();
    if (signal !== DRY) return signal;
    this.#inner = undefined;
    this.line.drained(this);
    return GO;
  }

  close(): PromiseLike<unknown> | undefined {
    return this.#inner?.close();
  }
}
