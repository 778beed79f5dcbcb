import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { toArray } from "../../src/stream/terminals.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const END = { done: true, value: undefined };

describe("merge is fair", () => {
  const chiSquared = (counts: number[]): number => {
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  };
  // The value that χ² with k − 1 degrees of freedom exceeds once in a thousand times.
  const limits: Record<number, number> = { 2: 10.83, 3: 13.82, 5: 18.47 };

  const sources: [string, (of: number) => Stream<number>][] = [
    ["that have an item at hand", (of) => Stream.repeat(of)],
    [
      "of channels that are full",
      (of) => {
        const ch = chan<number>(50_000);
        for (let i = 0; i < 50_000; i++) ch.trySend(of);
        return Stream.from(ch);
      },
    ],
  ];

  test.each(sources)(
    "among streams %s, each is as likely as any other",
    async (_name, source) => {
      for (const streams of [2, 3, 5]) {
        for (const seed of [1, 7]) {
          await virtual(
            async () => {
              const counts: number[] = new Array(streams).fill(0);
              const pairs: number[] = new Array(streams).fill(0);
              const [one, ...others] = counts.map((_, of) => source(of)) as [Stream<number>, ...Stream<number>[]];
              let before = 0;
              await one
                .merge(...others)
                .take(20_000)
                .forEach((of) => {
                  counts[of] = (counts[of] as number) + 1;
                  const step = (of - before + streams) % streams;
                  pairs[step] = (pairs[step] as number) + 1;
                  before = of;
                });
              expect(chiSquared(counts)).toBeLessThan(limits[streams] as number);
              // Nor does it depend on which was the one before.
              expect(chiSquared(pairs)).toBeLessThan(limits[streams] as number);
            },
            { seed },
          );
        }
      }
    },
    HEAVY,
  );

  test("one that always has an item does not keep out one that has to be waited for", () =>
    virtual(async () => {
      const slow = Stream.interval(1).map((n) => -1 - n);
      const merged = await Stream.repeat(0)
        .inspect(() => sleep(0.01))
        .merge(slow)
        .filter((n) => n < 0)
        .take(3)
        .toArray();
      expect(merged).toEqual([-1, -2, -3]);
    }));
});

describe("the budget: what never yields an item lets others run", () => {
  const endless: [string, () => Stream<unknown>][] = [
    ["a range", () => Stream.range(0)],
    [
      "a generator",
      () =>
        Stream.from(function* () {
          for (;;) yield 1;
        }),
    ],
    ["an array, again and again", () => Stream.repeat([1, 2, 3]).flatten()],
    ["an unfolding", () => Stream.repeat(1)],
    [
      "an async generator",
      () =>
        Stream.from(async function* () {
          for (;;) yield 1;
        }),
    ],
    ["promises", () => Stream.repeat(1).map((n) => Promise.resolve(n))],
    ["async functions", () => Stream.repeat(1).map(async (n) => n)],
    ["inner streams", () => Stream.repeat(1).flatMap(() => Stream.range(0, 2))],
    ["an endless inner one", () => Stream.from([1]).flatMap(() => Stream.range(0))],
    ["a merge", () => Stream.repeat(1).merge(Stream.repeat(2))],
    ["a chain", () => Stream.empty().chain(Stream.repeat(2))],
    ["zip", () => Stream.repeat(1).zip(Stream.range(0))],
    ["a stream that was pulled", () => Stream.from(Stream.repeat(1).drop(1))],
    [
      "another's stages",
      () =>
        Stream.range(0)
          .chunks(3)
          .chain([])
          .dedupe(() => 1)
          .drop(1),
    ],
  ];

  test.each(endless)(
    "%s",
    async (_name, made) => {
      for (const way of [
        (stream: Stream<unknown>) => select({ item: next(stream), timer: sleep(5) }),
        (stream: Stream<unknown>) => select({ item: toArray(stream), timer: sleep(5) }),
      ]) {
        const stream = made().filter(() => false);
        expect((await way(stream)).key).toBe("timer");
        await stream[Symbol.asyncDispose]();
      }
      const stream = made().filter(() => false);
      const pull = stream.next();
      await sleep(2);
      await stream.close();
      expect(await pull).toEqual(END);
    },
    HEAVY,
  );

  test(
    "a loop over items that are there lets timers run",
    async () => {
      let isDue = false;
      const timer = sleep(5).then(() => {
        isDue = true;
      });
      for await (const _ of Stream.range(0)) if (isDue) break;
      await timer;
      isDue = false;
      const again = sleep(5).then(() => {
        isDue = true;
      });
      await spawn(function* () {
        const stream = Stream.range(0);
        while (!isDue) yield* next(stream);
      });
      await again;
    },
    HEAVY,
  );
});

