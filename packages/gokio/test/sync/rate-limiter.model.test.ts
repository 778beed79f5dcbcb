/** The rate limiter against a naive one that goes millisecond by millisecond, with random cancellation, in virtual time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { acquire } from "../../src/sync/acquire.ts";
import { RateLimiter } from "../../src/sync/rate-limiter.ts";
import { sleep } from "../../src/time/sleep.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { Paths } from "../support/paths.ts";
import { virtual } from "../support/virtual.ts";

/** A fate is the time at which a wait was served, unless it is one of these. */
type Fate = "parked" | "cancelled" | number;

class NaiveRateLimiter {
  now = 0;
  queue: { wait: number; n: number }[] = [];
  readonly fates: Fate[] = [];
  /** Milliseconds for a token; and how many the bucket has saved up, and can. */
  readonly cost: number;
  readonly most: number;
  saved: number;

  constructor(cost: number, burst: number) {
    this.cost = cost;
    this.saved = this.most = cost * burst;
  }

  acquire(n: number): void {
    this.queue.push({ wait: this.fates.push("parked") - 1, n });
    this.serve();
  }

  tryAcquire(n: number): boolean {
    if (this.queue.length > 0 || this.saved < n * this.cost) return false;
    this.saved -= n * this.cost;
    return true;
  }

  serve(): void {
    for (let head = this.queue[0]; head !== undefined && head.n * this.cost <= this.saved; head = this.queue[0]) {
      this.queue.shift();
      this.saved -= head.n * this.cost;
      this.fates[head.wait] = this.now;
    }
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.queue = this.queue.filter((each) => each.wait !== wait);
    this.serve();
  }

  pass(ms: number): void {
    for (let i = 0; i < ms; i++) {
      this.now++;
      this.saved = Math.min(this.most, this.saved + 1);
      this.serve();
    }
  }
}

const count = fc.integer({ min: 1, max: 3 });
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("acquire" as const),
      n: count,
      driver: fc.nat({ max: drivers.length - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("try" as const), n: count }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: fc.nat({ max: 30 }) }) },
);
const shape = fc.record({
  cost: fc.integer({ min: 1, max: 9 }),
  limit: fc.integer({ min: 1, max: 4 }),
  burst: fc.integer({ min: 3, max: 5 }),
});

test("does what the naive limiter does", async () => {
  const paths = new Paths();
  await fc.assert(
    fc.asyncProperty(shape, fc.array(step, { maxLength: 30 }), async ({ cost, limit, burst }, steps) => {
      await virtual(async (clock) => {
        const real = new RateLimiter({ limit, per: limit * cost, burst });
        const model = new NaiveRateLimiter(cost, burst);
        const waits: Driven<unknown>[] = [];
        const served: number[] = [];
        for (const each of steps) {
          switch (each.kind) {
            case "acquire": {
              const wait = waits.length;
              model.acquire(each.n);
              const driven = (drivers[each.driver] as (typeof drivers)[0]).start(acquire(real, each.n));
              waits.push(driven);
              void driven.end.then(() => {
                served[wait] = clock.elapsed;
              });
              break;
            }
            case "try":
              expect(real.tryAcquire(each.n)).toBe(model.tryAcquire(each.n));
              break;
            case "cancel": {
              if (waits.length === 0) break;
              const wait = model.queue[each.which % model.queue.length]?.wait ?? each.which % waits.length;
              if (model.fates[wait] === "parked") paths.saw("cancelled");
              model.cancel(wait);
              waits[wait]?.cancel();
              break;
            }
            case "sleep": {
              const parked = model.queue.length;
              await sleep(each.ms);
              model.pass(each.ms);
              paths.saw("handedOver", parked - model.queue.length);
            }
          }
          await moment();
          paths.saw("parked", model.queue.length);
          const fates = waits.map(({ ended }, i): Fate | "failed" | undefined => {
            if (ended === undefined) return "parked";
            return ended.status === "ok" ? served[i] : ended.status;
          });
          expect(fates).toEqual(model.fates);
          expect(real.available).toBe(Math.floor(model.saved / cost));
        }
        for (const wait of waits) wait.cancel();
        await Promise.all(waits.map((wait) => wait.end));
      });
    }),
    { numRuns: 250, seed: 20_245 },
  );
  paths.expectSeen("parked", "handedOver", "cancelled");
}, 60_000);
