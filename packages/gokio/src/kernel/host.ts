/**
 * The one door to everything that is not deterministic: queues, timers, clocks, randomness.
 *
 * A scheduler sees nothing of the machine but its host. Tests hand it one whose time stands still and whose dice are loaded.
 * The linter keeps every other file away from what is used here.
 *
 * @module
 */

/** A one-shot timer of the host. */
export interface HostTimer {
  cancel(): void;
  /** Whether the timer keeps the process alive. A new timer does. */
  hold(held: boolean): void;
}

export interface Host {
  /** Runs `job` before the event loop goes on. */
  microtask(job: () => void): void;
  /** Runs `job` after the event loop has had a chance to see to timers and I/O. */
  macrotask(job: () => void): void;
  /** Runs `job` once, in about `ms` milliseconds; the host may be early, and takes at most {@link MAX_TIMER}. {@link machineTimer} if left out. */
  readonly timer?: (job: () => void, ms: number) => HostTimer;
  /** Milliseconds, with fractions, that never go back. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** A whole number, uniform in [0, 2³²). Callers say what they will take it modulo, and a select says who it is, for a host that chooses. */
  random(below?: number, select?: object): number;
}

/** The longest time a host timer can be set for, in milliseconds. */
export const MAX_TIMER = 2 ** 31 - 1;

type Immediate = (job: () => void) => unknown;
type MaybeHeld = { ref?(): unknown; unref?(): unknown };

// setTimeout would do, but browsers hold nested ones back for 4 ms; a message is as fair and comes at once.
function macrotaskByMessage(job: () => void): void {
  const { port1, port2 } = new MessageChannel();
  // Not addEventListener: this opens the port, too.
  Object.assign(port1, {
    onmessage() {
      port1.close();
      job();
    },
  });
  port2.postMessage(0);
}

const immediate = (globalThis as { setImmediate?: Immediate }).setImmediate;

/** A timer of the machine. Not a member of {@link realHost}, so that a program without timers need not load it. */
export function machineTimer(job: () => void, ms: number): HostTimer {
  const handle = setTimeout(job, Math.min(Math.max(0, Math.ceil(ms)), MAX_TIMER));
  return {
    cancel: () => clearTimeout(handle),
    hold(held) {
      const timer = handle as unknown as MaybeHeld;
      if (held) timer.ref?.();
      else timer.unref?.();
    },
  };
}

const settled = Promise.resolve();
// Node looks a global up by a getter, each time, which costs as much as the clock.
const clock = performance;

/** The machine itself. */
export const realHost: Host = {
  // Not queueMicrotask: on Node that makes an async resource for each job, which costs more than the job.
  microtask: (job) => void settled.then(job),
  macrotask: immediate ?? macrotaskByMessage,
  now: () => clock.now(),
  wallClock: () => Date.now(),
  random: () => (Math.random() * 2 ** 32) >>> 0,
};
