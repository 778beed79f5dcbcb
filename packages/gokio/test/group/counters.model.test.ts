/** WaitGroup and TaskTracker against naive ones, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { MisuseError } from "../../src/errors.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import { WaitGroup } from "../../src/group/wait-group.ts";
import { wait } from "../../src/task/wait.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

/** Waits that all end when a condition holds. */
class NaiveGate {
  readonly fates: string[] = [];

  wait(open: boolean): void {
    this.fates.push(open ? "ok" : "parked");
  }

  settle(open: boolean): void {
    if (open) this.fates.forEach((fate, i) => void (fate === "parked" && (this.fates[i] = "ok")));
  }

  cancel(wait: number): void {
    if (this.fates[wait] === "parked") this.fates[wait] = "cancelled";
  }
}

const fateOf = ({ ended }: Driven<unknown>): string => ended?.status ?? "parked";
const driver = fc.nat({ max: drivers.length - 1 });
const waiting = { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait" as const), driver }) };
const cancelling = { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }) };
const adding = fc.record({ kind: fc.constant("add" as const), delta: fc.integer({ min: -2, max: 2 }) });

test("WaitGroup does what the naive one does", async () => {
  const paths = new Paths();
  const step = fc.oneof(waiting, cancelling, { weight: 8, arbitrary: adding });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const real = new WaitGroup();
      const model = new NaiveGate();
      const waits: Driven<unknown>[] = [];
      let count = 0;
      for (const each of steps) {
        if (each.kind === "wait") {
          model.wait(count === 0);
          waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(wait(real)) as Driven<unknown>));
        } else if (each.kind === "cancel" && waits.length > 0) {
          model.cancel(each.which % waits.length);
          waits[each.which % waits.length]?.cancel();
        } else if (each.kind === "add") {
          if (count + each.delta < 0) expect(() => real.add(each.delta)).toThrow(MisuseError);
          else {
            real.add(each.delta);
            count += each.delta;
            model.settle(count === 0);
          }
        }
        await turn();
        expect([waits.map(fateOf), real.count]).toEqual([model.fates, count]);
      }
      for (const each of waits) each.cancel();
      await Promise.all(waits.map((each) => each.end));
    }),
    { numRuns: 500, seed: 8 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
}, 60_000);

test("TaskTracker does what the naive one does", async () => {
  const paths = new Paths();
  const kind = fc.constantFrom("token" as const, "dispose" as const, "close" as const, "reopen" as const);
  const step = fc.oneof(waiting, cancelling, { weight: 10, arbitrary: fc.record({ kind, which: fc.nat() }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const real = new TaskTracker();
      const model = new NaiveGate();
      const waits: Driven<unknown>[] = [];
      const tokens: Disposable[] = [];
      let closed = false;
      for (const each of steps) {
        const open = (): boolean => closed && tokens.length === 0;
        if (each.kind === "wait") {
          model.wait(open());
          waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(wait(real)) as Driven<unknown>));
        } else if (each.kind === "cancel") {
          if (waits.length === 0) continue;
          model.cancel(each.which % waits.length);
          waits[each.which % waits.length]?.cancel();
        } else if (each.kind === "token") tokens.push(real.token());
        else if (each.kind === "dispose") tokens.splice(each.which % (tokens.length + 1), 1)[0]?.[Symbol.dispose]();
        else {
          expect(real[each.kind]()).toBe(closed !== (each.kind === "close"));
          closed = each.kind === "close";
        }
        model.settle(open());
        await turn();
        expect([waits.map(fateOf), real.size, real.isClosed]).toEqual([model.fates, tokens.length, closed]);
      }
      for (const each of waits) each.cancel();
      await Promise.all(waits.map((each) => each.end));
    }),
    { numRuns: 500, seed: 9 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
}, 60_000);
