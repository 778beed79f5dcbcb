/**
 * Scopes: a block that owns the tasks started in it, and ends when all of them have. What Trio calls a nursery.
 *
 * @module
 */

import { signalOf } from "../cancel/abort-signal.ts";
import { type Chan, chan } from "../chan/chan.ts";
import { receiving, type Sink, type Source } from "../chan/ends.ts";
import { ReceivingEnd } from "../chan/receiving-end.ts";
import { checkCount, checkFunction, checkOptions, SendError } from "../errors.ts";
import { FAILED } from "../kernel/coroutine-flags.ts";
import { dispose } from "../kernel/dispose.ts";
import type { AnyGenerator } from "../kernel/frame.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Region } from "../kernel/region.ts";
import { Block, type BodyOutcome } from "../task/block.ts";
import type { Body, CheckBody, Outcome, Self, Spawned } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import type { TaskRegion } from "../task/region.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { ScopeRegion } from "./scope-region.ts";

export type ScopeBody<R> = ((scope: Scope) => R) & CheckBody<R>;

/**
 * Runs `body`, and ends when it and every task it started with `scope.spawn` have ended, cleanup included.
 *
 * If the body or a task fails, everything else in the scope is cancelled and waited for, and the scope throws that error; if more than one
 * failed, an `AggregateError` with all of them. Joining a task does not change that. A task that was aborted by its handle has not failed.
 * A scope is cancelled with the task it runs in. Tasks inherit the task-locals of whoever spawned them.
 *
 * Cancel-safe: a cancelled scope ends when everything in it has.
 *
 * @example
 * ```ts
 * const sum = await scope(async (s) => {
 *   const one = s.spawn(async () => 1);
 *   const two = s.spawn(function* () {
 *     yield* sleep(1);
 *     return 2;
 *   });
 *   return (await one) + (await two);
 * });
 * console.log(sum); // 3
 * ```
 *
 * @throws {TypeError} at the call, if `body` is not a function.
 */
export function scope<R>(body: ScopeBody<R>): Block<Outcome<R>> {
  checkFunction("body", body);
  return new ScopeBlock((region) => body(new Scope(region)));
}

/** A sending end of what {@link Scope.produce} makes. */
export type Producing<T> = Sink<T> & Pick<Chan<T>, "send" | "trySend" | "isClosed" | "length" | "capacity">;
/** A receiving end of what {@link Scope.produce} makes. Disposing it says that no more is wanted. */
export type Produced<T> = Source<T> &
  Pick<Chan<T>, "recv" | "next" | "tryRecv" | "isClosed" | "length" | "capacity"> &
  AsyncIterable<T> &
  Disposable;

export type ProducerBody<T, R> = ((tx: Producing<T>, self: Self) => R) & CheckBody<R>;

export interface ProduceOptions {
  /** How many tasks run the body; 1 by default. */
  readonly workers?: number | undefined;
  /** The name of the tasks, shown in dumps and errors. */
  readonly name?: string | undefined;
  /** Carries the caller's AsyncLocalStorage contexts along. */
  readonly inherit?: boolean | undefined;
}

/** A running scope, as its body sees it. */
export class Scope {
  readonly #region: ScopeRegion;

  /** @internal */
  constructor(region: ScopeRegion) {
    this.#region = region;
  }

