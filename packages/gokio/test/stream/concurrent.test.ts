import { AsyncLocalStorage } from "node:async_hooks";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import type { ConcurrentOptions } from "../../src/stream/ops/concurrent.ts";
import { forEachConcurrent } from "../../src/stream/ops/for-each-concurrent.ts";
import { Stream } from "../../src/stream/stream.ts";
import type { Task } from "../../src/task/body.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { TaskLocal } from "../../src/task/task-local.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** Counts what is under way. */
class Gauge {
  now = 0;
  most = 0;
  started = 0;

  readonly work = async (ms: number, index: number): Promise<string> => {
    this.started++;
    this.most = Math.max(this.most, ++this.now);
    try {
      await sleep(ms);
      return `${index}: ${ms}`;
    } finally {
      this.now--;
    }
  };
}

function* counted(items: readonly number[], log: string[]): Generator<number> {
  try {
    for (const item of items) {
      log.push(`ask ${item}`);
      yield item;
    }
  } finally {
    log.push("source closed");
  }
}

async function* asyncCounted(items: readonly number[], log: string[]): AsyncGenerator<number> {
  yield* counted(items, log);
}

function* failing(message: string): Task<never> {
  yield* sleep(0);
  throw new Error(message);
}

const sources = [
  { name: "an iterable", of: (items: readonly number[], log: string[]) => Stream.from(counted(items, log)) },
  { name: "an async iterable", of: (items: readonly number[], log: string[]) => Stream.from(asyncCounted(items, log)) },
];

