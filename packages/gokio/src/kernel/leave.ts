/**
 * The early return of `yield* err(…)`: the innermost body, with all that it runs by plain `yield*`, returns an outcome now.
 *
 * @module
 */
import { returnFrom } from "./advance.ts";
import type { Coroutine } from "./coroutine.ts";
import { Command, type Leaving } from "./step.ts";

const LEFT = Object.freeze({ done: true, value: undefined as never });

/** `finally` blocks run, `catch` blocks do not. It is its own iterator and its own result. */
export class Leave<O> extends Command {
  readonly value = undefined as unknown as Leaving<O>;
  readonly outcome: O;
  #left = false;

  constructor(outcome: O) {
    super();
    this.outcome = outcome;
  }

  next(): IteratorResult<Leaving<O>, never> {
    // A task is never resumed from here. Whoever else asks again only looks at what there is to iterate: test frameworks compare so.
    if (this.#left) return LEFT;
    this.#left = true;
    return this;
  }

  override goOn(task: Coroutine): IteratorResult<unknown, unknown> | undefined {
    task.frame?.leave(this.outcome);
    return returnFrom(task, this.outcome);
  }
}