  /** Aborts when the scope is cancelled, for code that takes an AbortSignal. */
  get signal(): AbortSignal {
    return signalOf(this.#region);
  }

  /** How many tasks of the scope have not ended. */
  get size(): number {
    return this.#region.size;
  }

  /**
   * Starts a task that the scope cannot be left without. In a scope that is being cancelled it is aborted before it begins.
   *
   * @throws {MisuseError} once the scope has ended.
   * @throws {TypeError} if `body` is not a function.
   */
  spawn<G extends AnyGenerator>(body: G, options?: TaskOptions): JoinHandle<Outcome<G>>;
  spawn<R>(body: Body<R>, options?: TaskOptions): JoinHandle<Outcome<R>>;
  spawn(body: Spawned, options?: TaskOptions): JoinHandle<unknown> {
    return this.#region.start(body, options);
  }

  /**
   * Cancels everything in the scope: its tasks are aborted, the waits of its body fail. If the body ends with a value all the same, that is the
   * scope's. `false` if it was cancelled before.
   */
  cancel(reason?: unknown): boolean {
    return this.#region.cancelItself(reason);
  }

  /**
   * Makes a channel that is filled by tasks of the scope, and closed when the last of them has ended; returns the end to receive from.
   *
   * When a producer fails, receivers in the scope are cancelled before the channel is closed, so they cannot take the failure for the end.
   *
   * The scope waits for the producers. Who leaves the loop early, and wants no more, disposes what it received from: that closes the channel, so that
   * the producers' sends fail, and a producer that ends by such a `SendError` has ended well. What is sent and not received is dropped.
   *
   * @example
   * ```ts
   * await scope(async (s) => {
   *   const numbers = s.produce<number>(8, async (tx) => {
   *     for (let n = 1; n <= 3; n++) await tx.send(n);
   *   });
   *   for await (const n of numbers) console.log(n); // 1 2 3
   * });
   *
   * await scope(async (s) => {
   *   using naturals = s.produce<number>(0, async (tx) => {
   *     for (let n = 0; ; n++) await tx.send(n);
   *   });
   *   for await (const n of naturals) if (n * n > 1000) break;
   *   console.log("enough"); // enough
   * });
   * ```
   *
   * @throws {RangeError} unless `capacity` and `workers` are whole numbers, `workers` at least 1.
   * @throws {MisuseError} once the scope has ended.
   */
  produce<T, R = unknown>(capacity: number, body: ProducerBody<T, R>): Produced<T>;
  produce<T, R = unknown>(capacity: number, options: ProduceOptions, body: ProducerBody<T, R>): Produced<T>;
  produce<T>(
    capacity: number,
    ...rest: [body: ProducerBody<T, unknown>] | [options: ProduceOptions, body: ProducerBody<T, unknown>]
  ): Produced<T> {
    const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { workers = 1, name, inherit } = checkOptions(options);
    checkCount("workers", workers, 1);
    checkFunction("body", body);
    const ch = chan<T>(capacity, { name });
    const producers = new Producers(this.#region, ch as Chan<unknown>, workers);
    // Bound, a generator function is still one, which a wrapper would hide from the task.
    const worker = (body as (tx: Producing<T>, self: Self) => unknown).bind(undefined, ch);
    for (let i = 0; i < workers; i++) this.#region.start(worker, { name, inherit }, producers);
    return new Output(ch, producers);
  }
}

/** The workers that fill a channel: the last one closes it, or else who receives. */
class Producers implements TaskGroup {
  readonly #region: ScopeRegion;
  readonly #ch: Chan<unknown>;
  #live: number;
  /** Whether who receives wants no more. */
  #enough = false;

  constructor(region: ScopeRegion, ch: Chan<unknown>, workers: number) {
    this.#region = region;
    this.#ch = ch;
    this.#live = workers;
  }

  ended(task: TaskRecord): void {
    const failed = (task.flags & FAILED) !== 0 && !(this.#enough && task.slot instanceof SendError);
    // First: it may cancel who receives, and who was cancelled cannot mistake the close for a good end.
    this.#region.ended(task, failed);
    if (--this.#live === 0 && !this.#ch.isClosed) this.#ch.close();
  }

  stop(): void {
    if (this.#ch.isClosed) return;
    this.#enough = true;
    this.#ch.close();
  }
}

/** The receiving end of a channel that is filled by `producers`. */
class Output<T> extends ReceivingEnd<T> implements Disposable {
  readonly #ch: Chan<T>;
  readonly #producers: Producers;

  constructor(ch: Chan<T>, producers: Producers) {
    super(ch[receiving]);
    this.#ch = ch;
    this.#producers = producers;
  }

  get isClosed(): boolean {
    return this.#ch.isClosed;
  }

  get length(): number {
    return this.#ch.length;
  }

  get capacity(): number {
    return this.#ch.capacity;
  }

  [dispose](): void {
    this.#producers.stop();
  }
}

export class ScopeBlock<T> extends Block<T> {
  readonly #body: (region: ScopeRegion) => unknown;

  constructor(body: (region: ScopeRegion) => unknown) {
    super();
    this.#body = body;
  }

  protected override open(outer: Region): TaskRegion {
    return new ScopeRegion(outer);
  }

  protected override body(region: TaskRegion): unknown {
    return this.#body(region as ScopeRegion);
  }

  protected override drain(region: TaskRegion, body: BodyOutcome<T> | undefined): Operation<unknown> | undefined {
    return (region as ScopeRegion).leave(body);
  }

  protected override result(region: TaskRegion, body: BodyOutcome<T>): T {
    return (region as ScopeRegion).outcome(body);
  }
}
