/**
 * The end of a stream in tasks: one for each item, several at once.
 *
 * @module
 */
import type { MapBody } from "../../group/map-concurrent.ts";
import { type WaitOptions, withOptions } from "../../kernel/abortable.ts";
import type { Operation } from "../../kernel/operation.ts";
import { GO, type Signal, type Source } from "../line.ts";
import { type Planned, planning } from "../plan.ts";
import { Collect, Collector } from "../terminal.ts";
import { Upstream } from "../upstream.ts";
import { Concurrent, mapping } from "./concurrent.ts";

/**
 * Calls `fn` with each item, at most `limit` calls at once, each in a task of its own, as an operation: what
 * {@link Stream.forEachConcurrent} does.
 *
 * Cancel-safe: when cancelled, it ends when every call has, and the stream is closed.
 *
 * @example
 * ```ts
 * await spawn(function* () {
 *   yield* forEachConcurrent(Stream.from([300, 1, 100]), 3, function* (ms) {
 *     yield* sleep(ms);
 *     console.log(ms); // 1 100 300
 *   });
 * });
 * ```
 *
 * @throws the first failure, of a call or of the stream, when the other calls have been cancelled and have ended.
 * @throws {RangeError} at the call, unless `limit` is a whole number of at least 1, or `Infinity`.
 * @throws {TypeError} at the call, if `fn` is not a function.
 */
export function forEachConcurrent<T, R>(
  stream: Planned<T>,
  limit: number,
  fn: MapBody<T, R>,
  options?: WaitOptions,
): Operation<void> {
  const orders = mapping(limit, fn, { ordered: false });
  const plan = stream[planning]("forEachConcurrent");
  const source = (): Source<unknown> => new Concurrent(Upstream.of(plan), orders);
  return withOptions(new Collect("forEachConcurrent", { source, stages: [] }, new Nothing()), options);
}

/** Keeps nothing. */
class Nothing extends Collector<unknown, void> {
  override push(): Signal {
    return GO;
  }

  override result(): void {}
}
