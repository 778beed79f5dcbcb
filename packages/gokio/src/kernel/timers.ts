/**
 * All timers of a scheduler, on one timer of the host: a hierarchical timing wheel.
 *
 * After Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987). Time is counted in ticks of 1 ms. Each of five levels has 64
 * slots; a slot of level n spans 64ⁿ ticks. A waiter goes to the lowest level whose current revolution contains its tick: the
 * one of the highest 6-bit digit in which its tick differs from `#elapsed`. When time reaches a slot above level 0, its
 * waiters are placed again, lower; a slot of level 0 is due. Insertion and removal are O(1), whatever the number of timers.
 *
 * 1. `#elapsed` never passes a slot that is not empty, so a waiter's place stays right as time goes on.
 * 2. Everything on level n is due before everything on level n + 1. So the next expiry is the first full slot of the lowest.
 * 3. A waiter is never woken early: its tick is its deadline rounded up, and the current tick the clock rounded down. Those of one tick
 *    are woken in order of deadline, equal ones in the order set.
 * 4. The clock is read once in a drain to tell what is due; outside of drains, where nobody would know that time has passed, each time.
 * 5. The host timer is armed for the earliest slot or earlier, when a drain ends. Removing a waiter does not disarm it; it then fires for
 *    nothing, once. It holds the process only while somebody who is no daemon waits here.
 *
 * Ticks are numbers below 2³⁰ counted from `#origin`, which is moved forward every few days. Waiters beyond that span are on a list of
 * their own until then.
 *
 * @module
 */
import { type Host, type HostTimer, MAX_TIMER, machineTimer } from "./host.ts";
import type { Operation } from "./operation.ts";
import type { Scheduler, TimerSet } from "./scheduler.ts";
import { WaitList, waitersOf } from "./wait-list.ts";
import type { Waiter } from "./waiter.ts";

const BITS = 6;
const SLOTS = 1 << BITS;
const LEVELS = 5;
/** The tick at which the origin is moved: half of what the wheel spans, so that the other half can always be placed. */
const REBASE = 2 ** (BITS * LEVELS - 1);
const NEVER = Number.POSITIVE_INFINITY;

/** An operation that waits for a point in time, on the host's clock. */
export interface TimedOperation extends Operation<void> {
  readonly deadline: number;
}

/** What timers have to know of their scheduler. */
export type Drains = Pick<Scheduler, "host" | "isIdle" | "wantDrain">;

/** A waiter's `op` may be one that delegates to the timed one. */
const deadlineOf = (waiter: Waiter<void>): number => (waiter.slot as TimedOperation).deadline;

/** The timers of `scheduler`, which has none until they are first asked for. */
export function timersOf(scheduler: Scheduler): Timers {
  if (scheduler.timers instanceof Timers) return scheduler.timers;
  const timers = new Timers(scheduler);
  scheduler.timers = timers;
  return timers;
}

export class Timers implements TimerSet {
  readonly #host: Host;
  readonly #drains: Drains;
  readonly #slots: (WaitList<void> | undefined)[] = new Array<undefined>(SLOTS * LEVELS).fill(undefined);
  readonly #far = new WaitList<void>();
  #origin: number;
  #elapsed = 0;
  #size = 0;
  #held = 0;
  #clock = Number.NaN;
  #hostTimer: HostTimer | undefined = undefined;
  #armedFor = NEVER;
  #isHeld = true;
  /** Whether the host timer may be set too late, or hold the process wrongly. */
  #stale = false;

  constructor(drains: Drains) {
    this.#host = drains.host;
    this.#drains = drains;
    this.#origin = this.#host.now();
  }

  /** How many waiters are linked. */
  get size(): number {
    return this.#size;
  }

