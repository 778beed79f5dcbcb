/**
 * Stages that make one item of one.
 *
 * @module
 */
import { GO, type Place, type Signal, Stage } from "../line.ts";
import { isAsyncFunction } from "../plan.ts";
import { type Asked, FunctionStage } from "./function-stage.ts";

export class MapStage<T, U> extends FunctionStage<T, U, U> {
  protected override answered(_value: T, answer: U): Signal {
    return this.down.push(answer);
  }
}

/** What `filterMap` answers for an item that is to be left out is `undefined`. */
export class FilterMap<T, U> extends FunctionStage<T, U, U | undefined> {
  protected override answered(_value: T, answer: U | undefined): Signal {
    return answer === undefined ? GO : this.down.push(answer);
  }
}

export class Inspect<T> extends FunctionStage<T, T, unknown> {
  protected override answered(value: T): Signal {
    return this.down.push(value);
  }
}

export class Enumerate<T> extends Stage<T, [number, T]> {
  #index = 0;

  override push(value: T): Signal {
    return this.down.push([this.#index++, value]);
  }
}

/** Like a reduce that tells each result on the way. */
export class Scan<T, A> extends FunctionStage<T, A, A> {
  constructor(at: Place<A>, fn: (sum: A, value: T, index: number) => A | PromiseLike<A>, first: A) {
    const state = { sum: first };
    const step: Asked<T, A> = (value, index) => fn(state.sum, value, index);
    super(at, step, isAsyncFunction(fn));
    this.#state = state;
  }

  readonly #state: { sum: A };

  protected override answered(_value: T, answer: A): Signal {
    this.#state.sum = answer;
    return this.down.push(answer);
  }
}