describe.each(sources)("mapConcurrent over $name", ({ of }) => {
  test("results come in the order of the items, with at most the limit under way", () =>
    virtual(async (clock) => {
      const gauge = new Gauge();
      const results = await of([50, 10, 30, 20, 40], []).mapConcurrent(2, gauge.work).toArray();
      expect(results).toEqual(["0: 50", "1: 10", "2: 30", "3: 20", "4: 40"]);
      // What is finished counts until it is handed on: the third begins when the first has ended, at 50, and the last at 80.
      expect([gauge.most, clock.elapsed]).toEqual([2, 120]);
    }));

  test("unordered, they come as they are there", () =>
    virtual(async (clock) => {
      const gauge = new Gauge();
      const results = of([50, 10, 30, 20, 40], []).mapConcurrent(2, gauge.work, { ordered: false });
      expect(await results.toArray()).toEqual(["1: 10", "2: 30", "0: 50", "3: 20", "4: 40"]);
      expect([gauge.most, clock.elapsed]).toEqual([2, 90]);
    }));

  test("nothing runs before the first pull, and then as much as there is room for", () =>
    virtual(async () => {
      const log: string[] = [];
      const gauge = new Gauge();
      const stream = of([10, 10, 10, 10], log).mapConcurrent(2, gauge.work);
      await sleep(5);
      expect(log).toEqual([]);
      const first = stream.next();
      await sleep(5);
      expect([log, gauge.started]).toEqual([["ask 10", "ask 10"], 2]);
      await first;
      await stream.close();
      expect(log.at(-1)).toBe("source closed");
    }));

  test.each([true, false])("a slow consumer keeps at most the limit in flight (ordered: %s)", (ordered) =>
    virtual(async () => {
      const gauge = new Gauge();
      let handed = 0;
      let most = 0;
      const stream = of([1, 2, 1, 3, 1, 1, 2, 2, 1], []).mapConcurrent(3, gauge.work, { ordered });
      for await (const _ of stream) {
        handed++;
        await sleep(20);
        most = Math.max(most, gauge.started - handed);
        expect(gauge.now).toBe(0);
      }
      expect([handed, most]).toEqual([9, 2]);
    }),
  );

  test("a slow consumer and slow work: the limit is made use of", () =>
    virtual(async (clock) => {
      const gauge = new Gauge();
      const stream = of(Array(20).fill(30), []).mapConcurrent(5, gauge.work);
      for await (const _ of stream) await sleep(10);
      // One result in 10 ms is all the consumer takes, and the work for each of those was begun in time.
      expect(clock.elapsed).toBeLessThanOrEqual(30 + 20 * 10 + 20);
    }));

  test.each([
    { ordered: true, settled: false },
    { ordered: false, settled: false },
    { ordered: true, settled: true },
    { ordered: false, settled: true },
  ])("leaving it cancels the calls, waits for their cleanup, and closes what is upstream: %j", (options) =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stream = of([1, 1000, 2000, 3000], log).mapConcurrent(
        3,
        function* (ms, index) {
          try {
            yield* sleep(ms);
          } finally {
            yield* sleep(10);
            log.push(`cleaned ${index}`);
          }
        },
        options as ConcurrentOptions & { settled: true },
      );
      for await (const _ of stream) break;
      expect(clock.elapsed).toBe(21);
      expect(log.slice(3).sort()).toEqual(["cleaned 0", "cleaned 1", "cleaned 2", "source closed"]);
    }),
  );

  test("the first error cancels the rest, and is thrown when all cleanup is through", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const broken = new Error("broken");
      const stream = of([1, 2, 3, 4, 5], log).mapConcurrent(3, function* (item) {
        if (item === 2) {
          yield* sleep(5);
          throw broken;
        }
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
          log.push(`cleaned ${item}`);
        }
      });
      await expect(stream.next()).rejects.toBe(broken);
      expect(clock.elapsed).toBe(15);
      expect(log.slice(3).sort()).toEqual(["cleaned 1", "cleaned 3", "source closed"]);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }));

  test.each([true, false])("what was finished before an error is handed on before it (ordered: %s)", (ordered) =>
    virtual(async () => {
      const stream = of([1, 2, 3, 4, 5], []).mapConcurrent(
        4,
        async (item) => {
          await sleep(item);
          if (item === 3) throw new Error("broken");
          return item;
        },
        { ordered },
      );
      const seen: unknown[] = [await stream.recv()];
      await sleep(50);
      await stream.forEach((item) => void seen.push(item)).catch((error) => seen.push(error.message));
      expect(seen).toEqual([1, 2, "broken"]);
    }),
  );

  test("in order, what was finished behind the one that failed is not handed on", () =>
    virtual(async () => {
      const stream = of([3, 1, 2], []).mapConcurrent(3, async (item) => {
        await sleep(item);
        if (item === 2) throw new Error("broken");
        return item;
      });
      await expect(stream.next()).rejects.toThrow("broken");
    }));

  test.each([0, 50])("several failures are one AggregateError, for a consumer that is %i ms late, too", (late) =>
    virtual(async () => {
      const stream = of([1, 50, 5, 1000], []).mapConcurrent(4, function* (ms) {
        try {
          yield* sleep(ms);
          if (ms === 5) throw new Error("first");
        } finally {
          if (ms === 1000) {
            yield* sleep(10);
            yield* failing("second");
          }
        }
      });
      await stream.next();
      await sleep(late);
      const error = await stream.next().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(AggregateError);
      expect(error.errors.map((each: Error) => each.message)).toEqual(["first", "second"]);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }),
  );

  test("a stage below that fails cancels the calls", () =>
    virtual(async (clock) => {
      let live = 0;
      const stream = of([1, 1000], [])
        .mapConcurrent(2, function* (ms) {
          live++;
          try {
            yield* sleep(ms);
          } finally {
            live--;
          }
        })
        .map(() => {
          throw new Error("below");
        });
      await expect(stream.toArray()).rejects.toThrow("below");
      expect([live, clock.elapsed]).toEqual([0, 1]);
    }));

  test("the calls are cancelled by a failure though nobody pulls", () =>
    virtual(async () => {
      let cleaned = 0;
      const stream = of([1, 5, 1000], []).mapConcurrent(3, function* (ms) {
        try {
          yield* sleep(ms);
          if (ms === 5) throw new Error("broken");
        } finally {
          cleaned++;
        }
      });
      await stream.next();
      await sleep(10);
      expect(cleaned).toBe(3);
      await expect(stream.next()).rejects.toThrow("broken");
    }));

  test("a failure that nobody came to see is thrown by close", () =>
    virtual(async () => {
      const stream = of([1, 5], []).mapConcurrent(2, async (ms) => {
        await sleep(ms);
        if (ms === 5) throw new Error("broken");
      });
      await stream.next();
      await sleep(10);
      await expect(stream.close()).rejects.toThrow("broken");
    }));

  test("so is one of the cleanup", () =>
    virtual(async () => {
      const stream = of([1, 5], []).mapConcurrent(2, async (ms) => {
        try {
          await sleep(ms);
        } finally {
          if (ms === 5) throw new Error("cleanup");
        }
      });
      await stream.next();
      await expect(stream.close()).rejects.toThrow("cleanup");
    }));

  test("{ settled: true }: how each call ended, and no end at a failure", () =>
    virtual(async () => {
      const stream = of([3, 1, 2], []).mapConcurrent(
        2,
        async (item) => {
          await sleep(item);
          if (item === 1) throw "broken";
          return item;
        },
        { settled: true },
      );
      expect(await stream.toArray()).toEqual([
        { status: "ok", value: 3 },
        { status: "failed", error: "broken" },
        { status: "ok", value: 2 },
      ]);
    }));

  test("a source that fails cancels the calls", () =>
    virtual(async () => {
      let live = 0;
      const failing = of([1, 2, 3], []).map((n) => {
        if (n === 3) throw new Error("source");
        return n;
      });
      const stream = failing.mapConcurrent(5, function* () {
        live++;
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(1);
          live--;
        }
      });
      await expect(stream.toArray()).rejects.toThrow("source");
      expect(live).toBe(0);
    }));

  test.each([0, 1, 5, 6, 11, 15, 16, 30])("cancelled after %i ms, its task waits for the calls", (ms) =>
    virtual(async () => {
      const log: string[] = [];
      let live = 0;
      const looping = spawn(async () => {
        const stream = of([5, 10, 5, 10, 5, 10], log).mapConcurrent(2, function* (item) {
          live++;
          try {
            yield* sleep(item);
          } finally {
            yield* shield(() => sleep(1));
            live--;
          }
        });
        for await (const _ of stream) await sleep(1);
      });
      await sleep(ms);
      looping.abort();
      expect((await looping.settled()).status).toBe("aborted");
      expect(live).toBe(0);
      expect(log.filter((line) => line === "source closed")).toHaveLength(log.length === 0 ? 0 : 1);
    }),
  );

  test("a pull that loses a select is kept for the next", () =>
    virtual(async () => {
      const gauge = new Gauge();
      const stream = of([7, 3, 9, 20], []).mapConcurrent(2, gauge.work);
      const seen: unknown[] = [];
      while (seen.length < 4) {
        const won = await select({ item: recv(stream), tick: sleep(2) });
        if (won.key === "item") seen.push(won.value);
      }
      expect(seen).toEqual(["0: 7", "1: 3", "2: 9", "3: 20"]);
      expect(gauge.most).toBe(2);
      await stream.close();
    }));

  test("without a limit, and with many items", async () => {
    const items = Array.from({ length: 5000 }, (_, i) => i);
    const double = function* (n: number) {
      return 2 * n;
    };
    for (const limit of [1, 3, Number.POSITIVE_INFINITY]) {
      expect(await of(items, []).mapConcurrent(limit, double).toArray()).toEqual(items.map((n) => 2 * n));
    }
  });

  test("nothing from nothing", async () => {
    expect(
      await of([], [])
        .mapConcurrent(3, async (n) => n)
        .toArray(),
    ).toEqual([]);
  });
});

