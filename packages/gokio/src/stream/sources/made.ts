/**
 * Sources that make their items from nothing.
 *
 * @module
 */
import { Operation } from "../../kernel/operation.ts";
import { PENDING, type Pending } from "../../kernel/step.ts";
import { isThenable } from "../../task/body.ts";
import { BREATHE, DRY, GO, type Resumable, type Signal, Source } from "../line.ts";
import { isAsyncFunction } from "../plan.ts";

/** What a step gives: an item and the state for the next step; nothing, when there are no more. */
export type Unfolded<T, S> = readonly [item: T, state: S] | undefined;

/** Each item comes with the state that the next is made from. */
export class UnfoldSource<T, S> extends Source<T> implements Resumable {
  readonly #step: (state: S) => Unfolded<T, S> | PromiseLike<Unfolded<T, S>>;
  #state: S;
  #isDone = false;

  constructor(seed: S, step: (state: S) => Unfolded<T, S> | PromiseLike<Unfolded<T, S>>) {
    super();
    this.#state = seed;
    this.#step = step;
  }

  override get isForeign(): boolean {
    return isAsyncFunction(this.#step);
  }

  override pump(): Signal {
    const { line } = this;
    while (!this.#isDone) {
      const next = this.isForeign ? line.enter(() => this.#step(this.#state)) : this.#step(this.#state);
      if (isThenable(next)) return line.wait(next, this);
      const signal = this.resumed(next);
      if (signal !== GO) return signal;
      if (--line.credit < 0 && line.breathes()) return BREATHE;
    }
    return DRY;
  }

  resumed(next: unknown): Signal {
    if (next === undefined) {
      this.#isDone = true;
      return GO;
    }
    const [item, state] = next as readonly [T, S];
    this.#state = state;
    return this.sink.push(item);
  }

  override describe(): string {
    return "an unfolding";
  }
}

/** Never comes. */
export class Never extends Operation<never> {
  override try(): Pending {
    return PENDING;
  }
  override link(): void {}
  override unlink(): void {}
  override describe(): string {
    return "nothing that ever comes";
  }
}
