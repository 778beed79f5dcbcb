import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { type Chan, chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError, MisuseError } from "../../src/errors.ts";
import { retry } from "../../src/group/retry.ts";
import { scope } from "../../src/group/scope.ts";
import { select } from "../../src/select/select.ts";
import { runIn } from "../../src/task/run-in.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("the case that can happen happens, and its value comes with its key", async () => {
    const [numbers, texts] = [chan<number>(1), chan<string>(1)];
    texts.trySend("x");
    const cases = select({ number: recv(numbers), text: recv(texts) });
    expect(await drive(cases)).toEqual({ key: "text", value: "x" });
    const parked = drive(cases);
    await turn();
    await numbers.send(5);
    expect(await parked).toEqual({ key: "number", value: 5 });
  });

  test("exactly one case happens, however many are ready", async () => {
    const channels = [0, 1, 2, 3].map(() => chan<number>(1));
    for (const ch of channels) ch.trySend(1);
    const cases = Object.fromEntries(channels.map((ch, i) => [`c${i}`, recv(ch)]));
    for (let left = 3; left >= 0; left--) {
      await drive(select(cases));
      expect(channels.reduce((sum, ch) => sum + ch.length, 0)).toBe(left);
    }
  });

  test("losers are unlinked in the same step", async () => {
    const channels = [chan<number>(), chan<number>()] as [Chan<number>, Chan<number>];
    const parked = start(select({ a: recv(channels[0]), b: recv(channels[1]), c: send(channels[1], 7) }));
    await turn();
    expect(channels[0].trySend(1)).toBe(true);
    expect(channels[0].trySend(2)).toBe(false);
    expect(channels[1].trySend(2)).toBe(false);
    expect(channels[1].tryRecv()).toBe(undefined);
    expect(await parked.end).toEqual({ status: "ok", value: { key: "a", value: 1 } });
  });

  test("a cancelled select has let nothing happen", async () => {
    const ch = chan<number>();
    const parked = start(select({ in: recv(ch), out: send(ch, 1) }));
    await turn();
    parked.cancel();
    expect([ch.trySend(1), ch.tryRecv()]).toEqual([false, undefined]);
    expect(await parked.end).toEqual({ status: "cancelled" });
  });

  test("a case that fails makes the select fail, ready or parked", async () => {
    const [open, closed] = [chan<number>(), chan<number>()];
    const parked = drive(select({ open: recv(open), closed: recv(closed) }));
    parked.catch(() => {});
    await turn();
    closed.close();
    await expect(parked).rejects.toThrow(ClosedError);
    await expect(drive(select({ open: recv(open), closed: recv(closed) }))).rejects.toThrow(ClosedError);
    expect(open.trySend(1)).toBe(false);
  });

  test("an undefined case is off", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    const off = undefined as Chan<number> | undefined;
    const cases = { on: recv(ch), off: off && recv(off) };
    expect(await drive(select(cases))).toEqual({ key: "on", value: 1 });
  });

  test("without a case it waits for cancellation", async () => {
    for (const cases of [{}, { off: undefined }]) {
      const parked = start(select(cases));
      await turn();
      expect(parked.ended).toBe(undefined);
      parked.cancel();
      expect(await parked.end).toEqual({ status: "cancelled" });
    }
  });

  test("with a default it never waits", async () => {
    const ch = chan<number>(1);
    expect(await drive(select({ value: recv(ch) }, { default: "nothing" }))).toEqual({
      key: "default",
      value: "nothing",
    });
    expect(await drive(select({ value: recv(ch) }, { default: undefined }))).toEqual({
      key: "default",
      value: undefined,
    });
    expect(await drive(select({}, { default: 0 }))).toEqual({ key: "default", value: 0 });
    ch.trySend(3);
    expect(await drive(select({ value: recv(ch) }, { default: "nothing" }))).toEqual({ key: "value", value: 3 });
    expect(ch.length).toBe(0);
  });

  test("biased, it takes the first that is ready", async () => {
    const [a, b] = [chan<number>(100), chan<number>(100)];
    for (let i = 0; i < 100; i++) {
      a.trySend(i);
      b.trySend(i);
    }
    for (let i = 0; i < 100; i++)
      expect((await drive(select({ a: recv(a), b: recv(b) }, { biased: true }))).key).toBe("a");
    expect((await drive(select({ a: recv(a), b: recv(b) }, { biased: true }))).key).toBe("b");
  });

  test("promises, tasks, sleeps, tokens and foreign work are cases", async () => {
    await virtual(async () => {
      const token = new CancellationToken();
      const never = new Promise<never>(() => {});
      const won = async (cases: Record<string, unknown>): Promise<unknown> =>
        drive(select({ never, late: sleep(1000), stop: cancelled(token), ...(cases as { a: Promise<number> }) }));
      expect(await won({ promise: Promise.resolve(1) })).toEqual({ key: "promise", value: 1 });
      expect(await won({ task: spawn(async () => 2) })).toEqual({ key: "task", value: 2 });
      expect(await won({ soon: sleep(5) })).toEqual({ key: "soon", value: undefined });
      expect(await won({ work: wait(async () => "done") })).toEqual({ key: "work", value: "done" });
      token.cancel("enough");
      expect(await won({})).toEqual({ key: "stop", value: "enough" });
    });
  });

  test("foreign work that loses is told so", async () => {
    const ch = chan<number>();
    const signals: AbortSignal[] = [];
    const work = wait((signal) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    });
    const parked = drive(select({ work, value: recv(ch) }));
    await turn();
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
    ch.trySend(1);
    expect(signals[0]?.aborted, "a listener would run in the sender's frame").toBe(false);
    expect(await parked).toEqual({ key: "value", value: 1 });
    expect(signals[0]?.aborted).toBe(true);
  });

  test("two selects that could satisfy each other do so exactly once", async () => {
    const [a, b] = [chan<string>(), chan<string>()];
    for (let i = 0; i < 100; i++) {
      const one = drive(select({ out: send(a, "one"), in: recv(b) }));
      const two = drive(select({ out: send(b, "two"), in: recv(a) }));
      const [first, second] = await Promise.all([one, two]);
      expect([first.key, second.key].sort()).toEqual(["in", "out"]);
      expect(first.value ?? second.value).toBe(first.key === "out" ? "one" : "two");
      for (const ch of [a, b]) expect([ch.tryRecv(), ch.trySend("x")]).toEqual([undefined, false]);
    }
  });

  test("selects nest", async () => {
    const [a, b] = [chan<number>(), chan<number>()];
    const parked = drive(select({ inner: select({ a: recv(a), b: recv(b) }), limit: timeout(1_000_000, recv(b)) }));
    await turn();
    expect([a.trySend(1), a.trySend(2), b.trySend(3)]).toEqual([true, false, false]);
    expect(await parked).toEqual({ key: "inner", value: { key: "a", value: 1 } });
  });
});

