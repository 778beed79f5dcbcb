/**
 * WaitGroup: a counter that can be waited on until it is zero. Go's.
 *
 * @module
 */
import { MisuseError, wrongNumber } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import { type NameOptions, named } from "../sync/named.ts";
import type { Body, Outcome, Spawned } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import type { TaskOptions } from "../task/task.ts";
import { waiting } from "../task/wait.ts";
import { Counter } from "./counter.ts";

/**
 * Counts what is to be done.
 *
 * @example
 * ```ts
 * const group = new WaitGroup();
 * const seen: number[] = [];
 * for (const n of [1, 2, 3]) group.go(async () => void seen.push(n));
 * await group.wait();
 * console.log(seen); // [ 1, 2, 3 ]
 * ```
 */
export class WaitGroup {
  readonly #counter: Counter;

  /** @throws {TypeError} if the name is no string. */
  constructor(options?: NameOptions) {
    this.#counter = new Counter(named("a WaitGroup", options), true, false);
  }

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#counter.gate;
  }

  /**
   * Adds `delta`, which may be negative. At zero, everyone who waits goes on.
   *
   * @throws {MisuseError} if the counter would become negative; it is left as it was.
   * @throws {RangeError} unless `delta` is a whole number.
   */
  add(delta = 1): void {
    if (!Number.isSafeInteger(delta)) throw wrongNumber("delta", "a whole number", delta);
    this.#add(delta);
  }

  /** Takes one off. @throws {MisuseError} if the counter is zero. */
  done(): void {
    this.#add(-1);
  }

  #add(delta: number): void {
    const { count } = this.#counter;
    if (count + delta < 0) {
      throw new MisuseError(`the WaitGroup's counter is ${count}: it cannot become ${count + delta}`);
    }
    this.#counter.add(delta);
  }

  /**
   * Adds one, and takes it off when a detached task that runs `body` has ended.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  go<G extends AnyGenerator>(body: G, options?: TaskOptions): JoinHandle<Outcome<G>>;
  go<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>>;
  go(body: Spawned, options?: TaskOptions): JoinHandle<unknown> {
    return this.#counter.spawn(body, options);
  }

  /** What the counter stands at. */
  get count(): number {
    return this.#counter.count;
  }

  /**
   * Waits until the counter is zero.
   *
   * Cancel-safe: waiting takes nothing.
   */
  wait(options?: WaitOptions): Promise<void> {
    return start(this.#counter.gate, options);
  }
}
