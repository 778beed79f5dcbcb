/**
 * A host whose clock stands still until it is told to move, and whose dice are loaded.
 *
 * Microtasks and macrotasks are the machine's, so async code takes part as it is. Timers are kept here, the earliest first, and whoever drives the
 * host says when to {@link VirtualHost.jump} to the next. Real I/O takes no part: the clock does not wait for it.
 *
 * 1. The clock moves in `jump`, `moveTo` and `skip` only, and never back.
 * 2. A timer fires in a `jump`, not before its time; those of one time in the order they were set.
 *
 * @module
 */
import { type Host, type HostTimer, MAX_TIMER, realHost } from "../kernel/host.ts";
import { xorshift } from "../kernel/xorshift.ts";
import { type Dated, DeadlineHeap } from "../time/deadline-heap.ts";

/** Where the clock starts. Not at 0, so that a time is told from a length of time. */
const START = 1000;
/** What the calendar says when the clock is at 0. */
const EPOCH = Date.UTC(2020, 0, 1);

export class VirtualHost implements Host {
  readonly random: () => number;
  readonly #timers = new DeadlineHeap<VirtualTimer>();
  readonly #epoch: number;
  #now = START;
  #macrotasks = 0;
  #held = 0;
  /** How many timers were ever asked for. */
  timersSet = 0;

  /** `startsAt` is what the calendar says at first, in milliseconds since 1970. */
  constructor(seed = 1, startsAt = EPOCH + START) {
    this.random = xorshift(seed);
    this.#epoch = startsAt - START;
  }

  now(): number {
    return this.#now;
  }

  wallClock(): number {
    return this.#epoch + this.#now;
  }

  microtask(job: () => void): void {
    realHost.microtask(job);
  }

  macrotask(job: () => void): void {
    this.#macrotasks++;
    realHost.macrotask(() => {
      this.#macrotasks--;
      job();
    });
  }

  timer(job: () => void, ms: number): HostTimer {
    if (!(ms >= 0 && ms <= MAX_TIMER)) throw new RangeError(`a host timer of ${ms} ms`);
    this.timersSet++;
    this.#held++;
    const timer = new VirtualTimer(job, () => this.#forget(timer), this.#holds);
    this.#timers.add(timer, this.#now + Math.ceil(ms));
    return timer;
  }

  readonly #holds = (change: number): void => {
    this.#held += change;
  };

  #forget(timer: VirtualTimer): void {
    this.#timers.remove(timer);
    if (timer.held) this.#held--;
  }

  /** Timers that are set now. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Timers set now that keep the process alive. */
  get heldTimers(): number {
    return this.#held;
  }

  /** Whether a job of {@link macrotask} is due. */
  get isBusy(): boolean {
    return this.#macrotasks > 0;
  }

  /** When the next timer is due; `Infinity` if there is none. */
  get nextAt(): number {
    return this.#timers.first?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** Moves the clock without running anything: the process was suspended, or a task hogged it. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** Moves the clock to `at`, unless that is past, without running anything. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  /** Goes to the next timer and runs it; `false` if there is none. */
  jump(): boolean {
    const next = this.#timers.first;
    if (next === undefined) return false;
    this.#forget(next);
    this.moveTo(next.deadline);
    next.job();
    return true;
  }
}

/** A timer of a virtual host, which is in its heap until it fires or is cancelled. */
class VirtualTimer implements HostTimer, Dated {
  deadline = 0;
  order = 0;
  place = -1;
  held = true;
  readonly job: () => void;
  readonly #forget: () => void;
  readonly #holds: (change: number) => void;

  constructor(job: () => void, forget: () => void, holds: (change: number) => void) {
    this.job = job;
    this.#forget = forget;
    this.#holds = holds;
  }

  cancel(): void {
    if (this.place >= 0) this.#forget();
  }

  hold(held: boolean): void {
    if (this.place >= 0 && held !== this.held) this.#holds(held ? 1 : -1);
    this.held = held;
  }
}
