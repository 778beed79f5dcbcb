/**
 * Running a body inside a context: the end of passing it by hand.
 *
 * @module
 */
import { Context } from "../cancel/context.ts";
import { checkFunction } from "../errors.ts";
import { cancelSource } from "../kernel/cancel-source.ts";
import type { Region } from "../kernel/region.ts";
import { type Block, type BlockBody, FunctionBlock } from "./block.ts";
import type { Outcome } from "./body.ts";
import type { TaskRegion } from "./region.ts";
import { SignalRegion } from "./signal-region.ts";

/**
 * Runs `body` with `context` as the ambient one: its waits fail once the context is cancelled, and its task-locals are the values of the
 * context, and no others. If the context is cancelled before, the body does not run.
 *
 * Cancel-safe: as the body.
 *
 * @example
 * ```ts
 * const user = new TaskLocal<string>();
 * const greet = () => console.log(`hello ${user.get()}`);
 * await runIn(Context.background.withValue(user, "ada"), async () => greet()); // hello ada
 * ```
 *
 * @throws {CancelledError} if the context is cancelled and the body does not end otherwise.
 */
export function runIn<R>(context: Context, body: BlockBody<R>): Block<Outcome<R>> {
  Context.localsOf(context);
  checkFunction("body", body);
  return new RunIn<Outcome<R>>(context, body as () => unknown);
}

class RunIn<T> extends FunctionBlock<T> {
  readonly #context: Context;

  constructor(context: Context, body: () => unknown) {
    super(body);
    this.#context = context;
  }

  protected override open(outer: Region): TaskRegion {
    const context = this.#context;
    return new SignalRegion(outer, context[cancelSource], Context.localsOf(context), Context.untilOf(context));
  }
}
