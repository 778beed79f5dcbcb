/** The semaphore against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ClosedError } from "../../src/errors.ts";
import { acquire } from "../../src/sync/acquire.ts";
import type { Permit } from "../../src/sync/permit.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

type Fate = "parked" | "cancelled" | "closed" | "held" | "gone";

class NaiveSemaphore {
  readonly fates: Fate[] = [];
  readonly sizes: number[] = [];
  readonly queue: number[] = [];
  total: number;
  most: number;
  available: number;
  closed = false;

  constructor(total: number) {
    this.total = this.available = total;
    this.most = total === 0 ? Number.POSITIVE_INFINITY : total;
  }

  acquire(n: number): void {
    const wait = this.fates.push("parked") - 1;
    this.sizes.push(n);
    if (this.closed) this.fates[wait] = "closed";
    else this.queue.push(wait);
    this.serve();
  }

  serve(): void {
    for (;;) {
      const head = this.queue[0];
      if (head === undefined || (this.sizes[head] as number) > this.available) return;
      this.queue.shift();
      this.available -= this.sizes[head] as number;
      this.fates[head] = "held";
    }
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.queue.splice(this.queue.indexOf(wait), 1);
    this.serve();
  }

  release(wait: number, forget: boolean): void {
    if (this.fates[wait] !== "held") return;
    this.fates[wait] = "gone";
    if (forget) this.total -= this.sizes[wait] as number;
    else this.available += this.sizes[wait] as number;
    this.serve();
  }

  add(n: number): void {
    this.total += n;
    this.most = Math.max(this.most, this.total);
    this.available += n;
    this.serve();
  }

  close(): void {
    this.closed = true;
    for (const wait of this.queue.splice(0)) this.fates[wait] = "closed";
  }
}

function fateOf({ ended }: Driven<Permit>): Fate {
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return ended.error instanceof ClosedError ? "closed" : "gone";
  return ended.value.count === 0 ? "gone" : "held";
}

const driver = fc.nat({ max: drivers.length - 1 });
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("acquire" as const), n: fc.integer({ min: 1, max: 4 }), driver }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("tryAcquire" as const), n: fc.integer({ min: 1, max: 4 }) }),
  },
  // Several things in one step, before anybody runs: even numbers cancel, odd ones release.
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("rush" as const),
      which: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("add" as const), n: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const) }) },
);

test("does what the naive semaphore does", async () => {
  const paths = new Paths();
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 4 }), fc.array(step, { maxLength: 40 }), async (total, steps) => {
      const real = new Semaphore(total);
      const model = new NaiveSemaphore(total);
      const waits: Driven<Permit>[] = [];
      const pick = (fate: Fate, which: number): number | undefined => {
        const those = model.fates.map((_, i) => i).filter((i) => model.fates[i] === fate);
        return those[which % those.length];
      };
      const release = (which: number, forget: boolean): void => {
        const wait = pick("held", which);
        // One that was granted a moment ago, in the same step, has not been told yet.
        const ended = wait === undefined ? undefined : waits[wait]?.ended;
        if (wait === undefined || ended?.status !== "ok") return;
        if (forget) ended.value.forget();
        else ended.value[Symbol.dispose]();
        model.release(wait, forget);
      };
      const cancel = (which: number): void => {
        const wait = pick("parked", which) ?? which % Math.max(1, waits.length);
        model.cancel(wait);
        waits[wait]?.cancel();
      };
      for (const each of steps) {
        switch (each.kind) {
          case "acquire":
            if (each.n <= model.most) {
              waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start(acquire(real, each.n))));
              model.acquire(each.n);
            } else expect(() => acquire(real, each.n)).toThrow(RangeError);
            break;
          case "tryAcquire": {
            if (each.n > model.most || model.closed) break;
            const fits = model.queue.length === 0 && each.n <= model.available;
            const permit = real.tryAcquire(each.n);
            expect(permit !== undefined).toBe(fits);
            permit?.[Symbol.dispose]();
            break;
          }
          case "rush":
            for (const which of each.which) which % 2 === 0 ? cancel(which >> 1) : release(which >> 1, false);
            break;
          case "forget":
            release(each.which, true);
            break;
          case "add":
            real.addPermits(each.n);
            model.add(each.n);
            break;
          case "close":
            real.close();
            model.close();
        }
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
        expect([real.available, real.total]).toEqual([model.available, model.total]);
      }
      for (const wait of waits) wait.cancel();
      for (const wait of waits) {
        const ended = await wait.end;
        if (ended.status === "ok") ended.value[Symbol.dispose]();
      }
      // Those that were granted while others were cancelled have been given back, too.
      expect(real.available).toBe(real.total);
    }),
    { numRuns: 600, seed: 20_241 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
}, 60_000);
