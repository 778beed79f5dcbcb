/**
 * What a stream can be made from, and how.
 *
 * @module
 */
import { wrongType } from "../../errors.ts";
import type { Operation } from "../../kernel/operation.ts";
import { looping, nexting, type Pulled } from "../../kernel/pull.ts";
import { type Signal, Source } from "../line.ts";
import { isNodeReadable, type NodeReadable } from "../node-stream.ts";
import { type Plan, type Planned, planning } from "../plan.ts";
import { Upstream } from "../upstream.ts";
import { AsyncIterableSource } from "./async-iterable-source.ts";
import { observableSource, type Subscribable, subscribableOf } from "./events.ts";
import { ArraySource, IterableSource } from "./iterable-source.ts";
import { NodeSource } from "./node-source.ts";
import { OpSource, RunSource } from "./op-source.ts";
import { WebSource } from "./web-source.ts";

/** What a stream can be made from; a function is called for each run, so that it can be run again. */
export type Streamable<T> = Sequence<T> | (() => Sequence<T>);
type Sequence<T> = Iterable<T> | AsyncIterable<T> | Pulled<T> | Subscribable<T> | ReadableStream<T>;

/** The plan of a stream of `items`, or of the stream that they are. @throws {TypeError} if `items` is nothing that can be gone through. */
export function planOf<T>(items: Streamable<T>, by: string): Plan {
  if (typeof items === "function") return { source: () => new Deferred(items, by), stages: [] };
  if (planning in Object(items)) return (items as unknown as Planned<T>)[planning](by);
  return { source: makerOf(items, by), stages: [], isOnce: isOnce(Object(items)) };
}

/** Gives nothing away. @throws {TypeError} if `items` is nothing that can be gone through. */
export function checkItems(items: Streamable<unknown>): void {
  if (typeof items === "function") return;
  // A stream that was given away says so when it is asked for its operation.
  if (planning in Object(items)) void (items as Pulled<unknown>)[nexting];
  else makerOf(items, "from");
}

/** What a function gives, which is called for the first item: not when a stream is closed that nobody has pulled. */
class Deferred<T> extends Source<T> {
  readonly #items: () => Sequence<T>;
  readonly #by: string;

  constructor(items: () => Sequence<T>, by: string) {
    super();
    this.#items = items;
    this.#by = by;
  }

  override pump(): Signal {
    const source = makerOf<T>(this.#items(), this.#by)();
    this.line.become(source as Source<unknown>);
    return source.pump();
  }

  override describe(): string {
    return "what a function gives";
  }
}

/** The source behind what a function has given. */
export function sourceOf<T>(items: Streamable<T>): Source<T> {
  return makerOf(typeof items === "function" ? items() : items, "flatMap")();
}

/** The operation of one stream. A watch gives its current value first. */
export function nextOf<T>(items: Pulled<T>): Operation<IteratorResult<T, undefined>> {
  return items[looping]?.() ?? items[nexting];
}

/** An iterator that is its own iterable, or a stream of the platform's. */
function isOnce(items: { readonly next?: unknown; readonly getReader?: unknown }): boolean {
  return (
    (typeof items.next === "function" && !(nexting in items)) ||
    typeof items.getReader === "function" ||
    isNodeReadable(items as Partial<NodeReadable>)
  );
}

function makerOf<T>(items: Sequence<T>, by: string): () => Source<T> {
  const object = Object(items);
  if (Array.isArray(items)) return () => new ArraySource<T>(items);
  if (planning in object)
    return () => new RunSource<T>(Upstream.of<T>((items as unknown as Planned<T>)[planning](by)).run);
  if (nexting in object) return () => new OpSource<T>(nextOf(items as Pulled<T>));
  if (typeof object.getReader === "function") return () => new WebSource<T>(object);
  if (isNodeReadable(object)) return () => new NodeSource<T>(object);
  if (Symbol.asyncIterator in object) return () => new AsyncIterableSource<T>(items as AsyncIterable<T>);
  if (Symbol.iterator in object) return () => new IterableSource<T>(items as Iterable<T>);
  if (subscribableOf(items) !== undefined) return observableSource(items, {}) as () => Source<T>;
  throw wrongType(
    "items",
    "a channel, an async iterable, an iterable, an observable, or a function that gives one",
    items,
  );
}
