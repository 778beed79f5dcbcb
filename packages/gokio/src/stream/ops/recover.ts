/**
 * Going on after a failure: with the same stream once more, or with another.
 *
 * @module
 */
import type { Policy } from "../../group/backoff.ts";
import type { Yielded } from "../../kernel/step.ts";
import { sleep } from "../../time/sleep.ts";
import { type Closable, GO } from "../line.ts";
import type { Out } from "../out.ts";
import { type Plan, Producer } from "../plan.ts";
import { Upstream } from "../upstream.ts";

abstract class Recovery<T> extends Producer<T> {
  /** What is being pulled. */
  #upstream: Upstream<T>;

  constructor(upstream: Upstream<T>) {
    super();
    this.#upstream = upstream;
  }

  override get upstreams(): readonly Closable[] {
    return [this.#upstream];
  }

  override *run(out: Out<T>): Generator<Yielded, void, unknown> {
    for (;;) {
      let item: IteratorResult<T, undefined>;
      // Only what comes from above is caught, not what a stage below throws.
      try {
        item = yield* this.#upstream.next;
      } catch (error) {
        this.#upstream = Upstream.of<T>(yield* this.recover(error));
        continue;
      }
      if (item.done === true) return;
      this.passed();
      const signal = out.push(item.value);
      if (signal !== GO) yield* out.settle(signal);
    }
  }

  /** What to go on with. @throws what it ends with, if with nothing. */
  protected abstract recover(error: unknown): Generator<Yielded, Plan, unknown>;
  /** An item has come. */
  protected passed(): void {}

  override describe(): string {
    return this.#upstream.run.label;
  }
}

/** Starts the stream again when it has failed. The count of attempts begins anew with each item. */
export class Retry<T> extends Recovery<T> {
  readonly #plan: Plan;
  readonly #policy: Policy;
  #attempt = 1;

  constructor(plan: Plan, policy: Policy) {
    super(Upstream.of<T>(plan));
    this.#plan = plan;
    this.#policy = policy;
  }

  protected override *recover(error: unknown): Generator<Yielded, Plan, unknown> {
    yield* sleep(this.#policy.pause(error, this.#attempt++));
    return this.#plan;
  }

  protected override passed(): void {
    this.#attempt = 1;
  }
}

/** Goes on with what the handler gives for the error; an error of that is final. */
export class Catch<T> extends Recovery<T> {
  readonly #handler: (error: unknown) => Plan;
  #isRecovered = false;

  constructor(upstream: Upstream<T>, handler: (error: unknown) => Plan) {
    super(upstream);
    this.#handler = handler;
  }

  protected override *recover(error: unknown): Generator<Yielded, Plan, unknown> {
    if (this.#isRecovered) throw error;
    this.#isRecovered = true;
    return this.#handler(error);
  }
}
