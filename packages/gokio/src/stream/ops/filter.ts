/**
 * Stages that let items through, or not.
 *
 * @module
 */
import { CUT, GO, type Place, type Signal, Stage } from "../line.ts";
import { FunctionStage } from "./function-stage.ts";

export class Filter<T> extends FunctionStage<T, T, unknown> {
  protected override answered(value: T, answer: unknown): Signal {
    return answer ? this.down.push(value) : GO;
  }
}

export class Take<T> extends Stage<T, T> {
  #left: number;

  constructor(at: Place<T>, count: number) {
    super(at);
    this.#left = count;
    if (count === 0) this.cut();
  }

  override push(value: T): Signal {
    if (--this.#left !== 0) return this.down.push(value);
    const signal = this.down.push(value);
    this.cut();
    return signal === GO ? CUT : signal;
  }
}

export class TakeWhile<T> extends FunctionStage<T, T, unknown> {
  protected override answered(value: T, answer: unknown): Signal {
    if (answer) return this.down.push(value);
    this.cut();
    return CUT;
  }
}

export class Drop<T> extends Stage<T, T> {
  #left: number;

  constructor(at: Place<T>, count: number) {
    super(at);
    this.#left = count;
  }

  override push(value: T): Signal {
    if (this.#left === 0) return this.down.push(value);
    this.#left--;
    return GO;
  }
}

export class DropWhile<T> extends FunctionStage<T, T, unknown> {
  #isOpen = false;

  override push(value: T): Signal {
    return this.#isOpen ? this.down.push(value) : super.push(value);
  }

  protected override answered(value: T, answer: unknown): Signal {
    if (answer) return GO;
    this.#isOpen = true;
    return this.down.push(value);
  }
}

const NOTHING = Symbol("nothing yet");

/** Leaves out each item whose key is that of the one before. */
export class Dedupe<T> extends FunctionStage<T, T, unknown> {
  #last: unknown = NOTHING;

  protected override answered(value: T, key: unknown): Signal {
    if (this.#last !== NOTHING && Object.is(key, this.#last)) return GO;
    this.#last = key;
    return this.down.push(value);
  }
}
