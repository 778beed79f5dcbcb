/**
 * A stage that asks a function of the user's about each item, which may answer later.
 *
 * @module
 */
import { isThenable } from "../../task/body.ts";
import { type Place, type Resumable, type Signal, Stage } from "../line.ts";
import { isAsyncFunction } from "../plan.ts";

/** What is asked about each item; `index` counts them from 0. */
export type Asked<T, R> = (value: T, index: number) => R | PromiseLike<R>;

export abstract class FunctionStage<T, U, R> extends Stage<T, U> implements Resumable {
  readonly #fn: Asked<T, R>;
  readonly #isForeign: boolean;
  #index = 0;
  #value: T | undefined = undefined;

  constructor(at: Place<U>, fn: Asked<T, R>, isForeign = isAsyncFunction(fn)) {
    super(at);
    this.#fn = fn;
    this.#isForeign = isForeign;
  }

  /** What to do with an item, when the answer is there. */
  protected abstract answered(value: T, answer: R): Signal;

  override push(value: T): Signal {
    const answer = this.#isForeign ? this.#askForeign(value) : this.#fn(value, this.#index++);
    // The first test is all that most answers need.
    if (typeof answer !== "object" || !isThenable(answer)) return this.answered(value, answer as R);
    this.#value = value;
    return this.line.wait(answer, this);
  }

  #askForeign(value: T): R | PromiseLike<R> {
    return this.line.enter(() => this.#fn(value, this.#index++));
  }

  resumed(answer: unknown): Signal {
    const value = this.#value as T;
    this.#value = undefined;
    return this.answered(value, answer as R);
  }
}
