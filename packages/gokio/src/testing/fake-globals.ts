/**
 * The clocks and timers of the platform, in simulations that asked for it: `setTimeout`, `setInterval`, `Date`, `performance.now` and
 * `AbortSignal.timeout`, and on Node what the modules of timers export.
 *
 * Elsewhere gokio leaves globals alone. Here they are what is to be tested with, so they are replaced while such a simulation is live, and put back when the
 * last has ended. What stands there meanwhile looks at who calls: on the scheduler of such a simulation it is answered from its clock; everybody else's
 * call goes through to the platform, other tests in the same process included.
 *
 * Invariant: the kernel's own host is never answered from a simulation, in whichever context it happens to be called.
 *
 * @module
 */
import { testing } from "#testing-platform";
import { TimeoutError } from "../errors.ts";
import { currentScheduler } from "../kernel/current.ts";
import { type Host, machineTimer, realHost } from "../kernel/host.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Bubble } from "./bubble.ts";
import { fakeDate } from "./fake-date.ts";
import { fakeSleep, fakeTicks, type SleepOptions } from "./fake-promises.ts";
import { FakeTimer, fakeTimerOf } from "./fake-timer.ts";
import { type AnyFunction, Installed, Replacements } from "./replace.ts";

/** Has `bubble` answer for the platform's timers and clocks. Call the result to stop. */
export function fakeGlobals(bubble: Bubble): () => void {
  return faked.add(bubble.scheduler, bubble);
}

const faked = new Installed<Scheduler, Bubble>(() => {
  const release = keepHost();
  const replaced = new Replacements();
  replaceTimers(replaced, globalThis);
  replaceClocks(replaced);
  for (const module of testing.timerModules) replaceTimers(replaced, module);
  for (const module of testing.promiseModules) replacePromises(replaced, module);
  testing.modulesReplaced();
  return () => {
    replaced.undo();
    testing.modulesReplaced();
    release();
  };
});

/** How many calls of the kernel's own host are on the stack. */
let kernelCalls = 0;

/** Whom the code that asks gets its time from; `undefined` if from the platform. */
function here(): Bubble | undefined {
  return kernelCalls > 0 ? undefined : faked.get(currentScheduler());
}

// ── the kernel's host ──

/** Has the kernel's host go through to the platform, whoever's code it is called from. */
function keepHost(): () => void {
  const kept = new Replacements();
  kept.replace(realHost, "now", byKernel);
  kept.replace(realHost, "wallClock", byKernel);
  const host = realHost as { timer?: Host["timer"] };
  host.timer = byKernel(machineTimer);
  return () => {
    kept.undo();
    delete host.timer;
  };
}

function byKernel<F extends AnyFunction>(real: F): (...args: Parameters<F>) => ReturnType<F> {
  return (...args) => {
    kernelCalls++;
    try {
      return real(...args);
    } finally {
      kernelCalls--;
    }
  };
}

// ── clocks ──

function replaceClocks(replaced: Replacements): void {
  replaced.replace(globalThis, "Date", (real) =>
    fakeDate(real as unknown as DateConstructor, () => here()?.host.wallClock()),
  );
  const clock: object | undefined = Reflect.get(globalThis, "performance");
  if (clock === undefined) return;
  replaced.replace(clock, "now", (now) => () => here()?.host.now() ?? now.call(clock));
}

// ── timers ──

/** `target` is the global object, or a module that exports the same functions. */
function replaceTimers(replaced: Replacements, target: object): void {
  for (const [name, repeats] of [["setTimeout", false] as const, ["setInterval", true] as const]) {
    replaced.replace(target, name, (real) => {
      const set = function (this: unknown, callback: unknown, ms: unknown, ...args: unknown[]): unknown {
        const bubble = here();
        if (bubble === undefined || typeof callback !== "function") return real.call(this, callback, ms, ...args);
        return new FakeTimer(bubble, () => void callback(...args), ms, repeats);
      };
      return promisable(real, set);
    });
  }
  for (const name of ["clearTimeout", "clearInterval"]) {
    replaced.replace(target, name, (real) => (handle: unknown) => {
      const timer = fakeTimerOf(handle);
      if (timer === undefined) real(handle);
      else timer.close();
    });
  }
  if (target === globalThis) replaceTimeoutSignal(replaced);
}

const PROMISIFY = Symbol.for("nodejs.util.promisify.custom");

/** Gives `fake` what Node's `promisify` asks `real` for. */
function promisable(real: AnyFunction, fake: AnyFunction): AnyFunction {
  const sleep: unknown = Reflect.get(real, PROMISIFY);
  if (typeof sleep === "function") Reflect.set(fake, PROMISIFY, sleepLike(sleep as AnyFunction));
  return fake;
}

function replaceTimeoutSignal(replaced: Replacements): void {
  replaced.replace(AbortSignal, "timeout", (real) => (ms: unknown) => {
    const bubble = here();
    if (bubble === undefined) return real.call(AbortSignal, ms);
    const controller = new AbortController();
    const abort = (): void => controller.abort(new TimeoutError("The operation was aborted due to timeout"));
    new FakeTimer(bubble, abort, ms, false).unref();
    return controller.signal;
  });
}

// ── promises of timers ──

function replacePromises(replaced: Replacements, module: object): void {
  replaced.replace(module, "setTimeout", sleepLike);
  replaced.replace(
    module,
    "wait",
    (real) =>
      function (this: unknown, ms: unknown, options?: SleepOptions): unknown {
        const bubble = here();
        return bubble === undefined ? real.call(this, ms, options) : fakeSleep(bubble, ms, undefined, options);
      },
  );
  replaced.replace(module, "setInterval", (real) => (ms: unknown, value: unknown, options?: SleepOptions) => {
    const bubble = here();
    return bubble === undefined ? real(ms, value, options) : fakeTicks(bubble, ms, value, options);
  });
}

function sleepLike(real: AnyFunction): AnyFunction {
  return (ms: unknown, value: unknown, options?: SleepOptions) => {
    const bubble = here();
    return bubble === undefined ? real(ms, value, options) : fakeSleep(bubble, ms, value, options);
  };
}
