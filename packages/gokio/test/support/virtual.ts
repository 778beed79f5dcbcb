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
import type { Scheduler } from "../../src/kernel/scheduler.ts";
import { VirtualHost } from "../../src/testing/virtual-host.ts";
import { VirtualScheduler } from "../../src/testing/virtual-scheduler.ts";
import { expectNothingLeft, leftOn } from "./leaks.ts";
import { bareTurn } from "./turns.ts";

export { VirtualHost, VirtualScheduler };

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
