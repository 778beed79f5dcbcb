/** ErrGroup against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { wait } from "../../src/task/wait.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

type Fate = "parked" | "cancelled" | "done" | string;

class NaiveGroup {
  readonly fates: Fate[] = [];
  readonly started: number[] = [];
  running: number[] = [];
  queue: { wait: number; id: number }[] = [];
  waiting: number[] = [];
  error: number | undefined;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  spawn(id: number): void {
    this.queue.push({ wait: this.fates.push("parked") - 1, id });
    this.serve();
  }

  trySpawn(id: number): boolean {
    if (this.error !== undefined || this.queue.length > 0 || this.running.length >= this.limit) return false;
    this.running.push(id);
    this.started.push(id);
    return true;
  }

  serve(): void {
    while (this.queue.length > 0 && (this.error !== undefined || this.running.length < this.limit)) {
      const { wait, id } = this.queue.shift() as { wait: number; id: number };
      this.fates[wait] = "done";
      if (this.error !== undefined) continue;
      this.running.push(id);
      this.started.push(id);
    }
    if (this.running.length > 0) return;
    for (const wait of this.waiting) this.fates[wait] = this.error === undefined ? "done" : `failed ${this.error}`;
    this.waiting = [];
  }

  wait(): void {
    this.waiting.push(this.fates.push("parked") - 1);
    this.serve();
  }

  end(id: number, fails: boolean): void {
    this.running = this.running.filter((each) => each !== id);
    if (fails) {
      this.error ??= id;
      // They have nothing to clean up.
      this.running = [];
    }
    this.serve();
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.queue = this.queue.filter((each) => each.wait !== wait);
    this.waiting = this.waiting.filter((each) => each !== wait);
  }
}

function fateOf({ ended }: Driven<unknown>): Fate {
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  return ended.status === "ok" ? "done" : `failed ${(ended.error as Error).message}`;
}

const driver = fc.nat({ max: drivers.length - 1 });
const which = fc.nat();
const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant("spawn" as const), driver }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("trySpawn" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), driver }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("finish" as const), which, fails: fc.constant(false) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("finish" as const), which, fails: fc.constant(true) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which }) },
);

test("does what the naive group does", async () => {
  const paths = new Paths();
  let most = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 }), async (limit, steps) => {
      const real = new ErrGroup({ limit });
      const model = new NaiveGroup(limit);
      const waits: Driven<unknown>[] = [];
      const gates = new Map<number, ReturnType<typeof chan<boolean>>>();
      const started: number[] = [];
      let running = 0;
      let id = 0;
      const body = (mine: number) => {
        const gate = chan<boolean>();
        gates.set(mine, gate);
        return function* () {
          started.push(mine);
          most = Math.max(most, ++running);
          expect(running).toBeLessThanOrEqual(limit);
          try {
            if (yield* recv(gate)) throw new Error(String(mine));
          } finally {
            running--;
          }
        };
      };
      for (const each of steps) {
        switch (each.kind) {
          case "spawn": {
            const mine = ++id;
            model.spawn(mine);
            const op = spawnInto(real, body(mine));
            waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(op) as Driven<unknown>));
            break;
          }
          case "trySpawn":
            expect(real.trySpawn(body(++id))).toBe(model.trySpawn(id));
            break;
          case "wait":
            model.wait();
            waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(wait(real)) as Driven<unknown>));
            break;
          case "finish": {
            const target = model.running[each.which % model.running.length];
            if (target === undefined) break;
            expect(gates.get(target)?.trySend(each.fails)).toBe(true);
            model.end(target, each.fails);
            break;
          }
          case "cancel":
            if (waits.length === 0) break;
            model.cancel(each.which % waits.length);
            waits[each.which % waits.length]?.cancel();
        }
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
        expect([started, real.size]).toEqual([model.started, model.running.length]);
      }
      for (const wait of waits) wait.cancel();
      await real[Symbol.asyncDispose]();
      await Promise.all(waits.map((wait) => wait.end));
      expect([running, real.size]).toEqual([0, 0]);
    }),
    { numRuns: 1000, seed: 6 },
  );
  expect(most).toBe(3);
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "failed");
}, 60_000);
