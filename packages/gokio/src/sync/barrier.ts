/**
 * A barrier: nobody goes on before `parties` have arrived.
 *
 * # Algorithm
 *
 * All but the last park. The last to arrive is the leader: it wakes the others and does not wait itself; the barrier is then as new. Only
 * those who are parked have arrived, so one that is cancelled has not.
 *
 * Invariant: fewer than `parties` are parked.
 *
 * @module
 */
import { checkCount, MisuseError, wrongType } from "../errors.ts";
import { start, type WaitOptions, withOptions } from "../kernel/abortable.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import { type NameOptions, named } from "./named.ts";
import { besides, Queued } from "./queued.ts";

/** What a party is told when the barrier lets it go on. */
export interface BarrierWait {
  /** Whether this one arrived last; one of each round did. */
  readonly isLeader: boolean;
}

const LEADER: BarrierWait = Object.freeze({ isLeader: true });
const FOLLOWER: BarrierWait = Object.freeze({ isLeader: false });

/**
 * A place where tasks wait for each other, round after round.
 *
 * @example
 * ```ts
 * const barrier = new Barrier(3);
 * const party = async () => (await barrier.wait()).isLeader;
 * console.log(await Promise.all([party(), party(), party()])); // [ false, false, true ]
 * ```
 */
export class Barrier {
  readonly #arrival: Arrival;

  /**
   * @throws {RangeError} unless `parties` is a whole number of at least 1.
   * @throws {TypeError} if the name is no string.
   */
  constructor(parties: number, options?: NameOptions) {
    this.#arrival = new Arrival(checkCount("parties", parties, 1), named("barrier", options));
  }

  /** @internal */
  static arriving(barrier: Barrier): Operation<BarrierWait> {
    if (!(barrier instanceof Barrier)) throw wrongType("barrier", "a Barrier", barrier);
    return barrier.#arrival;
  }

  /**
   * Arrives, and waits for the others.
   *
   * Cancel-safe: a cancelled call has not arrived; the others wait for one more.
   */
  wait(options?: WaitOptions): Promise<BarrierWait> {
    return start(this.#arrival, options);
  }

  /** How many a round takes. */
  get parties(): number {
    return this.#arrival.parties;
  }

  /** How many have arrived for this round, and wait. */
  get arrived(): number {
    return this.#arrival.queue.size;
  }
}

/**
 * Arrives at a barrier and waits for the others, as an operation: what {@link Barrier.wait} does.
 *
 * Cancel-safe: a cancelled call has not arrived; the others wait for one more.
 *
 * @example
 * ```ts
 * const barrier = new Barrier(2);
 * const other = spawn(function* () {
 *   return yield* arrive(barrier);
 * });
 * const mine = await barrier.wait();
 * console.log(mine.isLeader !== (await other).isLeader); // true
 * ```
 *
 * @throws {MisuseError} if one select has it twice: that is one party.
 */
export function arrive(barrier: Barrier, options?: WaitOptions): Operation<BarrierWait> {
  return withOptions(Barrier.arriving(barrier), options);
}

class Arrival extends Queued<BarrierWait> {
  readonly parties: number;
  readonly #name: string;

  constructor(parties: number, name: string) {
    super(new WaitList());
    this.parties = parties;
    this.#name = name;
  }

  override try(): BarrierWait | Pending {
    if (this.queue.size + 1 < this.parties) return PENDING;
    wakeAll(this.queue, FOLLOWER);
    return LEADER;
  }

  override link(waiter: Waiter<BarrierWait>): void {
    if (besides(waiter).includes(this)) {
      throw new MisuseError("one party cannot arrive twice: the select has two cases that wait on one barrier");
    }
    super.link(waiter);
  }

  override describe(): string {
    return `wait on ${this.#name} (${this.queue.size} of ${this.parties} are here)`;
  }
}
