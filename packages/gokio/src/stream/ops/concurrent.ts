/**
 * Work on several items at once.
 *
 * # Algorithm
 *
 * While there is room, an item is asked for and a task started for it; outcomes are handed on one by one, as they are wanted. If there is both,
 * room and an outcome, what the items come from is given a turn first: else it would stand still as long as there is something to hand on.
 *
 * All of that happens only while somebody pulls. What was started goes on in any case.
 *
 * @module
 */
import { checkCount, checkFunction, checkOptions, wrongType } from "../../errors.ts";
import type { MapOptions } from "../../group/map-concurrent.ts";
import { running } from "../../kernel/current.ts";
import { Operation } from "../../kernel/operation.ts";
import type { Yielded } from "../../kernel/step.ts";
import type { AnyBody, Outcome, Self, Task } from "../../task/body.ts";
import { contextsFor } from "../../task/inherit.ts";
import type { TaskRecord } from "../../task/task.ts";
import { yieldNow } from "../../task/yield-now.ts";
import { GO } from "../line.ts";
import type { Out } from "../out.ts";
import { Producer } from "../plan.ts";
import type { Upstream } from "../upstream.ts";
import { Crew, type Orders } from "./crew.ts";
import { PullOr } from "./pull-or.ts";

export interface ConcurrentOptions extends MapOptions {
  /** Whether the results come in the order of the items, and not as they are there. It is so unless this is `false`. */
  readonly ordered?: boolean | undefined;
  /** Whether the stream gives how each call ended, and goes on when one has failed. */
  readonly settled?: boolean | undefined;
}

/** Work that has not been started: a function that is a task's body, or an operation. */
export type Work = ((self: Self) => unknown) | Operation<unknown>;

/** What the work comes to. */
export type WorkResult<W> = W extends Operation<infer T> ? T : W extends (self: Self) => infer R ? Outcome<R> : never;

export class Concurrent<T> extends Producer<unknown> {
  readonly #upstream: Upstream<T>;
  readonly #orders: Orders;
  #crew: Crew | undefined = undefined;

  constructor(upstream: Upstream<T>, orders: Orders) {
    super();
    this.#upstream = upstream;
    this.#orders = orders;
  }

  override get upstreams(): readonly Upstream<T>[] {
    return [this.#upstream];
  }

  override *run(out: Out<unknown>): Generator<Yielded, void, unknown> {
    const crew = new Crew(running as TaskRecord, this.#orders);
    this.#crew = crew;
    const pull = new PullOr(this.#upstream, crew.turn);
    const poke = new PullOr(this.#upstream, yieldNow());
    while (!crew.isThrough) {
      if (crew.hasRoom) {
        try {
          const item = yield* crew.isReady ? poke : pull;
          if (item !== undefined) {
            crew.take(item);
            continue;
          }
        } catch (error) {
          crew.fail(error);
        }
      } else yield* crew.turn;
      if (!crew.isReady) continue;
      const signal = out.push(crew.next());
      if (signal !== GO) yield* out.settle(signal);
    }
    if (crew.hasFailed) yield* crew.idle;
  }

  /** The tasks end before what their items come from. */
  override close(): Operation<unknown> | undefined {
    return this.#crew?.leave();
  }

  override describe(): string {
    return `work on ${this.#upstream.run.label.replace(/^stream of /, "")}`;
  }
}

/** Calls a function with each item. */
export function mapping(limit: number, fn: (...args: never[]) => unknown, options: ConcurrentOptions = {}): Orders {
  checkFunction("fn", fn);
  const { ordered = true, settled = false, name, inherit } = checkOptions(options);
  const enter = inherit === true ? contextsFor(options) : undefined;
  return {
    limit: checkLimit(limit),
    ordered,
    settled,
    // Bound, a generator function is still one, which a wrapper would hide from the task.
    bodyFor: (item, index) => (fn as (...args: unknown[]) => unknown).bind(undefined, item, index) as AnyBody,
    options: name === undefined && enter === undefined ? undefined : { name, inherit },
    enter,
  };
}

/** Starts what the items are. */
export function starting(limit: number, ordered: boolean): Orders {
  return { limit: checkLimit(limit), ordered, settled: false, bodyFor: bodyOf, options: undefined, enter: undefined };
}

function checkLimit(limit: number): number {
  return limit === Number.POSITIVE_INFINITY ? limit : checkCount("limit", limit, 1);
}

function bodyOf(work: unknown): AnyBody {
  if (typeof work === "function") return work as AnyBody;
  if (work instanceof Operation) return drive.bind(undefined, work as Operation<unknown>) as AnyBody;
  throw wrongType("items", "functions or operations", work);
}

function* drive<T>(op: Operation<T>): Task<T> {
  return yield* op;
}
