/**
 * One program, written once, in both flavours: `steps` are awaited in an async task, driven by `yield*` in a generator task.
 *
 * @module
 */
import type { Yielded } from "../../src/kernel/step.ts";

/** What both flavours can wait for: an operation, a block, a call. */
export interface Waitable<T> extends PromiseLike<Awaited<T>> {
  [Symbol.iterator](): Iterator<Yielded, T, unknown>;
}

/** A program that waits for what it yields: `yield` here, whatever the flavour. */
export type Program<T> = () => Generator<Waitable<any>, T, any>;

export interface Flavour {
  readonly name: "async" | "generator";
  /** The program as a body for tasks and blocks. */
  body<T>(program: Program<T>): () => Promise<T>;
}

export const flavours: readonly Flavour[] = [
  {
    name: "async",
    body: (program) => async () => {
      const steps = program();
      let step = steps.next();
      while (step.done !== true) {
        let value: unknown;
        try {
          value = await step.value;
        } catch (error) {
          step = steps.throw(error);
          continue;
        }
        step = steps.next(value);
      }
      return step.value;
    },
  },
  {
    name: "generator",
    body: (program) =>
      function* (): Generator<Yielded, unknown, unknown> {
        const steps = program();
        let step: IteratorResult<Waitable<unknown>, unknown> | undefined;
        try {
          step = steps.next();
          while (step.done !== true) step = yield* driven(steps, step.value);
          return step.value;
        } finally {
          // Unwound: so is the program, whose cleanup may wait. (Waits in a row in one `finally` block of the topmost generator are fine.)
          if (step !== undefined && step.done !== true && !failed.has(steps)) {
            step = steps.return(undefined as never);
            while (step.done !== true) step = yield* driven(steps, step.value);
          }
        }
      } as never,
  },
];

const failed = new WeakSet<object>();

/** Waits for what the program has yielded, and gives its next step. */
function* driven<T>(
  steps: Generator<Waitable<unknown>, T, unknown>,
  wanted: Waitable<unknown>,
): Generator<Yielded, IteratorResult<Waitable<unknown>, T>, unknown> {
  let outcome: { value: unknown } | { error: unknown };
  try {
    outcome = { value: yield* wanted };
  } catch (error) {
    outcome = { error };
  }
  try {
    return "error" in outcome ? steps.throw(outcome.error) : steps.next(outcome.value);
  } catch (error) {
    failed.add(steps);
    throw error;
  }
}
