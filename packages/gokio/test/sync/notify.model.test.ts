/** Notify and the barrier against naive ones, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { arrive, Barrier, type BarrierWait } from "../../src/sync/barrier.ts";
import { Notify, notified } from "../../src/sync/notify.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

type Fate = "parked" | "cancelled" | "follower" | "leader" | "ok";

/** What the two have in common: an array of waits, which leave it in order or are cancelled. */
class NaiveQueue {
  queue: number[] = [];
  readonly fates: Fate[] = [];

  push(): number {
    const wait = this.fates.push("parked") - 1;
    this.queue.push(wait);
    return wait;
  }

  release(count: number, fate: Fate): void {
    for (const wait of this.queue.splice(0, count)) this.fates[wait] = fate;
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.queue = this.queue.filter((each) => each !== wait);
  }
}

function fateOf({ ended }: Driven<BarrierWait | undefined | void>): Fate | "failed" {
  if (ended === undefined) return "parked";
  if (ended.status !== "ok") return ended.status;
  if (ended.value === undefined) return "ok";
  return (ended.value as BarrierWait).isLeader ? "leader" : "follower";
}

const wait = fc.record({ kind: fc.constant("wait" as const), driver: fc.nat({ max: drivers.length - 1 }) });
// Several things in one step, before anybody runs: even numbers cancel, odd ones notify.
const rush = fc.record({
  kind: fc.constant("rush" as const),
  which: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
});
const steps = fc.array(fc.oneof({ weight: 5, arbitrary: wait }, { weight: 4, arbitrary: rush }), { maxLength: 30 });

function cancelOne(model: NaiveQueue, waits: readonly Driven<unknown>[], which: number): void {
  const wait = model.queue[which % model.queue.length] ?? which % Math.max(1, waits.length);
  model.cancel(wait);
  waits[wait]?.cancel();
}

test("notify does what the naive one does", async () => {
  const paths = new Paths();
  const run = async (steps: readonly ({ kind: "wait"; driver: number } | { kind: "rush"; which: number[] })[]) => {
    const real = new Notify();
    const model = new NaiveQueue();
    let permit = false;
    const waits: Driven<void>[] = [];
    for (const each of steps) {
      if (each.kind === "wait") {
        waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start(notified(real))));
        model.push();
        if (permit) model.release(1, "ok");
        permit = false;
      } else {
        for (const which of each.which) {
          if (which % 2 === 0) cancelOne(model, waits, which >> 1);
          else if (which % 7 === 0) {
            real.notifyAll();
            model.release(Number.POSITIVE_INFINITY, "ok");
          } else {
            real.notifyOne();
            if (model.queue.length === 0) permit = true;
            else model.release(1, "ok");
          }
        }
      }
      await turn();
      expect(waits.map(fateOf)).toEqual(model.fates);
    }
    for (const wait of waits) wait.cancel();
    await Promise.all(waits.map((wait) => wait.end));
  };
  await fc.assert(fc.asyncProperty(steps, run), { numRuns: 400, seed: 20_246 });
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
}, 60_000);

test("the barrier does what the naive one does", async () => {
  const paths = new Paths();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (parties, steps) => {
      const real = new Barrier(parties);
      const model = new NaiveQueue();
      const waits: Driven<BarrierWait>[] = [];
      for (const each of steps) {
        if (each.kind === "wait") {
          waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start(arrive(real))));
          const mine = model.push();
          if (model.queue.length === parties) {
            model.release(parties, "follower");
            model.fates[mine] = "leader";
          }
        } else for (const which of each.which) cancelOne(model, waits, which);
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
        expect(real.arrived).toBe(model.queue.length);
      }
      for (const wait of waits) wait.cancel();
      await Promise.all(waits.map((wait) => wait.end));
    }),
    { numRuns: 400, seed: 20_247 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
}, 60_000);
