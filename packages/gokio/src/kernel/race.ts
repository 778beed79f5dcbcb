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
 * 2. Some losers cannot stop at once: `task(body)` has cleanup to run. Then the race, decided, commits the outer waiter, and settles it when
 *    all that remains of the losers is gone. A committed branch decides its own race, too, whose losers are stopped at once.
 * 3. All losers are unlinked before anyone is woken, and queues they left are served last: else the queue one
 *    branch leaves could serve its sibling.
 *
 * @module
 */
import { Operation } from "./operation.ts";
import type { Scheduler } from "./scheduler.ts";
import { inStep, later, STOP } from "./settling.ts";
import { PENDING, type Pending } from "./step.ts";
import { type Remains, settle, unlinked, Waiter, whenAllGone } from "./waiter.ts";

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

  override unlink(waiter: Waiter<T>): Remains | undefined {
    return (waiter.slot as Race).abandon();
  }

  override unlinked(): void {
    for (const op of this.alternatives) unlinked(op);
  }
}

/** One race in progress. */
export class Race {
  /** Nobody, once it was abandoned. */
  outer: Waiter | undefined;
  #remains: Remains[] | undefined = undefined;
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

  /** `winner` was woken with `value`, or failed with it. */
  settle(winner: Branch, value: unknown, failed: boolean): void {
    inStep(() => {
      this.#unlinkAllBut(winner);
      if (this.#remains === undefined) this.#tellOuter(winner, value, failed);
      else {
        this.outer?.commit();
        whenAllGone(this.#remains, () => this.#tellOuter(winner, value, failed));
      }
      this.#serveAllBut(winner);
    }, this.outer?.scheduler);
  }

  /** `winner` is decided, and its result will follow. */
  commit(winner: Branch): void {
    inStep(() => {
      this.#unlinkAllBut(winner);
      this.outer?.commit();
      this.#serveAllBut(winner);
    }, this.outer?.scheduler);
  }

  /** The outer waiter is through with this race. */
  abandon(): Remains | undefined {
    inStep(() => this.#unlinkAllBut(undefined), this.outer?.scheduler);
    this.outer = undefined;
    const all = this.#remains;
    return all && { whenGone: (then) => whenAllGone(all, then) };
  }

  #tellOuter(winner: Branch, value: unknown, failed: boolean): void {
    const { outer } = this;
    if (failed) outer?.fail(value);
    else settle(outer, () => this.#op.won(winner.index, value));
  }

  /** Unlinks the others, and keeps what remains of those that cannot stop at once. */
  #unlinkAllBut(settled: Branch | undefined): void {
    for (const branch of this.#branches) {
      // Without an operation it was unlinked when the race was committed.
      const remains = branch === settled ? undefined : unlink(branch);
      branch.op = undefined;
      if (remains === undefined) continue;
      this.#remains ??= [];
      this.#remains.push(remains);
    }
  }

  #serveAllBut(settled: Branch): void {
    const ops = this.#op.alternatives;
    for (let i = 0; i < ops.length; i++) if (i !== settled.index) unlinked(ops[i] as Operation<unknown>);
  }
}

/** Unlinks `branch`. One that throws must not keep the others linked: the step throws that, at its end. */
function unlink(branch: Branch): Remains | void {
  try {
    return branch.op?.unlink(branch);
  } catch (error) {
    later(STOP, {
      settle() {
        throw error;
      },
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
    return (this.race.outer as Waiter).scheduler;
  }

  override get daemon(): boolean {
    return this.race.outer?.daemon ?? true;
  }

  override commit(): void {
    this.race.commit(this);
  }

  override wake(value: unknown): void {
    this.race.settle(this, value, false);
  }

  override fail(error: unknown): void {
    this.race.settle(this, error, true);
  }
}