describe("mapConcurrent", () => {
  test("fn may be plain, async or a generator, and gets the item, its index, and self", async () => {
    const options = { name: "mapped" };
    const items = ["a", "b"];
    const plain = Stream.from(items).mapConcurrent(2, (...all) => [all[0], all[1], all[2].name], options);
    const async = Stream.from(items).mapConcurrent(2, async (item, index, self) => [item, index, self.name], options);
    const generator = Stream.from(items).mapConcurrent(
      2,
      function* (item, index, self) {
        yield* sleep(0);
        return [item, index, self.name];
      },
      options,
    );
    for (const stream of [plain, async, generator]) {
      expect(await stream.toArray()).toEqual([
        ["a", 0, "mapped"],
        ["b", 1, "mapped"],
      ]);
    }
  });

  test("the calls have the task-locals of whoever pulls", async () => {
    const user = new TaskLocal<string>();
    const stream = Stream.from([1]).mapConcurrent(2, async () => user.get());
    expect(await user.run("ada", async () => await stream.toArray())).toEqual(["ada"]);
  });

  test("{ inherit: true } carries the contexts of the call along", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen = (inherit: boolean) =>
      Stream.from([1, 2]).mapConcurrent(1, async () => storage.getStore(), { inherit });
    const [with_, without] = storage.run("caller", () => [seen(true), seen(false)] as const);
    expect(await storage.run("other", () => with_.toArray())).toEqual(["caller", "caller"]);
    expect(await storage.run("other", () => without.toArray())).toEqual([undefined, undefined]);
  });

  test("a channel upstream is waited for together with the calls", () =>
    virtual(async (clock) => {
      const ch = chan<number>(1);
      const seen: [number, number][] = [];
      const mapping = Stream.from(ch)
        .mapConcurrent(2, async (ms) => {
          await sleep(ms);
          return ms;
        })
        .forEach((ms) => void seen.push([ms, clock.elapsed]));
      await ch.send(10);
      await sleep(30);
      await ch.send(5);
      ch.close();
      await mapping;
      expect(seen).toEqual([
        [10, 10],
        [5, 35],
      ]);
    }));

  test("what is upstream gets on while there is something to hand on", () =>
    virtual(async () => {
      const ch = chan<number>();
      let sent = 0;
      const sender = spawn(function* () {
        for (let i = 0; i < 4; i++) {
          yield* send(ch, i);
          sent++;
        }
        ch.close();
      });
      const stream = Stream.from(ch).mapConcurrent(2, async (n) => n);
      await stream.next();
      await moment();
      expect(sent).toBeGreaterThanOrEqual(2);
      await stream.close();
      sender.abort();
    }));

  test("take below: the rest is cancelled", () =>
    virtual(async (clock) => {
      const gauge = new Gauge();
      expect(await Stream.range(1).mapConcurrent(4, gauge.work).take(2).toArray()).toEqual(["0: 1", "1: 2"]);
      expect([gauge.now, clock.elapsed]).toEqual([0, 2]);
    }));
});

