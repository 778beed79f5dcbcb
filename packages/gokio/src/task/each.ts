/**
 * `for await`, for generators.
 *
 * @module
 */
import { checkFunction, MisuseError, show } from "../errors.ts";
import type { Coroutine } from "../kernel/coroutine.ts";
import { running } from "../kernel/current.ts";
import { Guarded, ThroughCall } from "../kernel/frame.ts";
import { Operation } from "../kernel/operation.ts";
import { nexting, type Pulled } from "../kernel/pull.ts";
import type { Parked, Yielded } from "../kernel/step.ts";
import { type CheckBody, isGenerator, isGeneratorFunction, isThenable, type YieldOf } from "./body.ts";
import { watching } from "./foreign.ts";
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
 * the loop. An async iterator is told when the loop is left early, in whichever way; a channel stays as it is.
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
type Loop = Each<Yielded>;

function eachOf(source: Iterated<unknown>, body: ItemBody): Loop {
  if (source !== undefined && source !== null && !(source instanceof Operation)) {
    if (nexting in Object(source)) return eachPulled((source as Pulled<unknown>)[nexting], body);
    if (Symbol.asyncIterator in Object(source)) return eachAsync(source as AsyncIterable<unknown>, body);
    if (Symbol.iterator in Object(source)) return eachSync(source as Iterable<unknown>, body);
  }
  throw new TypeError(`source must be a channel, an async iterable or an iterable, not ${show(source)}`);
}

function* eachPulled(next: Operation<IteratorResult<unknown, undefined>>, body: ItemBody): Loop {
  for (let item = yield* next; item.done !== true; item = yield* next) {
    if ((yield* runBody(body, item.value)) === STOP) return;
  }
}

function* eachSync(items: Iterable<unknown>, body: ItemBody): Loop {
  for (const item of items) if ((yield* runBody(body, item)) === STOP) return;
}

function eachAsync(items: AsyncIterable<unknown>, body: ItemBody): Loop {
  return {
    [Symbol.iterator]() {
      const loop = new AsyncLoop(items, body);
      return new Guarded(loop.run(), () => loop.leave());
    },
  };
}

class AsyncLoop {
  readonly #items: AsyncIterable<unknown>;
  readonly #body: ItemBody;
  #iterator: AsyncIterator<unknown> | undefined = undefined;
  #isPulling = false;

  constructor(items: AsyncIterable<unknown>, body: ItemBody) {
    this.#items = items;
    this.#body = body;
  }

  *run(): Generator<Yielded, void, unknown> {
    const task = runningTask();
    const iterator = task.callForeign(() => this.#items[Symbol.asyncIterator]());
    this.#iterator = iterator;
    for (;;) {
      this.#isPulling = true;
      const item = (yield* pulled(task, iterator)) as IteratorResult<unknown>;
      this.#isPulling = false;
      if (item.done === true) return;
      if (yield* this.#isStopped(item.value)) return yield* closing(task, iterator);
    }
  }

  *#isStopped(item: unknown): Generator<Yielded, boolean, unknown> {
    try {
      return (yield* new ThroughCall(() => runBody(this.#body, item))) === STOP;
    } catch (error) {
      // As the language has it, an error in the loop outdoes one in ending it.
      yield* quietly(closing(runningTask(), this.#iterator as AsyncIterator<unknown>));
      throw error;
    }
  }

  /** Called when the loop is returned from. */
  leave(): Generator<Yielded, void, unknown> | undefined {
    const iterator = this.#iterator;
    if (iterator === undefined) return undefined;
    if (!this.#isPulling) return closing(runningTask(), iterator);
    // While an item is being pulled, an async generator would not end before it has come, if ever.
    abandon(runningTask(), iterator);
    return undefined;
  }
}

function* pulled(task: Coroutine, iterator: AsyncIterator<unknown>): Generator<Yielded, unknown, unknown> {
  const item: unknown = task.callForeign(() => iterator.next());
  return isThenable(item) ? yield* watching(item) : item;
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

function* runBody(body: ItemBody, item: unknown): Generator<Yielded, unknown, unknown> {
  const result = isGeneratorFunction(body) ? body(item) : runningTask().callForeign(() => body(item));
  if (isGenerator(result) || result instanceof Operation) return yield* result;
  return isThenable(result) ? yield* watching(result) : result;
}

function runningTask(): Coroutine {
  if (running === undefined)
    throw new MisuseError("each: it can be driven by yield* only, and only in the generator of a task");
  return running;
}