describe("pulled from inside", () => {
  test("a stage that pulls its own stream: each item comes out once, and in order", () =>
    virtual(async () => {
      const inner: Promise<IteratorResult<number, undefined>>[] = [];
      const stream: Stream<number> = Stream.range(0, 6).map((n) => {
        if (n % 2 === 0) inner.push(stream.next());
        return n;
      });
      const outer: number[] = [];
      for (let item = await stream.next(); item.done !== true; item = await stream.next()) outer.push(item.value);
      const pulled = (await Promise.all(inner)).map((item) => item.value);
      expect([...outer, ...pulled.filter((n) => n !== undefined)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(outer).toEqual([...outer].sort());
      expect(inner).toHaveLength(3);
      expect(await stream.next()).toEqual(END);
    }));

  test("a source that tries its own stream finds nothing", () =>
    virtual(async () => {
      const seen: unknown[] = [];
      const stream: Stream<number> = Stream.from(function* () {
        for (let n = 0; n < 2; n++) {
          seen.push(stream.tryRecv());
          yield n;
        }
      });
      expect(await stream.recv()).toBe(0);
      expect(stream.tryRecv()).toEqual({ done: false, value: 1 });
      expect(stream.tryRecv()).toEqual(END);
      expect(seen).toEqual([undefined, undefined]);
    }));

  test("pulls by several are served in order", () =>
    virtual(async () => {
      const ch = chan<number>();
      const stream = Stream.from(ch).map(async (n) => n);
      const pulls = [stream.recv(), stream.recv(), spawn(() => stream.recv()), stream.recv()];
      for (let n = 0; n < 4; n++) await ch.send(n);
      expect(await Promise.all(pulls)).toEqual([0, 1, 3, 2]);
      await stream.close();
    }));

  test("a pull that is lost lets go of the channel, and takes it up again", () =>
    virtual(async () => {
      const ch = chan<number>();
      for (const stages of [
        (stream: Stream<number>) => stream,
        (stream: Stream<number>) =>
          stream
            .map(async (n) => n)
            .chunks(1)
            .flatten(),
        (stream: Stream<number>) => stream.chain([]).chain([]),
        (stream: Stream<number>) => stream.merge(Stream.pending<number>()),
      ]) {
        const stream = stages(Stream.from(ch));
        for (let round = 0; round < 3; round++) {
          expect((await select({ item: recv(stream), late: sleep(1) })).key).toBe("late");
          expect(ch.trySend(1)).toBe(false);
          const pull = stream.recv();
          await sleep(1);
          expect(ch.trySend(round)).toBe(true);
          expect(await pull).toBe(round);
        }
        await stream.close();
      }
    }));

  test("tryRecv takes what is there, without waiting", () =>
    virtual(async () => {
      const ch = chan<number>(1);
      const stream = Stream.from(ch).map((n) => n * 2);
      expect(stream.tryRecv()).toBe(undefined);
      const pull = stream.next();
      ch.trySend(1);
      expect(await pull).toEqual({ done: false, value: 2 });
      expect(stream.tryRecv()).toBe(undefined);
      await stream.close();
      expect(stream.tryRecv()).toEqual(END);
    }));
});

describe("misuse", () => {
  const ways: Record<string, (stream: Stream<number>) => unknown> = {
    recv: (stream) => stream.recv(),
    next: (stream) => stream.next(),
    tryRecv: (stream) => stream.tryRecv(),
    "recv as an operation": (stream) => recv(stream),
    "next as an operation": (stream) => next(stream),
    "for await": (stream) => stream[Symbol.asyncIterator](),
    close: (stream) => stream.close(),
    map: (stream) => stream.map((n) => n),
    toArray: (stream) => stream.toArray(),
    "to be merged": (stream) => Stream.empty<number>().merge(stream),
    from: (stream) => Stream.from(stream),
  };

  test.each(Object.entries(ways))("a stream that was given to another: %s", (_name, way) =>
    virtual(async () => {
      const stream = Stream.range(0, 3);
      const mapped = stream.map((n) => n + 1);
      expect(() => way(stream)).toThrow(MisuseError);
      expect(() => way(stream)).toThrow("the stream was given to map");
      expect(await mapped.toArray()).toEqual([1, 2, 3]);
      expect(() => way(mapped)).toThrow("toArray");
    }),
  );

  test("a loop that has begun sees it too", () =>
    virtual(async () => {
      const stream = Stream.range(0, 3);
      await stream.next();
      expect(await stream.drop(1).toArray()).toEqual([2]);
      expect(() => stream.next()).toThrow("the stream was given to drop");
    }));

  test("one with itself", () =>
    virtual(async () => {
      const stream = Stream.range(0, 3);
      expect(() => stream.zip(stream)).toThrow(MisuseError);
    }));

  test("a terminal operation can be driven once", () =>
    virtual(async () => {
      const operation = toArray(Stream.range(0, 2));
      expect(await operation).toEqual([0, 1]);
      await expect(Promise.resolve(operation)).rejects.toBeInstanceOf(MisuseError);
    }));

  const bad: [string, (stream: Stream<never>, bad: never) => unknown][] = [
    ...(
      [
        "map",
        "filter",
        "filterMap",
        "flatMap",
        "takeWhile",
        "dropWhile",
        "inspect",
        "forEach",
        "some",
        "every",
        "find",
      ] as const
    ).map((name): (typeof bad)[number] => [
      name,
      (stream, value) => (stream as unknown as Record<string, (fn: unknown) => unknown>)[name]?.(value),
    ]),
    ["scan", (stream, value) => stream.scan(value, 0)],
    ["reduce", (stream, value) => stream.reduce(value, 0)],
    ["toMap", (stream, value) => stream.toMap(value)],
    ["catch", (stream, value) => stream.catch(value)],
    ["onCancel", (stream, value) => stream.onCancel(value)],
    ["unfold", (_, value) => Stream.unfold(0, value)],
    ["take", (stream, value) => stream.take(value)],
    ["drop", (stream, value) => stream.drop(value)],
    ["chunks", (stream, value) => stream.chunks(value)],
    ["takeUntil", (stream, value) => stream.takeUntil(value)],
    ["chain", (stream, value) => stream.chain(value)],
    ["merge", (stream, value) => stream.merge(value)],
    ["zip", (stream, value) => stream.zip([], value)],
    ["combineLatest", (stream, value) => stream.combineLatest(value)],
    ["retry", (stream, value) => stream.retry({ attempts: value })],
    ["from", (_, value) => Stream.from(value)],
    ["range", (_, value) => Stream.range(value)],
    ["range, its end", (_, value) => Stream.range(0, value)],
    ["range, its step", (_, value) => Stream.range(0, 1, value)],
  ];

  test.each(bad)("%s: what is no argument for it throws at the call, and the stream is still there", (_name, call) =>
    virtual(async () => {
      for (const value of [null, 5.5, -1, {}, "x"] as never[]) {
        const isNumber = typeof value === "number";
        if (_name.startsWith("range") && (isNumber || value === null)) continue;
        if (["from", "chain", "merge", "zip", "combineLatest"].includes(_name) && value === "x") continue;
        const stream = Stream.from<never>([]);
        expect(() => call(stream, value), String(value)).toThrow(/^(?!.*undefined is not).*(must|cannot)/);
        expect(await stream.toArray()).toEqual([]);
      }
    }),
  );

  test("bad arguments are named", () => {
    const stream = Stream.range(0, 1);
    expect(() => stream.map(1 as never)).toThrow("fn must be a function, not 1");
    expect(() => stream.filter(1 as never)).toThrow("predicate must be");
    expect(() => stream.take(-1)).toThrow("count must be");
    expect(() => stream.chunks(0)).toThrow("size must be");
    expect(() => stream.toMap(1 as never)).toThrow("key must be");
    expect(() => stream.catch(1 as never)).toThrow("handler must be");
    expect(() => Stream.range(0, Number.NaN)).toThrow("end must be");
    expect(() => Stream.from(5 as never)).toThrow("items must be");
    expect(() => Stream.from([1][Symbol.iterator]()).retry()).toThrow("cannot be started again");
  });

  test("what is merged with something bad is still there, and so are the others", () =>
    virtual(async () => {
      const [a, b] = [Stream.range(0, 1), Stream.range(1, 2)];
      expect(() => a.merge(b, 5 as never)).toThrow(TypeError);
      const given = Stream.range(0);
      given.map((n) => n);
      expect(() => a.merge(b, given)).toThrow(MisuseError);
      expect([await a.toArray(), await b.toArray()]).toEqual([[0], [1]]);
    }));
});
