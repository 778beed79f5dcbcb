/**
 * The race: several operations linked at once, of which exactly one wins.
 *
 * A race is one decision linked on several lists. Each alternative gets a branch, a waiter of its own; the first branch to be
 * settled settles the outer waiter, and in the same synchronous step every other branch is unlinked, so a loser
 * cannot have taken anything. `select`, `timeout` and the `signal` option are races.
 *
 *                       ┌─ branch 0 ─▶ linked on a channel
 *      outer waiter ◀── race
 *                       └─ branch 1 ─▶ linked on a timer
 *
 * 1. While the outer waiter is linked, its `slot` is the race, and every branch is linked.
 * 2. A loser that cannot stop at once, such as `task(body)`, which has cleanup to run, holds the outer waiter: that is settled in the same step, and goes
 *    on later. So races around this one, too, are decided at once.
 * 3. All losers are unlinked before anyone is woken, and queues they left are served last: else the queue one
 *    branch leaves could serve its sibling.
 *
 * @module
 */
import { Operation } from "./operation.ts";
import type { Scheduler } from "./scheduler.ts";
import { inStep, later, STOP } from "./settling.ts";
import { PENDING, type Pending } from "./step.ts";
import { settle, unlinked, Waiter } from "./waiter.ts";

export abstract class RaceOperation<T> extends Operation<T> {
  /** The operations that race; the same ones at every call. */
  abstract readonly alternatives: readonly Operation<unknown>[];
  /** The result, when the alternative at `index` has won with `value`; what it throws is how the race fails. */
  abstract won(index: number, value: unknown): T;

  override get startsWork(): boolean {
    return this.alternatives.some((op) => op.startsWork);
  }

  /** Tries the alternatives in order. */
  override try(): T | Pending {
    const ops = this.alternatives;
    for (let i = 0; i < ops.length; i++) {
      const value = (ops[i] as Operation<unknown>).try();
      if (value !== PENDING) return this.won(i, value);
    }
    return PENDING;
  }

  override link(waiter: Waiter<T>): void {
    const race = new Race(waiter as Waiter, this as RaceOperation<unknown>);
    waiter.slot = race;
    race.link();
  }

  override unlink(waiter: Waiter<T>): void {
    (waiter.slot as Race).abandon();
  }

  override unlinked(): void {
    for (const op of this.alternatives) unlinked(op);
  }
}

/** One race in progress. */
export class Race {
  readonly outer: Waiter;
  readonly #op: RaceOperation<unknown>;
  readonly #branches: Branch[] = [];

  constructor(outer: Waiter, op: RaceOperation<unknown>) {
    this.outer = outer;
    this.#op = op;
  }

  link(): void {
    const ops = this.#op.alternatives;
    for (let i = 0; i < ops.length; i++) {
      const op = ops[i] as Operation<unknown>;
      const branch = new Branch(this, i);
      branch.op = op;
      try {
        op.link(branch);
      } catch (error) {
        this.abandon();
        this.#op.unlinked();
        throw error;
      }
      this.#branches.push(branch);
    }
  }

  /** `winner` is settled: unlinks the others, and then settles the outer waiter by `tell`. */
  settle(winner: Branch, tell: () => void): void {
    inStep(() => {
      this.#unlinkAllBut(winner);
      tell();
      this.#serveAllBut(winner);
    }, this.outer.scheduler);
  }

  won(winner: Branch, value: unknown): void {
    this.settle(winner, () => settle(this.outer, () => this.#op.won(winner.index, value)));
  }

  /** The outer waiter is through with this race. */
  abandon(): void {
    inStep(() => this.#unlinkAllBut(undefined), this.outer.scheduler);
  }

  #unlinkAllBut(settled: Branch | undefined): void {
    for (const branch of this.#branches) if (branch !== settled) unlink(branch);
  }

  #serveAllBut(settled: Branch): void {
    const ops = this.#op.alternatives;
    for (let i = 0; i < ops.length; i++) if (i !== settled.index) unlinked(ops[i] as Operation<unknown>);
  }
}

/** Unlinks `branch`. One that throws must not keep the others linked: the step throws that, at its end. */
function unlink(branch: Branch): void {
  try {
    branch.op?.unlink(branch);
  } catch (error) {
    later(STOP, () => {
      throw error;
    });
  }
}

/** The waiter of one alternative. */
export class Branch extends Waiter {
  readonly race: Race;
  readonly index: number;

  constructor(race: Race, index: number) {
    super();
    this.race = race;
    this.index = index;
  }

  override get scheduler(): Scheduler {
    return this.race.outer.scheduler;
  }

  override get daemon(): boolean {
    return this.race.outer.daemon;
  }

  override hold(): () => void {
    return this.race.outer.hold();
  }

  override wake(value: unknown): void {
    this.race.won(this, value);
  }

  override fail(error: unknown): void {
    this.race.settle(this, () => this.race.outer.fail(error));
  }
}