test.each([
  ["merged", (items: Stream<number>) => items.merge(Stream.from<number>([]))],
  ["throttled", (items: Stream<number>) => items.throttle(1)],
  ["worked on before", (items: Stream<number>) => items.mapConcurrent(1, async (n) => n)],
])("a slow consumer and slow work over what is %s: the limit is made use of", (_, through) =>
  virtual(async (clock) => {
    const gauge = new Gauge();
    const stream = through(Stream.from(Array(20).fill(30))).mapConcurrent(5, gauge.work);
    for await (const _ of stream) await sleep(10);
    expect(clock.elapsed).toBeLessThanOrEqual(30 + 20 * 10 + 20);
  }),
);

describe.each([
  { name: "buffered", ordered: true },
  { name: "bufferUnordered", ordered: false },
] as const)("$name", ({ name, ordered }) => {
  test("does functions and operations", () =>
    virtual(async (clock) => {
      const ch = chan<string>(1);
      await ch.send("received");
      const work = [
        async () => {
          await sleep(20);
          return "async";
        },
        function* () {
          yield* sleep(10);
          return "generator";
        },
        recv(ch),
        () => "plain",
      ];
      const results = await Stream.from(work)[name](4).toArray();
      expect(results).toEqual(
        ordered ? ["async", "generator", "received", "plain"] : ["received", "plain", "generator", "async"],
      );
      expect(clock.elapsed).toBe(20);
    }));

  test("at most the limit at once", () =>
    virtual(async () => {
      const gauge = new Gauge();
      const work = [5, 1, 4, 2, 3].map((ms, index) => () => gauge.work(ms, index));
      const results = await Stream.from(work)[name](2).toArray();
      expect(results.sort()).toEqual(["0: 5", "1: 1", "2: 4", "3: 2", "4: 3"]);
      expect(gauge.most).toBe(2);
    }));

  test("an item that is no work fails the stream", async () => {
    const stream = Stream.from([() => 1, 5 as never])[name](2);
    await expect(stream.toArray()).rejects.toThrow(/^items must be functions or operations, not 5$/);
  });
});

