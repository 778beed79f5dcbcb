/**
 * `for await`, for generators.
 *
 * @module
 */
import { checkFunction, MisuseError, wrongType } from "../errors.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import { running } from "../kernel/current.ts";
import { Guarded, ThroughCall } from "../kernel/frame.ts";
import { Operation } from "../kernel/operation.ts";
import { leaving, looping, nexting, type Pulled } from "../kernel/pull.ts";
import type { Parked, Yielded } from "../kernel/step.ts";
import { type CheckBody, isThenable, type YieldOf } from "./body.ts";
import { watching } from "./foreign.ts";
import { runBody } from "./run-body.ts";
import { shield } from "./shield.ts";

/** What `each` can go through: a channel's receiving end, an async iterable, an iterable. */
export type Iterated<T> = Pulled<T> | AsyncIterable<T> | Iterable<T>;

/** A loop that has not begun: `yield*` it in a generator task. */
export interface Each<Y> {
  [Symbol.iterator](): Iterator<Y, void, unknown>;
}

/** What a body of `each` returns to end the loop. */
export const STOP: unique symbol = Symbol("gokio.stop");

/**
 * Runs `body` with each item, one after the other, in a generator task: what `for await` is in async code. A body that returns {@link STOP} ends
 * the loop. An async iterator is told when the loop is left early, in whichever way; a channel stays as it is. A watch gives its
 * current value first.
 *
 * `body` is part of the caller: `yield*` on an `Err` in it leaves the function that the loop is in.
 *
 * Cancel-safe: no item is lost that the body has not been given, where the source is a channel. An async iterator whose item is being waited for is
 * told to end, and abandoned.
 *
 * @example
 * ```ts
 * const ch = chan<number>(3);
 * for (const n of [1, 2, 3]) await ch.send(n);
 * ch.close();
 * await spawn(function* () {
 *   yield* each(ch, function* (n) {
 *     yield* sleep(1);
 *     console.log(n); // 1 2 3
 *   });
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `source` is none of these.
 */
export function each<T, R>(source: Iterated<T>, body: ((item: T) => R) & CheckBody<R>): Each<Parked | YieldOf<R>> {
  checkFunction("body", body);
  return eachOf(source, body as ItemBody) as Each<Parked | YieldOf<R>>;
}

type ItemBody = (item: unknown) => unknown;
type Loop = Iterator<Yielded, void, unknown>;

/** What is called when the loop is driven, each time. */
class LazyLoop implements Each<Yielded> {
  readonly #begin: () => Loop;

  constructor(begin: () => Loop) {
    this.#begin = begin;
  }

  [Symbol.iterator](): Loop {
    return this.#begin();
  }

  /** `await` would else take the loop itself for the result, and run nothing. */
  then<B>(_fulfilled: unknown, rejected?: ((error: unknown) => B) | null): Promise<B> {
    const error = new MisuseError("each: it cannot be awaited; in async code, use for await");
    return Promise.reject(error).then(undefined, rejected) as Promise<B>;
  }
}

function eachOf(source: Iterated<unknown>, body: ItemBody): LazyLoop {
  if (source !== undefined && source !== null && !(source instanceof Operation)) {
    if (nexting in Object(source)) return eachPulled(source as Pulled<unknown>, body);
    if (Symbol.asyncIterator in Object(source))
      return guarded(() => new AsyncLoop(source as AsyncIterable<unknown>, body));
    if (Symbol.iterator in Object(source)) return new LazyLoop(() => eachSync(source as Iterable<unknown>, body));
  }
  throw wrongType("source", "a channel, an async iterable or an iterable", source);
}

function eachPulled(source: Pulled<unknown>, body: ItemBody): LazyLoop {
  return source[leaving] === undefined
    ? new LazyLoop(() => pulling(source, body))
    : guarded(() => new PullLoop(source, body));
}

/** The operation of one loop. */
function nextOf(source: Pulled<unknown>): Operation<IteratorResult<unknown, undefined>> {
  return source[looping]?.() ?? source[nexting];
}

function* pulling(source: Pulled<unknown>, body: ItemBody): Generator<Yielded, void, unknown> {
  const next = nextOf(source);
  for (let item = yield* next; item.done !== true; item = yield* next) {
    if ((yield* withItem(body, item.value)) === STOP) return;
  }
}

function* eachSync(items: Iterable<unknown>, body: ItemBody): Generator<Yielded, void, unknown> {
  for (const item of items) if ((yield* withItem(body, item)) === STOP) return;
}

/** A call, so that a body whose `finally` waits is left in earnest; see {@link Guarded}. */
function withItem(body: ItemBody, item: unknown): ThroughCall<unknown> {
  return new ThroughCall(() => runBody(body, item));
}