describe("fairness", () => {
  /** Pearson's χ² of `counts` against all being equally likely. */
  const chiSquared = (counts: number[]): number => {
    const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  // The value that χ² with k − 1 degrees of freedom exceeds once in a thousand times.
  const limits: Record<number, number> = { 2: 10.83, 3: 13.82, 4: 16.27, 7: 22.46, 16: 37.7 };

  test.each([2, 3, 4, 7, 16])("10⁵ seeded picks among %s ready cases are uniform", async (cases) => {
    const counts = await virtual(
      async () => {
        const channels = Array.from({ length: cases }, () => chan<number>(1));
        for (const ch of channels) ch.trySend(0);
        const op = select(Object.fromEntries(channels.map((ch, i) => [i, recv(ch)])));
        return spawn(function* () {
          const picked = new Array<number>(cases).fill(0);
          for (let i = 0; i < 100_000; i++) {
            const { key } = yield* op;
            picked[Number(key)] = (picked[Number(key)] as number) + 1;
            channels[Number(key)]?.trySend(0);
          }
          return picked;
        });
      },
      { seed: 12_345 },
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(100_000);
    expect(chiSquared(counts)).toBeLessThan(limits[cases] as number);
  });

  test("among those that are ready, when others are not", async () => {
    const counts = await virtual(
      async () => {
        const channels = Array.from({ length: 6 }, () => chan<number>(1));
        const op = select(Object.fromEntries(channels.map((ch, i) => [`c${i}`, recv(ch)])));
        return spawn(function* () {
          const picked = [0, 0];
          for (let i = 0; i < 100_000; i++) {
            // The first and the second are ready: a pick that walks on from a random place would favour one.
            channels[0]?.trySend(0);
            channels[1]?.trySend(1);
            const { value } = yield* op;
            picked[value] = (picked[value] as number) + 1;
          }
          return picked;
        });
      },
      { seed: 54_321 },
    );
    expect(chiSquared(counts)).toBeLessThan(limits[2] as number);
  });

  test("the same seed picks the same", async () => {
    const picks = (seed: number): Promise<string> =>
      virtual(
        async () => {
          const [a, b] = [chan<number>(100), chan<number>(100)];
          for (let i = 0; i < 100; i++) expect([a.trySend(i), b.trySend(i)]).toEqual([true, true]);
          let picked = "";
          for (let i = 0; i < 50; i++) picked += (await select({ a: recv(a), b: recv(b) })).key;
          return picked;
        },
        { seed },
      );
    expect(await picks(3)).toBe(await picks(3));
    expect(await picks(3)).not.toBe(await picks(4));
  });
});

describe("bad input", () => {
  test("is refused where the call is made, by key and value", () => {
    expect(() => select({ job: 5 as never })).toThrow(
      new TypeError('case "job" must be an operation, a task or a promise, not 5'),
    );
    expect(() => select({ job: null as never })).toThrow(TypeError);
    expect(() => select({ job: (() => {}) as never })).toThrow(TypeError);
  });

  test("what runs a body is no case, and the error says what is one", () => {
    const blocks = {
      scope: scope(async () => 1),
      shield: shield(async () => 1),
      timeout: timeout(5, async () => 1),
      context: runIn(Context.background, async () => 1),
      retry: retry(async () => 1),
    };
    for (const [key, block] of Object.entries(blocks)) {
      expect(() => select({ [key]: block as never })).toThrow(
        new TypeError(`case "${key}" runs a body: write task(() => …)`),
      );
    }
  });

  test("an operation of another copy of the package is named as that", () => {
    const foreign = { then() {}, try() {}, link() {}, unlink() {} };
    expect(() => select({ job: foreign as never })).toThrow(MisuseError);
    expect(() => select({ job: foreign as never })).toThrow(/another copy of gokio/);
  });
});

test("a signal beats a case that is ready", async () => {
  const ch = chan<number>(1);
  ch.trySend(1);
  const token = new CancellationToken();
  token.cancel();
  await expect(select({ value: recv(ch, { signal: token }) })).rejects.toThrow(CancelledError);
  expect(ch.length).toBe(1);
});

test("selects within a select each try all of their cases, whatever the order", async () => {
  const ready = chan<number>(1);
  const never = chan<number>();
  const among = (name: string): ReturnType<typeof recv<number>> =>
    (name === "ready" ? recv(ready) : recv(never)) as ReturnType<typeof recv<number>>;
  for (let round = 0; round < 200; round++) {
    ready.trySend(round);
    const inner = (name: string) => select({ a: recv(never), b: recv(never), c: recv(never), d: among(name) });
    const won = select({ x: inner("never"), y: inner("ready"), z: inner("never") }, { default: "none was ready" });
    expect(await won).toEqual({ key: "y", value: { key: "d", value: round } });
  }
});
