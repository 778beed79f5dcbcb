/**
 * The dump: what every task is doing, as text, as data and as a graph.
 *
 * @module
 */
import { currentScheduler } from "../kernel/current.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { dotOf, graphOf, mermaidOf } from "./graph.ts";
import { type DumpJson, jsonOf } from "./json.ts";
import { type Snapshot, snapshot } from "./model.ts";
import { textOf } from "./text.ts";
import { isTracing } from "./trace.ts";

const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** What every task was doing when {@link dump} was called. Printed, it is text; as JSON, it is {@link DumpJson}. */
export class Dump {
  readonly #snapshot: Snapshot;
  readonly #tracing = isTracing();

  /** @internal */
  constructor(taken: Snapshot) {
    this.#snapshot = taken;
  }

  /** To be read: a paragraph for each task, or each group of tasks that do the same, the oldest first. */
  toString(): string {
    return textOf(this.#snapshot);
  }

  /** Plain data, which `JSON.stringify` asks for. */
  toJSON(): DumpJson {
    return jsonOf(this.#snapshot, this.#tracing);
  }

  /** Who waits for what, and who holds it, as a graph in the language of Graphviz. */
  toDot(): string {
    return dotOf(graphOf(this.#snapshot));
  }

  /** The same graph for Mermaid, which Markdown pages show. */
  toMermaid(): string {
    return mermaidOf(graphOf(this.#snapshot));
  }

  /** @internal */
  [inspect](): string {
    return this.toString();
  }
}

/**
 * What every live task is doing, and on what it is parked; and who waits outside of tasks.
 *
 * Ids, names, parents, states and operations are always known. For ages, counts, durations, and for where tasks were made and parked, turn on
 * {@link trace} first, or start the program with `GOKIO_TRACE=1`.
 *
 * It changes nothing. A hundred thousand tasks take about a second; while tracing, a few, for each place has to be found in the sources.
 *
 * @example
 * ```ts
 * import { dump } from "gokio/diagnostics";
 *
 * const jobs = chan<string>(8, { name: "jobs" });
 * const workers = [1, 2, 3].map((n) => spawn(() => jobs.next(), { name: `worker ${n}` }));
 * await yieldNow();
 * const text = dump().toString().replace(/task \d+/g, "task N");
 * console.log(text);
 * // gokio: 3 tasks: 3 parked
 * //
 * // 3 tasks (worker #): parked on next on chan(8, "jobs")
 * //     task N (worker 1), task N (worker 2), task N (worker 3)
 * jobs.close();
 * for (const worker of workers) await worker;
 * ```
 */
export function dump(): Dump {
  return dumpOf(currentScheduler());
}

/** The dump of one scheduler. */
export function dumpOf(scheduler: Scheduler): Dump {
  return new Dump(snapshot(scheduler));
}