describe.each(drivers)("mapConcurrent pulled through $name", ({ drive }) => {
  test("items, then the end", () =>
    virtual(async () => {
      const gauge = new Gauge();
      const stream = Stream.from([3, 1, 2]).mapConcurrent(2, gauge.work);
      const seen: unknown[] = [];
      for (;;) {
        const item = await drive(next(stream));
        if (item.done === true) break;
        seen.push(item.value);
      }
      expect(seen).toEqual(["0: 3", "1: 1", "2: 2"]);
    }));
});

describe.each(drivers)("forEachConcurrent through $name", ({ drive, start: begin }) => {
  test("calls with each item, and ends when all have", () =>
    virtual(async (clock) => {
      const gauge = new Gauge();
      const each = forEachConcurrent(Stream.from([5, 1, 4, 2, 3]), 2, gauge.work);
      expect(await drive(each)).toBeUndefined();
      expect([gauge.started, gauge.most, gauge.now, clock.elapsed]).toEqual([5, 2, 0, 8]);
    }));

  test("the first failure, after the others have ended", () =>
    virtual(async (clock) => {
      const each = forEachConcurrent(Stream.from([5, 1000]), 2, function* (ms) {
        try {
          yield* sleep(ms);
        } finally {
          yield* sleep(3);
        }
        throw new Error("broken");
      });
      await expect(drive(each)).rejects.toThrow("broken");
      expect(clock.elapsed).toBe(11);
    }));

  test.each([0, 1, 5, 8])("cancelled after %i ms, it waits for the calls, and closes the stream", (ms) =>
    virtual(async () => {
      const log: string[] = [];
      let live = 0;
      const each = forEachConcurrent(Stream.from(counted([5, 1, 4, 2, 3], log)), 2, function* (item) {
        live++;
        try {
          yield* sleep(item);
        } finally {
          yield* shield(() => sleep(1));
          live--;
        }
      });
      const driven = begin(each);
      await sleep(ms);
      driven.cancel();
      expect((await driven.end).status).toBe("cancelled");
      expect(live).toBe(0);
      expect(log.length === 0 || log.at(-1) === "source closed").toBe(true);
    }),
  );
});

test("the method is eager", () =>
  virtual(async () => {
    const gauge = new Gauge();
    const done = Stream.from([1, 2]).forEachConcurrent(2, gauge.work);
    await moment();
    expect(gauge.started).toBe(2);
    expect(await done).toBeUndefined();
  }));

test("bad input is refused at the call, and the stream can still be pulled", async () => {
  const stream = Stream.from([1]);
  for (const limit of [0, -1, 1.5, Number.NaN]) {
    expect(() => stream.mapConcurrent(limit, async () => {})).toThrow(RangeError);
    expect(() => stream.forEachConcurrent(limit, async () => {})).toThrow(RangeError);
    expect(() => (stream as Stream<never>).buffered(limit)).toThrow(RangeError);
    expect(() => (stream as Stream<never>).bufferUnordered(limit)).toThrow(RangeError);
  }
  expect(() => stream.mapConcurrent(1, 5 as never)).toThrow(TypeError);
  expect(() => stream.forEachConcurrent(1, 5 as never)).toThrow(TypeError);
  expect(() => stream.mapConcurrent(1, async () => {}, null as never)).toThrow(TypeError);
  expect(await stream.toArray()).toEqual([1]);
});

// ── against a naive reference ──

interface Piece {
  readonly ms: number;
  readonly fails: boolean;
}

const pieces = fc.array(
  fc.record({ ms: fc.integer({ min: 0, max: 9 }), fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) }),
  { maxLength: 15 },
);

/** When each call begins and ends with a consumer that is always there. */
function scheduled(work: readonly Piece[], limit: number, ordered: boolean): { index: number; at: number }[] {
  const out: { index: number; at: number }[] = [];
  let flying: { index: number; at: number }[] = [];
  let next = 0;
  let now = 0;
  for (;;) {
    while (flying.length < limit && next < work.length) {
      flying.push({ index: next, at: now + (work[next] as Piece).ms });
      next++;
    }
    const first = ordered ? flying[0] : [...flying].sort((a, b) => a.at - b.at)[0];
    if (first === undefined) return out;
    now = Math.max(now, first.at);
    flying = flying.filter((each) => each !== first);
    out.push({ index: first.index, at: now });
  }
}

