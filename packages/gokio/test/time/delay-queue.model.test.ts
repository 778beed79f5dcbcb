/** The delay queue against a naive one, under random operations with random cancellation, in virtual time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type DelayKey, DelayQueue, expired } from "../../src/time/delay-queue.ts";
import { sleep } from "../../src/time/sleep.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { Paths } from "../support/paths.ts";
import { virtual } from "../support/virtual.ts";

type Fate = "parked" | "cancelled" | number;

class NaiveDelayQueue {
  now = 0;
  order = 0;
  items: { value: number; deadline: number; order: number }[] = [];
  waiters: number[] = [];
  readonly fates: Fate[] = [];

  set(value: number, ms: number): void {
    this.items.push({ value, deadline: this.now + ms, order: ++this.order });
    this.serve();
  }

  remove(value: number): boolean {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.value !== value);
    return this.items.length < before;
  }

  take(): number | undefined {
    this.items.sort((a, b) => a.deadline - b.deadline || a.order - b.order);
    const first = this.items[0];
    return first === undefined || first.deadline > this.now ? undefined : this.items.shift()?.value;
  }

  serve(): void {
    while (this.waiters.length > 0) {
      const value = this.take();
      if (value === undefined) return;
      this.fates[this.waiters.shift() as number] = value;
    }
  }

  wait(): void {
    this.waiters.push(this.fates.push("parked") - 1);
    this.serve();
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.waiters = this.waiters.filter((each) => each !== wait);
  }
}

function fateOf({ ended }: Driven<number>): Fate | "failed" {
  if (ended === undefined) return "parked";
  return ended.status === "ok" ? ended.value : ended.status;
}

const ms = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 20 }) }, { weight: 1, arbitrary: fc.constant(Infinity) });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("insert" as const), ms }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reset" as const), which: fc.nat(), ms }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), driver: fc.nat({ max: drivers.length - 1 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: fc.nat({ max: 15 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("try" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const) }) },
);

test("does what the naive queue does", async () => {
  const paths = new Paths();
  const run = async (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Promise<void> => {
    await virtual(async ({ scheduler }) => {
      const real = new DelayQueue<number>();
      const model = new NaiveDelayQueue();
      const keys: DelayKey<number>[] = [];
      const waits: Driven<number>[] = [];
      for (const each of steps) {
        switch (each.kind) {
          case "insert":
            model.set(keys.length, each.ms);
            keys.push(real.insert(keys.length, each.ms));
            break;
          case "remove": {
            if (keys.length === 0) break;
            const value = each.which % keys.length;
            const removed = real.remove(keys[value] as DelayKey<number>);
            expect(removed).toEqual(model.remove(value) ? { value } : undefined);
            break;
          }
          case "reset": {
            if (keys.length === 0) break;
            const value = each.which % keys.length;
            const there = model.remove(value);
            expect(real.reset(keys[value] as DelayKey<number>, each.ms)).toBe(there);
            if (there) model.set(value, each.ms);
            break;
          }
          case "wait":
            model.wait();
            waits.push((drivers[each.driver] as (typeof drivers)[0]).start(expired(real)));
            break;
          case "cancel": {
            if (waits.length === 0) break;
            const wait = model.waiters[each.which % model.waiters.length] ?? each.which % waits.length;
            if (model.fates[wait] === "parked") paths.saw("cancelled");
            model.cancel(wait);
            waits[wait]?.cancel();
            break;
          }
          case "sleep": {
            const parked = model.waiters.length;
            await sleep(each.ms);
            model.now += each.ms;
            model.serve();
            paths.saw("handedOver", parked - model.waiters.length);
            break;
          }
          case "try": {
            const value = model.waiters.length > 0 ? undefined : model.take();
            expect(real.tryExpired()).toEqual(value === undefined ? undefined : { value });
            break;
          }
          case "clear":
            model.items = [];
            real.clear();
        }
        await moment();
        paths.saw("parked", model.waiters.length);
        expect(waits.map(fateOf)).toEqual(model.fates);
        expect(real.size).toBe(model.items.length);
        const timed = model.waiters.length > 0 && model.items.some(({ deadline }) => deadline !== Infinity);
        expect(scheduler.timers.size).toBe(timed ? 1 : 0);
      }
      for (const wait of waits) wait.cancel();
      await Promise.all(waits.map((wait) => wait.end));
    });
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), run), { numRuns: 250, seed: 20_244 });
  paths.expectSeen("parked", "handedOver", "cancelled");
}, 60_000);
