/** The read-write lock against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadGuard, WriteGuard } from "../../src/sync/rw-guard.ts";
import { RwLock, read, write } from "../../src/sync/rw-lock.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

type Fate = "parked" | "cancelled" | "in" | "gone";
type Guard = ReadGuard<number> | WriteGuard<number>;

class NaiveRwLock {
  readonly fates: Fate[] = [];
  readonly writes: boolean[] = [];
  queue: number[] = [];

  ask(isWrite: boolean): void {
    this.queue.push(this.fates.push("parked") - 1);
    this.writes.push(isWrite);
    this.serve();
  }

  inside(): number[] {
    return this.fates.map((_, i) => i).filter((i) => this.fates[i] === "in");
  }

  mayEnter(isWrite: boolean): boolean {
    const inside = this.inside();
    return inside.length === 0 || (!isWrite && inside.every((i) => this.writes[i] === false));
  }

  serve(): void {
    while (this.queue.length > 0 && this.mayEnter(this.writes[this.queue[0] as number] as boolean)) {
      this.fates[this.queue.shift() as number] = "in";
    }
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.queue = this.queue.filter((each) => each !== wait);
    this.serve();
  }

  leave(wait: number): void {
    this.fates[wait] = "gone";
    this.serve();
  }

  downgrade(wait: number): void {
    this.writes[wait] = false;
    this.serve();
  }
}

const driver = fc.nat({ max: drivers.length - 1 });
const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("ask" as const), isWrite: fc.boolean(), driver }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("try" as const), isWrite: fc.boolean() }) },
  // Several things in one step, before anybody runs: cancel, leave, or go on as a reader.
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("rush" as const),
      which: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    }),
  },
);

test("does what the naive lock does", async () => {
  const paths = new Paths();
  let downgrades = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const real = new RwLock(0);
      const model = new NaiveRwLock();
      const waits: Driven<Guard>[] = [];
      const guards = new Map<number, Guard>();
      const rush = (which: number): void => {
        const pick = (those: number[]): number | undefined => those[(which >> 2) % those.length];
        if (which % 4 < 2) {
          const wait = pick(model.queue) ?? (which >> 2) % Math.max(1, waits.length);
          model.cancel(wait);
          waits[wait]?.cancel();
          return;
        }
        const wait = pick(model.inside());
        const guard = wait === undefined ? undefined : guards.get(wait);
        // One that was admitted a moment ago, in the same step, has not been told yet.
        if (wait === undefined || guard === undefined) return;
        if (which % 4 === 3 && "downgrade" in guard) {
          downgrades++;
          model.downgrade(wait);
          guards.set(wait, guard.downgrade());
        } else {
          model.leave(wait);
          guard[Symbol.dispose]();
        }
      };
      for (const each of steps) {
        switch (each.kind) {
          case "ask": {
            const op = each.isWrite ? write(real) : read(real);
            waits.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start<Guard>(op)));
            model.ask(each.isWrite);
            break;
          }
          case "try": {
            const guard = each.isWrite ? real.tryWrite() : real.tryRead();
            expect(guard !== undefined).toBe(model.queue.length === 0 && model.mayEnter(each.isWrite));
            guard?.[Symbol.dispose]();
            break;
          }
          case "rush":
            each.which.forEach(rush);
        }
        await turn();
        for (const [i, { ended }] of waits.entries()) {
          if (ended?.status === "ok" && !guards.has(i)) guards.set(i, ended.value);
        }
        const told = model.fates.map((fate) => (fate === "gone" || fate === "in" ? "ok" : fate));
        expect(waits.map(({ ended }) => ended?.status ?? "parked")).toEqual(told);
      }
      for (const wait of waits) wait.cancel();
      for (const wait of waits) {
        const ended = await wait.end;
        if (ended.status === "ok") ended.value[Symbol.dispose]();
      }
      for (const guard of guards.values()) guard[Symbol.dispose]();
      expect(real.tryWrite()).not.toBe(undefined);
    }),
    { numRuns: 600, seed: 20_243 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
  expect(downgrades).toBeGreaterThan(10);
}, 60_000);