test(
  "whatever the times and the limit: in order or as they end, in the least time, never more than the limit",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        pieces,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        fc.constantFrom("sync", "async", "later"),
        (all, limit, ordered, kind) =>
          virtual(async (clock) => {
            const gauge = new Gauge();
            const source = kind === "sync" ? all : items(all, kind === "later" ? 1 : 0);
            const stream = Stream.from(source).mapConcurrent(
              limit,
              async ({ ms }, index) => {
                await gauge.work(ms, index);
                return index;
              },
              { ordered },
            );
            const seen: { index: number; at: number }[] = [];
            for await (const index of stream) seen.push({ index, at: clock.elapsed });
            expect(gauge.most).toBeLessThanOrEqual(limit);
            const indices = seen.map(({ index }) => index);
            if (ordered) expect(indices).toEqual(all.map((_, index) => index));
            else expect([...indices].sort((a, b) => a - b)).toEqual(all.map((_, index) => index));
            if (kind === "later") return;
            // Of those that end at one time, which comes first is left open.
            const byTime = (each: { index: number; at: number }[]) => (ordered ? each : each.map(({ at }) => at));
            expect(byTime(seen)).toEqual(byTime(scheduled(all, limit, ordered)));
          }),
      ),
      { numRuns: 200 },
    );
  },
  HEAVY,
);

async function* items<T>(all: readonly T[], ms: number): AsyncGenerator<T> {
  for (const item of all) {
    if (ms > 0) await sleep(ms);
    yield item;
  }
}

test(
  "whatever fails, wherever it is left: the calls have ended, the source is closed once, an error comes once",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        pieces,
        fc.integer({ min: 1, max: 4 }),
        fc.record({ ordered: fc.boolean(), settled: fc.boolean() }),
        fc.constantFrom("end", "break", "throw", "abort", "close", "select"),
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        (all, limit, options, how, when, slow, isAsync) =>
          virtual(async (clock) => {
            const log: string[] = [];
            let live = 0;
            const numbers = all.map((_, index) => index);
            const source = isAsync ? asyncCounted(numbers, log) : counted(numbers, log);
            const stream = Stream.from<number>(source).mapConcurrent(
              limit,
              function* (index) {
                const { ms, fails } = all[index] as Piece;
                expect(++live).toBeLessThanOrEqual(limit);
                try {
                  yield* sleep(ms);
                  if (fails) throw new Error("failing");
                  return index;
                } finally {
                  yield* shield(() => sleep(2));
                  live--;
                }
              },
              options as ConcurrentOptions & { settled: true },
            );
            let errors = 0;
            const consumer = spawn(async () => {
              const own = new Error("own");
              try {
                for await (const _ of stream) {
                  if (slow > 0) await sleep(slow);
                  if (clock.elapsed < when) continue;
                  if (how === "break") break;
                  if (how === "throw") throw own;
                }
              } catch (error) {
                if (error !== own && !(error instanceof CancelledError)) errors++;
              }
              expect(live).toBe(0);
            });
            if (how === "abort" || how === "close" || how === "select") {
              await sleep(when);
              if (how === "abort") consumer.abort();
              else if (how === "close") await stream.close().catch(() => errors++);
              else await select({ end: stream.next().catch(() => errors++), tick: sleep(when) });
            }
            const end = await consumer.settled();
            if (end.status === "failed") throw end.error;
            await stream.close().catch(() => {});
            expect(live).toBe(0);
            expect(errors).toBeLessThanOrEqual(how === "close" ? 2 : 1);
            const isFailing = !options.settled && all.some(({ fails }) => fails);
            if (how === "end") expect(errors).toBe(isFailing ? 1 : 0);
            expect(log.filter((line) => line === "source closed")).toHaveLength(log.length === 0 ? 0 : 1);
          }),
      ),
      { numRuns: 300 },
    );
  },
  HEAVY,
);
