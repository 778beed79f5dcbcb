/** The mutex, with a condvar, against a naive pair, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Condvar, waitOn } from "../../src/sync/condvar.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

/**
 * What the model says of a wait: `parked` until it locks or is notified; `back`: sure to end, once its guard has the lock again, and
 * then as what `then` says.
 */
type Fate = { readonly is: "parked" | "cancelled" | "ok" } | { readonly is: "back"; readonly then: "cancelled" | "ok" };

/** A mutex whose queue is an array of guards, by number: a lock makes a guard, a wait on the condvar brings its own. */
class NaiveMutex {
  readonly fates: Fate[] = [];
  /** The guard each wait is about. */
  readonly guards: number[] = [];
  readonly queue: { wait: number; guard: number }[] = [];
  readonly condvar: number[] = [];
  readonly disposed = new Set<number>();
  holder: number | undefined;
  lastGuard = 0;

  lock(): void {
    const guard = ++this.lastGuard;
    const wait = this.fates.push({ is: "parked" }) - 1;
    this.guards.push(guard);
    this.enter(wait, guard);
  }

  enter(wait: number, guard: number): void {
    if (this.holder === undefined) this.admit({ wait, guard });
    else this.queue.push({ wait, guard });
  }

  admit({ wait, guard }: { wait: number; guard: number }): void {
    const fate = this.fates[wait] as Fate;
    this.fates[wait] = { is: fate.is === "back" ? fate.then : "ok" };
    this.holder = guard;
    if (this.disposed.has(guard)) this.release();
  }

  release(): void {
    const next = this.queue.shift();
    this.holder = undefined;
    if (next !== undefined) this.admit(next);
  }

  wait(): void {
    const guard = this.holder as number;
    const wait = this.fates.push({ is: "parked" }) - 1;
    this.guards.push(guard);
    this.condvar.push(wait);
    this.release();
  }

  notify(): void {
    const wait = this.condvar.shift();
    if (wait === undefined) return;
    this.fates[wait] = { is: "back", then: "ok" };
    this.enter(wait, this.guards[wait] as number);
  }

  cancel(wait: number): void {
    if (this.fates[wait]?.is !== "parked") return;
    const parked = this.condvar.indexOf(wait);
    if (parked >= 0) {
      this.condvar.splice(parked, 1);
      this.fates[wait] = { is: "back", then: "cancelled" };
      this.enter(wait, this.guards[wait] as number);
      return;
    }
    this.fates[wait] = { is: "cancelled" };
    this.queue.splice(
      this.queue.findIndex((each) => each.wait === wait),
      1,
    );
  }

  dispose(guard: number): void {
    if (this.disposed.has(guard)) return;
    this.disposed.add(guard);
    if (this.holder === guard) this.release();
  }
}

function fateOf({ ended }: Driven<unknown>): string {
  if (ended === undefined) return "parked";
  return ended.status;
}

const driver = fc.nat({ max: drivers.length - 1 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("lock" as const), driver }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), driver }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("notify" as const), all: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("tryLock" as const) }) },
  // Several things in one step, before anybody runs: cancel a wait, dispose the holder, dispose any guard, notify.
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("rush" as const),
      which: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    }),
  },
);

test("does what the naive mutex does", async () => {
  const paths = new Paths();
  const seen = { waits: 0, waitsCancelled: 0, disposedWaiting: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const real = new Mutex(0);
      const condvar = new Condvar();
      const model = new NaiveMutex();
      const waits: Driven<unknown>[] = [];
      const guards = new Map<number, MutexGuard<number>>();
      const learn = (): void => {
        for (const [wait, driven] of waits.entries()) {
          const guard = model.guards[wait] as number;
          if (driven.ended?.status === "ok" && !guards.has(guard)) {
            guards.set(guard, driven.ended.value as MutexGuard<number>);
          }
        }
      };
      const cancel = (which: number): void => {
        const parked = model.fates.map((_, i) => i).filter((i) => model.fates[i]?.is === "parked");
        const wait = parked[which % parked.length] ?? which % Math.max(1, waits.length);
        if (model.condvar.includes(wait)) seen.waitsCancelled++;
        model.cancel(wait);
        waits[wait]?.cancel();
      };
      const dispose = (guard: number | undefined): void => {
        const real = guard === undefined ? undefined : guards.get(guard);
        if (guard === undefined || real === undefined) return;
        if (model.holder !== guard && !model.disposed.has(guard)) seen.disposedWaiting++;
        model.dispose(guard);
        real[Symbol.dispose]();
      };
      for (const each of steps) {
        switch (each.kind) {
          case "lock":
            waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start<unknown>(lock(real))));
            model.lock();
            break;
          case "wait": {
            const guard = model.holder === undefined ? undefined : guards.get(model.holder);
            if (guard === undefined) break;
            seen.waits++;
            const op = waitOn(condvar, guard);
            waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start<unknown>(op)));
            model.wait();
            break;
          }
          case "notify":
            if (each.all) {
              condvar.notifyAll();
              while (model.condvar.length > 0) model.notify();
            } else {
              expect(condvar.notifyOne()).toBe(model.condvar.length > 0);
              model.notify();
            }
            break;
          case "tryLock": {
            const guard = real.tryLock();
            expect(guard !== undefined).toBe(model.holder === undefined);
            guard?.[Symbol.dispose]();
            break;
          }
          case "rush":
            for (const which of each.which) {
              const kind = which % 8;
              if (kind < 3) cancel(which >> 3);
              else if (kind < 6) dispose(model.holder);
              else if (kind === 6) dispose([...guards.keys()][(which >> 3) % guards.size]);
              else {
                condvar.notifyOne();
                model.notify();
              }
            }
        }
        await turn();
        learn();
        expect(waits.map(fateOf)).toEqual(model.fates.map(({ is }) => (is === "back" ? "parked" : is)));
        expect(real.isLocked).toBe(model.holder !== undefined);
        for (const [number, guard] of guards) {
          if (number === model.holder) expect(guard.value).toBe(0);
          else expect(() => guard.value).toThrow();
        }
      }
      for (let left = true; left; ) {
        for (const wait of waits) wait.cancel();
        for (const guard of guards.values()) guard[Symbol.dispose]();
        await turn();
        for (const wait of waits) if (wait.ended?.status === "ok") (wait.ended.value as Disposable)?.[Symbol.dispose]();
        left = waits.some((wait) => wait.ended === undefined);
      }
      expect(real.isLocked).toBe(false);
    }),
    { numRuns: 600, seed: 20_242 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
  expect(Math.min(seen.waits, seen.waitsCancelled, seen.disposedWaiting)).toBeGreaterThan(10);
}, 60_000);
