/**
 * WaitGroup: a counter that can be waited on until it is zero. Go's.
 *
 * Invariant: somebody waits only while the counter is above zero.
 *
 * @module
 */
import { MisuseError, show } from "../errors.ts";
import { start, type WaitOptions } from "../kernel/abortable.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import { surroundings } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import type { AnyBody, Body, Outcome } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { reportUnjoined } from "../task/unjoined.ts";
import { waiting } from "../task/wait.ts";
import { Gate, type Gated } from "./gate.ts";

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
  readonly #core = new Core();

  /** @internal */
  get [waiting](): Operation<void> {
    return this.#core.gate;
  }

  /**
   * Adds `delta`, which may be negative. At zero, everyone who waits goes on.
   *
   * @throws {MisuseError} if the counter would become negative; it is left as it was.
   * @throws {RangeError} unless `delta` is a whole number.
   */
  add(delta = 1): void {
    if (typeof delta !== "number") throw new TypeError(`delta must be a number, not ${show(delta)}`);
    if (!Number.isSafeInteger(delta)) throw new RangeError(`delta must be a whole number, not ${show(delta)}`);
    this.#core.add(delta);
  }

  /** Takes one off. @throws {MisuseError} if the counter is zero. */
  done(): void {
    this.#core.add(-1);
  }

  /**
   * Adds one, and takes it off when a detached task that runs `body` has ended.
   *
   * @throws {TypeError} if `body` is not a function.
   */
  go<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>> {
    const handle = spawnIn(surroundings(), body as AnyBody, options, undefined, this.#core);
    this.#core.add(1);
    return handle as JoinHandle<Outcome<R>>;
  }

  /** What the counter stands at. */
  get count(): number {
    return this.#core.count;
  }

  /**
   * Waits until the counter is zero.
   *
   * Cancel-safe: waiting takes nothing.
   */
  wait(options?: WaitOptions): Promise<void> {
    return start(this.#core.gate, options);
  }
}

class Core implements TaskGroup, Gated<void> {
  readonly gate = new Gate(this);
  count = 0;

  get isOpen(): boolean {
    return this.count === 0;
  }

  pass(): void {}

  add(delta: number): void {
    const count = this.count + delta;
    if (count < 0) throw new MisuseError(`the WaitGroup's counter is ${this.count}: it cannot become ${count}`);
    this.count = count;
    this.gate.open();
  }

  ended(task: TaskRecord): void {
    if ((task.flags & FAILED) !== 0) reportUnjoined(task);
    // More may have been taken off by hand; that was the mistake, and this is no place to throw.
    if (this.count > 0) this.add(-1);
  }

  describe(): string {
    return `wait on a WaitGroup at ${this.count}`;
  }
}
