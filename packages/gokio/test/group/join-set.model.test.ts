/** JoinSet against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { JoinSet, joinAll, joinNext } from "../../src/group/join-set.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { onTaskError } from "../../src/task/unjoined.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";

type Outcome = { how: "ok" | "failed" | "aborted"; id: number };
type Fate = "parked" | "cancelled" | "end" | string;

/** A set of arrays, where everything is linear and plain to see. */
class NaiveSet {
  readonly fates: Fate[] = [];
  live: number[] = [];
  detached: number[] = [];
  ended: Outcome[] = [];
  takers: { wait: number; all: boolean }[] = [];
  reported: number[] = [];

  take(all: boolean): void {
    const wait = this.fates.push("parked") - 1;
    this.takers.push({ wait, all });
    this.settle();
  }

  end(id: number, how: Outcome["how"]): void {
    if (this.detached.includes(id)) {
      this.detached = this.detached.filter((each) => each !== id);
      if (how === "failed") this.reported.push(id);
    } else if (this.live.includes(id)) {
      this.live = this.live.filter((each) => each !== id);
      this.ended.push({ how, id });
      this.settle();
    }
  }

  settle(): void {
    for (const taker of this.takers.filter((each) => !each.all)) {
      const outcome = this.ended.shift();
      if (outcome !== undefined) this.fates[taker.wait] = `${outcome.how} ${outcome.id}`;
      else if (this.live.length === 0) this.fates[taker.wait] = "end";
      else break;
      this.takers = this.takers.filter((each) => each !== taker);
    }
    if (this.live.length > 0) return;
    for (const { wait } of this.takers) {
      const bad = this.ended.filter((each) => each.how !== "ok");
      this.fates[wait] = bad.length > 0 ? `${bad.length} bad` : `all ${this.ended.map((each) => each.id)}`;
      this.ended = [];
    }
    this.takers = [];
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    this.takers = this.takers.filter((each) => each.wait !== wait);
  }

  detachAll(): void {
    this.reported.push(...this.ended.filter((each) => each.how === "failed").map((each) => each.id));
    this.detached.push(...this.live);
    this.live = [];
    this.ended = [];
    this.settle();
  }
}

/** How the real wait stands, in the words of the model. */
function fateOf({ ended }: Driven<unknown>): Fate {
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return describeFailure(ended.error as Error);
  if (Array.isArray(ended.value)) return `all ${ended.value}`;
  const result = ended.value as IteratorResult<unknown>;
  if (result.done === true) return "end";
  if (typeof result.value === "number") return `ok ${result.value}`;
  const outcome = result.value as { status: string; value?: number; error?: Error; reason?: number };
  return `${outcome.status} ${outcome.value ?? outcome.error?.message ?? outcome.reason}`;
}

function describeFailure(error: Error): string {
  if (error instanceof AggregateError) return `${error.errors.length} bad`;
  if (error.name !== "JoinAbortedError") return `failed ${error.message}`;
  return `aborted ${((error.cause as Error).cause as number) ?? ""}`;
}

const driver = fc.nat({ max: drivers.length - 1 });
const which = fc.nat();
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("spawn" as const) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom("next" as const, "joinNext" as const), driver }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("joinAll" as const), driver }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("finish" as const), which, fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("abort" as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("abortAll" as const, "detachAll" as const) }) },
);

test("does what the naive set does", async () => {
  const paths = new Paths();
  let fates = "";
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const reported: number[] = [];
      using _ = onTaskError((error) => reported.push(Number((error as Error).message)) > 0);
      const real = new JoinSet<number>();
      const model = new NaiveSet();
      const waits: Driven<unknown>[] = [];
      const gates = new Map<number, { gate: ReturnType<typeof chan<boolean>>; handle: JoinHandle<number> }>();
      let id = 0;
      const alive = (): number[] => [...model.live, ...model.detached];
      const finish = (which: number, fails: boolean): void => {
        const target = alive()[which % alive().length];
        if (target === undefined || gates.get(target)?.gate.trySend(fails) !== true) return;
        model.end(target, fails ? "failed" : "ok");
      };
      for (const each of steps) {
        switch (each.kind) {
          case "spawn": {
            const mine = ++id;
            const gate = chan<boolean>(0);
            const handle = real.spawn(function* () {
              if (yield* recv(gate)) throw new Error(String(mine));
              return mine;
            });
            gates.set(mine, { gate, handle });
            model.live.push(mine);
            break;
          }
          case "next":
          case "joinNext": {
            model.take(false);
            const op = each.kind === "next" ? next(real) : joinNext(real);
            waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(op) as Driven<unknown>));
            break;
          }
          case "joinAll":
            model.take(true);
            waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(joinAll(real)) as Driven<unknown>));
            break;
          case "finish":
            finish(each.which, each.fails);
            break;
          case "abort": {
            const target = alive()[each.which % alive().length];
            if (target === undefined) break;
            gates.get(target)?.handle.abort(target);
            model.end(target, "aborted");
            break;
          }
          case "cancel":
            if (waits.length === 0) break;
            model.cancel(each.which % waits.length);
            waits[each.which % waits.length]?.cancel();
            break;
          case "abortAll":
            // They end in the order they were spawned.
            for (const target of [...model.live]) model.end(target, "aborted");
            real.abortAll();
            break;
          case "detachAll":
            model.detachAll();
            real.detachAll();
        }
        await turn();
        const expected = model.fates.map((fate) => (fate.startsWith("aborted") ? "aborted" : fate));
        const actual = waits.map(fateOf).map((fate) => (fate.startsWith("aborted") ? "aborted" : fate));
        // A joinAll with a single failure throws that very error.
        expect(actual.map((fate, i) => (expected[i] === "1 bad" ? "1 bad" : fate))).toEqual(expected);
        expect(real.size).toBe(model.live.length + model.ended.length);
      }
      // Joining would be asking.
      for (let i = 0; i < 3; i++) await turn();
      for (const { handle } of gates.values()) handle.abort();
      for (const { handle } of gates.values()) await handle.settled();
      for (const wait of waits) wait.cancel();
      await Promise.all(waits.map((wait) => wait.end));
      expect(reported.sort()).toEqual(model.reported.sort());
      fates += model.fates;
    }),
    { numRuns: 1000, seed: 5 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
  for (const fate of ["ok", "failed", "aborted", "end", "all", "bad"]) expect(fates).toContain(fate);
}, 60_000);
