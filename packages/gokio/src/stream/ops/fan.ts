/**
 * Pulling from several streams at once, fairly.
 *
 * @module
 */
import { currentScheduler } from "../../kernel/current.ts";
import type { Operation } from "../../kernel/operation.ts";
import { RaceOperation } from "../../kernel/race.ts";
import type { Yielded } from "../../kernel/step.ts";
import { PENDING } from "../../kernel/step.ts";
import { yieldNow } from "../../task/yield-now.ts";
import type { Upstream } from "../upstream.ts";

/** An item, or the end, of one of them. */
export interface Fanned<T> {
  readonly index: number;
  readonly item: IteratorResult<T, undefined>;
}

/**
 * Takes the next item of whichever of `upstreams` has one first; among those that have one at once, each is as likely as any other.
 *
 * They are asked in a random order whether they have an item without waiting. If none has, all are linked as one race: so each has at most one item
 * on its way, which it keeps for the next pull if another was faster.
 */
export function* nextOf<T>(
  upstreams: readonly Upstream<T>[],
  among: readonly number[],
): Generator<Yielded, Fanned<T>, unknown> {
  const { budget } = currentScheduler();
  // An item at hand is no wait: without this, streams that always have one would keep everybody else from running.
  if (--budget.credit < 0 && budget.isExhausted()) yield* yieldNow();
  const order = shuffled(among);
  for (const index of order) {
    const { run, next } = upstreams[index] as Upstream<T>;
    run.fill();
    const item = next.try();
    if (item === PENDING) continue;
    // Else one that always has an item would keep those asked before it from ever making theirs.
    for (const before of order.slice(0, order.indexOf(index))) (upstreams[before] as Upstream<T>).run.request();
    return { index, item };
  }
  return (yield* new First(upstreams, order)) as Fanned<T>;
}

class First<T> extends RaceOperation<Fanned<T>> {
  override readonly alternatives: readonly Operation<unknown>[];
  readonly #order: readonly number[];

  constructor(upstreams: readonly Upstream<T>[], order: readonly number[]) {
    super();
    this.alternatives = order.map((index) => (upstreams[index] as Upstream<T>).next);
    this.#order = order;
  }

  override won(place: number, item: unknown): Fanned<T> {
    return { index: this.#order[place] as number, item: item as IteratorResult<T, undefined> };
  }

  override describe(): string {
    return `the first of ${this.alternatives.length} streams`;
  }
}

/** Fisher and Yates. */
function shuffled(items: readonly number[]): number[] {
  const order = [...items];
  const { host } = currentScheduler();
  for (let left = order.length; left > 1; left--) {
    const pick = host.random(left) % left;
    const last = order[left - 1] as number;
    order[left - 1] = order[pick] as number;
    order[pick] = last;
  }
  return order;
}

/** 0, 1, … below `count`. */
export function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