  /** Links `waiter` by `op`. One that waits for ever is not linked at all. */
  add(waiter: Waiter<void>, op: TimedOperation): void {
    waiter.slot = op;
    if (deadlineOf(waiter) === NEVER) return;
    this.#size++;
    if (!waiter.daemon) this.#held++;
    const tick = this.#place(waiter);
    if (tick < this.#armedFor || this.#isHeld !== this.#held > 0) this.#wantArming();
  }

  remove(waiter: Waiter<void>): void {
    if (waiter.list === undefined) return;
    this.#forget(waiter);
    if (this.#held === 0 && this.#isHeld) this.#wantArming();
  }

  /** The clock as it was read first in this drain: enough to tell what is due, never to set a deadline by. */
  get clock(): number {
    if (this.#drains.isIdle) return this.#host.now();
    if (Number.isNaN(this.#clock)) this.#clock = this.#host.now();
    return this.#clock;
  }

  /** Brings the host timer in line with what is linked now. Called when a drain pauses or ends. */
  arm(): void {
    this.#clock = Number.NaN;
    if (!this.#stale) return;
    this.#stale = false;
    const next = this.#nextSlot();
    const tick = Math.min(next < 0 ? NEVER : this.#startOf(next), this.#far.size > 0 ? REBASE : NEVER);
    if (tick < this.#armedFor) {
      this.#hostTimer?.cancel();
      this.#armedFor = tick;
      this.#isHeld = true;
      const ms = this.#origin + tick - this.#host.now();
      const delay = Math.min(Math.max(ms, 0), MAX_TIMER);
      this.#hostTimer = this.#host.timer?.(this.#onTimer, delay) ?? machineTimer(this.#onTimer, delay);
    }
    if (this.#hostTimer === undefined || this.#isHeld === this.#held > 0) return;
    this.#isHeld = this.#held > 0;
    this.#hostTimer.hold(this.#isHeld);
  }

  /** Has the host timer hold the process until it fires, whoever waits; `false` if there is none. */
  hold(): boolean {
    if (this.#size === 0 || this.#hostTimer === undefined) return false;
    this.#hostTimer.hold(true);
    this.#isHeld = true;
    return true;
  }

  #wantArming(): void {
    if (this.#stale) return;
    this.#stale = true;
    this.#drains.wantDrain();
  }

  #forget(waiter: Waiter<void>): void {
    (waiter.list as WaitList<void>).remove(waiter);
    this.#size--;
    if (!waiter.daemon) this.#held--;
  }

  /** Puts `waiter` where it belongs as seen from `#elapsed`, and returns its tick. */
  #place(waiter: Waiter<void>): number {
    const tick = Math.max(Math.ceil(deadlineOf(waiter) - this.#origin), this.#elapsed);
    if (tick >= this.#elapsed + REBASE) {
      this.#far.push(waiter);
      return REBASE;
    }
    const difference = tick ^ this.#elapsed;
    const level = difference === 0 ? 0 : ((31 - Math.clz32(difference)) / BITS) | 0;
    const index = level * SLOTS + ((tick >> (level * BITS)) & (SLOTS - 1));
    let slot = this.#slots[index];
    if (slot === undefined) slot = this.#slots[index] = new WaitList<void>();
    slot.push(waiter);
    return tick;
  }

  /** The index of the earliest slot that is not empty, or -1. */
  #nextSlot(): number {
    for (let level = 0; level < LEVELS; level++) {
      const current = (this.#elapsed >> (level * BITS)) & (SLOTS - 1);
      // On level 0 the current slot holds what is due at once; above, it has been emptied into the levels below.
      for (let digit = level === 0 ? current : current + 1; digit < SLOTS; digit++) {
        if (this.#slots[level * SLOTS + digit]?.head !== undefined) return level * SLOTS + digit;
      }
    }
    return -1;
  }

  /** The first tick of a slot that lies ahead. */
  #startOf(index: number): number {
    const level = (index / SLOTS) | 0;
    const above = (level + 1) * BITS;
    return ((this.#elapsed >> above) << above) | ((index & (SLOTS - 1)) << (level * BITS));
  }

  readonly #onTimer = (): void => {
    this.#hostTimer = undefined;
    this.#armedFor = NEVER;
    this.#stale = true;
    let now = Math.floor(this.#host.now() - this.#origin);
    if (now >= REBASE) {
      this.#rebase(now);
      now = 0;
    }
    for (let next = this.#nextSlot(); next >= 0 && this.#startOf(next) <= now; next = this.#nextSlot()) {
      this.#elapsed = Math.max(this.#elapsed, this.#startOf(next));
      const slot = this.#slots[next] as WaitList<void>;
      if (next < SLOTS) this.#wakeAll(slot);
      else for (let waiter = slot.shift(); waiter !== undefined; waiter = slot.shift()) this.#place(waiter);
    }
    this.#elapsed = Math.max(this.#elapsed, now);
    this.#drains.wantDrain();
  };

  #wakeAll(due: WaitList<void>): void {
    inOrder(due);
    // Waking may take others off the list: the other timers of a race.
    for (let waiter = due.head; waiter !== undefined; waiter = due.head) {
      this.#forget(waiter);
      waiter.wake(undefined);
    }
  }

  /** Makes `now` the origin, and places everybody anew. */
  #rebase(now: number): void {
    const waiting: Waiter<void>[] = [];
    // The far ones first: of two with one deadline, the one on that list was set before.
    for (const list of [this.#far, ...this.#slots]) {
      for (let waiter = list?.shift(); waiter !== undefined; waiter = list?.shift()) waiting.push(waiter);
    }
    this.#origin += now;
    this.#elapsed = 0;
    for (const waiter of waiting) this.#place(waiter);
  }
}

/** Sorts a slot by deadline; it is nearly always sorted. Stable, so equal deadlines stay in the order set. */
function inOrder(slot: WaitList<void>): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const waiter of waitersOf(slot)) {
    if (deadlineOf(waiter) < last) {
      const waiters = [...waitersOf(slot)].sort((a, b) => deadlineOf(a) - deadlineOf(b));
      for (const each of waiters) {
        slot.remove(each);
        slot.push(each);
      }
      return;
    }
    last = deadlineOf(waiter);
  }
}