function guarded(make: () => ClosingLoop): LazyLoop {
  return new LazyLoop(() => {
    const loop = make();
    return new Guarded(loop.run(), () => loop.leave());
  });
}

/** What takes the next item. */
interface Pull {
  [Symbol.iterator](): Iterator<Yielded, IteratorResult<unknown>, unknown>;
}

/** A loop whose source is told when it is left early, and waited for. */
abstract class ClosingLoop {
  readonly #body: ItemBody;
  #hasBegun = false;
  protected isPulling = false;

  constructor(body: ItemBody) {
    this.#body = body;
  }

  protected abstract begin(task: Coroutine): void;
  protected abstract pull(task: Coroutine): Pull;
  protected abstract close(task: Coroutine): Generator<Yielded, void, unknown>;

  *run(): Generator<Yielded, void, unknown> {
    const task = runningTask();
    this.begin(task);
    this.#hasBegun = true;
    for (;;) {
      this.isPulling = true;
      const item = yield* this.pull(task);
      this.isPulling = false;
      if (item.done === true) return;
      if (yield* this.#isStopped(item.value)) return yield* this.close(task);
    }
  }

  *#isStopped(item: unknown): Generator<Yielded, boolean, unknown> {
    try {
      return (yield* withItem(this.#body, item)) === STOP;
    } catch (error) {
      // As the language has it, an error in the loop outdoes one in ending it.
      yield* quietly(this.close(runningTask()));
      throw error;
    }
  }

  /** Called when the loop is returned from. */
  leave(): Generator<Yielded, void, unknown> | undefined {
    return this.#hasBegun ? this.leaveBegun(runningTask()) : undefined;
  }

  protected leaveBegun(task: Coroutine): Generator<Yielded, void, unknown> | undefined {
    return this.close(task);
  }
}

class PullLoop extends ClosingLoop {
  readonly #source: Pulled<unknown>;
  #next: Operation<IteratorResult<unknown, undefined>> | undefined = undefined;

  constructor(source: Pulled<unknown>, body: ItemBody) {
    super(body);
    this.#source = source;
  }

  protected override begin(): void {
    this.#next = nextOf(this.#source);
  }

  protected override pull(): Pull {
    return this.#next as Operation<IteratorResult<unknown, undefined>>;
  }

  protected override *close(): Generator<Yielded, void, unknown> {
    yield* shield(() => this.#source[leaving]?.());
  }
}

class AsyncLoop extends ClosingLoop {
  readonly #items: AsyncIterable<unknown>;
  #iterator: AsyncIterator<unknown> | undefined = undefined;

  constructor(items: AsyncIterable<unknown>, body: ItemBody) {
    super(body);
    this.#items = items;
  }

  protected override begin(task: Coroutine): void {
    this.#iterator = task.callForeign(() => this.#items[Symbol.asyncIterator]());
  }

  protected override pull(task: Coroutine): Pull {
    return pulled(task, this.#iterator as AsyncIterator<unknown>);
  }

  protected override close(task: Coroutine): Generator<Yielded, void, unknown> {
    return closing(task, this.#iterator as AsyncIterator<unknown>);
  }

  protected override leaveBegun(task: Coroutine): Generator<Yielded, void, unknown> | undefined {
    if (!this.isPulling) return super.leaveBegun(task);
    // While an item is being pulled, an async generator would not end before it has come, if ever.
    abandon(task, this.#iterator as AsyncIterator<unknown>);
    return undefined;
  }
}

function* pulled(
  task: Coroutine,
  iterator: AsyncIterator<unknown>,
): Generator<Yielded, IteratorResult<unknown>, unknown> {
  const item: unknown = task.callForeign(() => iterator.next());
  return (isThenable(item) ? yield* watching(item) : item) as IteratorResult<unknown>;
}

function* closing(task: Coroutine, iterator: AsyncIterator<unknown>): Generator<Yielded, void, unknown> {
  if (iterator.return === undefined) return;
  const end: unknown = task.callForeign(() => iterator.return?.());
  if (isThenable(end)) yield* shield(() => watching(end));
}

function* quietly(body: Generator<Yielded, void, unknown>): Generator<Yielded, void, unknown> {
  try {
    yield* body;
  } catch {}
}

function abandon(task: Coroutine, iterator: AsyncIterator<unknown>): void {
  if (iterator.return === undefined) return;
  const end: unknown = task.callForeign(() => iterator.return?.());
  if (isThenable(end)) end.then(undefined, () => {});
}

function runningTask(): Coroutine {
  if (running === undefined)
    throw new MisuseError("each: it can be driven by yield* only, and only in the generator of a task");
  return running;
}
