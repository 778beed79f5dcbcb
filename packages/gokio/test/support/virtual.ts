/**
 * Virtual time: a scheduler whose clock stands still while anything can run, and jumps to the next timer when nothing can.
 *
 * Microtasks and macrotasks are the machine's, so async code takes part as it is; real I/O does not, for the clock would not
 * wait for it. Random choices come from the seed.
 *
 * @module
 */
import { platform } from "#platform";
import { listParked } from "../../src/kernel/deadlock.ts";
import { type Host, type HostTimer, MAX_TIMER } from "../../src/kernel/host.ts";
import { Scheduler } from "../../src/kernel/scheduler.ts";
import { xorshift } from "../../src/kernel/xorshift.ts";
import { expectNothingLeft, leftOn } from "./leaks.ts";
import { bareTurn } from "./turns.ts";

interface Timer extends HostTimer {
  readonly at: number;
  readonly job: () => void;
  held: boolean;
}

export class VirtualHost implements Host {
  readonly random: () => number;
  readonly #timers = new Set<Timer>();
  #now = 1000;
  #macrotasks = 0;
  /** How many timers were ever asked for. */
  timersSet = 0;

  constructor(seed = 1) {
    this.random = xorshift(seed);
  }

  now(): number {
    return this.#now;
  }

  wallClock(): number {
    return Date.UTC(2020, 0, 1) + this.#now;
  }

  microtask(job: () => void): void {
    queueMicrotask(job);
  }

  macrotask(job: () => void): void {
    this.#macrotasks++;
    setImmediate(() => {
      this.#macrotasks--;
      job();
    });
  }

  timer(job: () => void, ms: number): HostTimer {
    if (!(ms >= 0 && ms <= MAX_TIMER)) throw new RangeError(`a host timer of ${ms} ms`);
    this.timersSet++;
    const timer: Timer = {
      at: this.#now + Math.ceil(ms),
      job,
      held: true,
      cancel: () => void this.#timers.delete(timer),
      hold: (held) => {
        timer.held = held;
      },
    };
    this.#timers.add(timer);
    return timer;
  }

  /** Timers that are set now. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Timers set now that keep the process alive. */
  get heldTimers(): number {
    let count = 0;
    for (const timer of this.#timers) if (timer.held) count++;
    return count;
  }

  /** Whether a job of {@link macrotask} is due. */
  get isBusy(): boolean {
    return this.#macrotasks > 0;
  }

  /** Moves the clock without running anything: the process was suspended, or a task hogged it. */
  skip(ms: number): void {
    this.#now += ms;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    return next;
  }

  /** When the next timer is due; `Infinity` if there is none. */
  get nextAt(): number {
    return this.#next()?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Goes to the next timer and runs it; `false` if there is none. */
  jump(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.job();
    return true;
  }
}

/** A scheduler that does not listen for the end of the process: there are many in one process. */
export class VirtualScheduler extends Scheduler {
  declare readonly host: VirtualHost;

  override watch(): void {}
}

/** What a body in virtual time is given. */
export interface VirtualClock {
  readonly scheduler: VirtualScheduler;
  readonly host: VirtualHost;
  /** Milliseconds on the virtual clock. */
  now(): number;
  /** Milliseconds since the body was started. */
  readonly elapsed: number;
}

export interface VirtualOptions {
  /** Decides the random choices. */
  readonly seed?: number;
}

/**
 * Runs `body` in virtual time. It fails with what is parked if the body can never go on, and if the body leaves a task, a wait or a timer
 * behind.
 */
export async function virtual<T>(body: (clock: VirtualClock) => T, options: VirtualOptions = {}): Promise<Awaited<T>> {
  const host = new VirtualHost(options.seed);
  const scheduler = new VirtualScheduler(host);
  const started = host.now();
  const clock: VirtualClock = {
    scheduler,
    host,
    now: () => host.now(),
    get elapsed() {
      return host.now() - started;
    },
  };
  let settled = false;
  const result = platform.enter(scheduler.root, async () => await body(clock));
  const done = (): void => {
    settled = true;
  };
  result.then(done, done);
  // Two turns in which nothing moves, with no timer left, mean that nothing ever will.
  for (let still = 0; !settled; ) {
    await bareTurn();
    if (settled || !scheduler.isIdle || host.isBusy || host.jump()) still = 0;
    else if (++still === 2) throw await stuck(scheduler);
  }
  try {
    return await result;
  } finally {
    await expectNothingLeft(scheduler);
  }
}

async function stuck(scheduler: Scheduler): Promise<Error> {
  const parked = listParked(scheduler);
  const left = leftOn(scheduler);
  await expectNothingLeft(scheduler).catch(() => {});
  const lines = parked.length > 0 ? parked : left.length > 0 ? left : ["a foreign await outside tasks"];
  return new Error(`the body is stuck: nothing is left that could wake it\n  ${lines.join("\n  ")}`);
}
