/**
 * The bubble: the scheduler of one simulation, and the loop that drives it.
 *
 * The loop takes turns of the real event loop. When a turn finds nothing that is ready, nothing of the machine's under way, and all promises settled
 * that could be, everything in the bubble is parked; then, and only then, something happens that is not by itself: whoever waits for this very moment
 * is woken, or else the clock jumps to the next timer.
 *
 *          ┌────────────── a turn of the event loop ◀──────────────┐
 *          ▼                                                       │
 *     anything ready, or real work under way? ─── yes ────────────▶┤
 *          │ no: idle                                              │
 *          ├─ somebody in sim.wait() ─▶ wake the first ───────────▶┤
 *          ├─ a timer, or the end of an advance ─▶ jump there ────▶┤
 *          └─ nothing ─▶ stuck
 *
 * 1. Nobody is woken, and the clock does not move, unless the bubble is idle.
 * 2. What is due at the time that `advance` goes to has happened before it returns.
 * 3. A simulation ends for one reason, the first; what goes wrong while it is cleaned up changes nothing.
 *
 * @module
 */
import { testing } from "#testing-platform";
import { realHost } from "../kernel/host.ts";
import { WaitList } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { type Dated, DeadlineHeap } from "../time/deadline-heap.ts";
import { BubbleHost } from "./bubble-host.ts";
import type { FakeTimer } from "./fake-timer.ts";
import { stream } from "./seed.ts";
import { SimulationError } from "./simulation-error.ts";
import { VirtualScheduler } from "./virtual-scheduler.ts";

/** How many idle turns in a row, with nothing left to happen, mean that nothing ever will. */
const STILL_TURNS = 4;
/** How many turns may be cut short, to what promises have to do, before the event loop has a whole one: runners have timers, too. */
const MOST_QUICK = 64;
const NEVER = Number.POSITIVE_INFINITY;

/** What may keep the clock from moving, beside what is ready: real I/O that is under way. */
export interface Busy {
  /** Whether the clock has to stand still. @throws once it has for too long. */
  isBusy(): boolean;
}

const NOT_BUSY: Busy = { isBusy: () => false };

/** Who waits in an `advance`, and until when. */
class Goal implements Dated {
  deadline = 0;
  order = 0;
  place = -1;
  readonly waiter: Waiter<void>;

  constructor(waiter: Waiter<void>) {
    this.waiter = waiter;
  }
}

export class Bubble {
  readonly host: BubbleHost;
  readonly scheduler: VirtualScheduler;
  /** The latest time it may get to. */
  readonly #until: number;
  readonly #startedAt: number;
  readonly #idlers = new WaitList<void>();
  readonly #goals = new DeadlineHeap<Goal>();
  #failure: { readonly error: unknown } | undefined = undefined;
  /** How late the next timer is to fire, in milliseconds, when that may be at most `most`. */
  lateness: ((most: number) => number) | undefined = undefined;
  /** The timers that code has set by the names of the platform's. */
  readonly fakeTimers = new Set<FakeTimer>();
  /** Whether it may still be used. */
  isLive = true;

  constructor(seed: number, startsAt: number, limit: number) {
    this.host = new BubbleHost(stream(seed, 0)(), startsAt, (error) => this.fail(error));
    this.scheduler = new VirtualScheduler(this.host);
    this.#startedAt = this.host.now();
    this.#until = this.#startedAt + limit;
  }

  get elapsed(): number {
    return this.host.now() - this.#startedAt;
  }

  /** Ends the simulation with `error`, unless something else has ended it. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  // ── who waits for the bubble itself ──

  addIdler(waiter: Waiter<void>): void {
    this.#idlers.push(waiter);
  }

  removeIdler(waiter: Waiter<void>): void {
    this.#idlers.remove(waiter);
  }

  addGoal(waiter: Waiter<void>, deadline: number): void {
    const goal = new Goal(waiter);
    waiter.slot = goal;
    this.#goals.add(goal, deadline);
  }

  removeGoal(waiter: Waiter<void>): void {
    this.#goals.remove(waiter.slot as Goal);
  }

  // ── the loop ──

  /** Lets things happen, time pass and all, until `isOver`; `false` if nothing can happen any more before. @throws what it failed with. */
  run(isOver: () => boolean, busy: Busy): Promise<boolean> {
    const happen = (): boolean => this.#wakeIdler() || this.#passTime(this.#until);
    return this.#turns(() => this.#hasNotFailed() && isOver(), busy, happen);
  }

  /** Lets what is ready run until nothing is; time stands still. @throws what it failed with. */
  async settle(busy: Busy): Promise<void> {
    await this.#turns(
      () => this.#hasNotFailed() && false,
      busy,
      () => this.#wakeIdler(),
    );
  }

  /** Like {@link run}, whatever went wrong before and goes wrong meanwhile, for at most so many turns. */
  async clear(isOver: () => boolean, turns: number): Promise<void> {
    let left = turns;
    await this.#turns(
      () => --left < 0 || isOver(),
      NOT_BUSY,
      () => this.#wakeIdler() || this.#passTime(NEVER),
    );
  }

  /** @throws what the simulation failed with, if it has. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #hasNotFailed(): boolean {
    this.check();
    return true;
  }

  /** Takes turns; in each that is idle, `happen` says whether something has happened. */
  #turns(isOver: () => boolean, busy: Busy, happen: () => boolean): Promise<boolean> {
    const { scheduler, host } = this;
    let still = 0;
    let quick = 0;
    const next = (isPrompt: boolean): void => {
      if (isPrompt && testing.afterMicrotasks !== undefined && ++quick < MOST_QUICK) {
        testing.afterMicrotasks(turn);
        return;
      }
      quick = 0;
      realHost.macrotask(turn);
    };
    let turn = (): void => {};
    return new Promise((resolve, reject) => {
      turn = () => {
        try {
          if (isOver()) resolve(true);
          else if (busy.isBusy() || !scheduler.isIdle || host.isBusy) {
            still = 0;
            next(false);
          } else if (happen()) {
            still = 0;
            next(true);
          } else if (++still === STILL_TURNS) resolve(false);
          else next(false);
        } catch (error) {
          reject(error);
        }
      };
      next(false);
    });
  }

  #wakeIdler(): boolean {
    const idler = this.#idlers.shift();
    idler?.wake();
    return idler !== undefined;
  }

  /** Goes to the next timer, or to the end of an advance if that comes before; `false` if there is neither. */
  #passTime(until: number): boolean {
    const { host } = this;
    const goal = this.#goals.first;
    const end = goal?.deadline ?? NEVER;
    const next = host.nextAt;
    if (Math.min(end, next) === NEVER) return false;
    if (Math.min(end, next) > until) throw tooLong(until - this.#startedAt);
    if (next <= end) {
      host.moveTo(next + (this.lateness?.(end - next) ?? 0));
      return host.jump();
    }
    host.moveTo(end);
    this.#goals.remove(goal as Goal);
    (goal as Goal).waiter.wake();
    return true;
  }
}

function tooLong(limit: number): SimulationError {
  return new SimulationError(`the simulation is not over after ${limit} ms of its own time, its limit`);
}
