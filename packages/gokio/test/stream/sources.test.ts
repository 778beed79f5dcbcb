import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** A sequence that writes down what is done with it. */
function recorded(count: number, log: string[], failAt = Number.POSITIVE_INFINITY) {
  return function* (): Generator<number, void> {
    try {
      for (let n = 0; n < count; n++) {
        if (n === failAt) throw new Error(`item ${n}`);
        log.push(`make ${n}`);
        yield n;
      }
    } finally {
      log.push("closed");
    }
  };
}

function recordedAsync(count: number, log: string[], failAt?: number) {
  return async function* (): AsyncGenerator<number, void> {
    for (const n of recorded(count, log, failAt)()) {
      await sleep(1);
      yield n;
    }
  };
}

describe("iterables", () => {
  test.each([
    ["an array", ["a", "b"]],
    ["a set", new Set(["a", "b"])],
    ["a string", "ab"],
    ["a generator", recordedNames()],
    ["a generator function", recordedNames],
    ["a function that gives an array", () => ["a", "b"]],
    ["a function that gives a stream", () => Stream.from(["a", "b"])],
    ["an async generator", asyncNames()],
    ["an async generator function", asyncNames],
    ["a stream", Stream.from(["a", "b"])],
  ])("%s", async (_name, items) => {
    expect(await Stream.from(items as Iterable<string>).toArray()).toEqual(["a", "b"]);
  });

  function* recordedNames() {
    yield "a";
    yield "b";
  }
  async function* asyncNames() {
    yield* recordedNames();
  }

  test("holes, promises and thenables are items as they are", async () => {
    const promise = Promise.resolve(1);
    const thenable = { then: () => {} };
    // biome-ignore lint/suspicious/noSparseArray: the point.
    const items = [, promise, thenable];
    const seen: unknown[] = [];
    await Stream.from(items).forEach((item) => void seen.push(item));
    expect(seen).toEqual([undefined, promise, thenable]);
    expect((await Stream.from([promise]).next()).value).toBe(promise);
  });

  test("an array that grows is gone through to its end", async () => {
    const items = [1];
    const seen: number[] = [];
    for await (const n of Stream.from(items)) {
      seen.push(n);
      if (n < 3) items.push(n + 1);
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  test("nothing is called before the first pull", async () => {
    const log: string[] = [];
    const stream = Stream.from(() => {
      log.push("called");
      return recorded(2, log)();
    });
    await turn();
    expect(log).toEqual([]);
    expect(stream.tryRecv()).toEqual({ done: false, value: 0 });
    expect(log).toEqual(["called", "make 0"]);
    await stream.close();
    expect(log).toEqual(["called", "make 0", "closed"]);
  });

  test.each([undefined, null, 1, true, {}, Symbol("s")])("%s is none", (items) => {
    expect(() => Stream.from(items as never)).toThrow(TypeError);
  });

  test("what a function gives is checked when it is called", async () => {
    await expect(Stream.from(() => 1 as never).toArray()).rejects.toThrow("items must be");
    expect(() => Stream.from([] as never, { lag: "sometimes" } as never)).toThrow(TypeError);
    expect(() => Stream.from([] as never, { lag: "item" })).toThrow("items must be a receiver");
  });

  test("a stream that a function gives is closed with the stream of it", async () => {
    const log: string[] = [];
    const stream = Stream.from(() => Stream.from(recorded(5, log)));
    for await (const n of stream) if (n === 1) break;
    expect(log).toEqual(["make 0", "make 1", "closed"]);
  });

  test.each([0, 1, 2, 3])("a generator that fails at item %i is not told to close", async (at) => {
    const log: string[] = [];
    const stream = Stream.from(recorded(4, log, at));
    const seen: number[] = [];
    const failure = stream.forEach((n) => void seen.push(n));
    await expect(failure).rejects.toThrow(`item ${at}`);
    expect(seen).toEqual([0, 1, 2, 3].slice(0, at));
    expect(log.filter((line) => line === "closed")).toHaveLength(1);
  });

  test("an error of closing is thrown where the stream is left", async () => {
    const items = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 1 }),
        return: (): never => {
          throw new Error("cannot close");
        },
      }),
    };
    const stream = Stream.from(items);
    await stream.next();
    await expect(stream.close()).rejects.toThrow("cannot close");
  });
});

describe("async iterables", () => {
  test("property: as the array, however they wait, and closed once wherever they are left", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer(), fc.nat(2))),
        fc.nat(12),
        fc.constantFrom("break", "close", "throw"),
        async (items, stopAt, how) => {
          await virtual(async () => {
            let closed = 0;
            async function* source() {
              try {
                for (const [item, ms] of items) {
                  if (ms > 0) await sleep(ms);
                  yield item;
                }
              } finally {
                await sleep(1);
                closed++;
              }
            }
            const seen: number[] = [];
            const stream = Stream.from(source);
            const read = async (): Promise<void> => {
              for await (const item of stream) {
                seen.push(item);
                if (seen.length <= stopAt) continue;
                if (how === "break") break;
                if (how === "throw") throw new Error("stop");
                await stream.close();
              }
            };
            const all = items.map(([item]) => item);
            const isLeft = stopAt < all.length;
            if (isLeft && how === "throw") await expect(read()).rejects.toThrow("stop");
            else await read();
            expect(seen).toEqual(all.slice(0, stopAt + 1));
            expect(closed).toBe(1);
          });
        },
      ),
      { numRuns: 60 },
    ));

  test("one that waits for something foreign is told to end, and abandoned", async () => {
    const log: string[] = [];
    async function* source() {
      try {
        yield 1;
        await new Promise(() => {});
      } finally {
        log.push("never");
      }
    }
    const stream = Stream.from(source);
    await stream.next();
    void stream.next();
    await turn();
    await stream.close();
    expect(log).toEqual([]);
  });

  test("its waits are cancelled when it is left in the middle of a pull", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stream = Stream.from(async function* () {
        try {
          yield 1;
          await sleep(1000);
        } catch (error) {
          log.push((error as Error).name);
          throw error;
        } finally {
          log.push("closed");
        }
      });
      await spawn(async () => {
        await stream.next();
        await expect(stream.next({ signal: CancellationToken.from(AbortSignal.abort()) })).rejects.toThrow(
          CancelledError,
        );
        const won = await select({ item: recv(stream), late: sleep(5) });
        expect(won.key).toBe("late");
        await stream.close();
      });
      expect(log).toEqual(["AbortError", "closed"]);
      expect(clock.elapsed).toBe(5);
    }));

  test("iterators that give no promises, and need no closing", async () => {
    let n = 0;
    const items = {
      [Symbol.asyncIterator]: () => ({ next: () => ({ done: n === 3, value: n++ }) as never }),
    } as AsyncIterable<number>;
    expect(await Stream.from(items).take(2).toArray()).toEqual([0, 1]);
  });

  test("one whose next throws at once is not told to close", async () => {
    let returned = 0;
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: (): never => {
          throw new Error("at once");
        },
        return: async () => ({ done: true as const, value: returned++ }),
      }),
    };
    await expect(Stream.from(items).toArray()).rejects.toThrow("at once");
    expect(returned).toBe(0);
  });

  test("thenables that settle twice give one item", async () => {
    let n = 0;
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const value = n++;
          return {
            then(fulfilled: (result: unknown) => void) {
              fulfilled({ done: value === 3, value });
              fulfilled({ done: false, value: "again" });
              queueMicrotask(() => fulfilled({ done: false, value: "late" }));
            },
          };
        },
      }),
    } as unknown as AsyncIterable<number>;
    expect(await Stream.from(items).toArray()).toEqual([0, 1, 2]);
  });

  test.each([0, 1, 2])("one that fails at item %i", async (at) => {
    const log: string[] = [];
    const stream = Stream.from(recordedAsync(3, log, at));
    const seen: number[] = [];
    for (let i = 0; i < at; i++) seen.push((await stream.next()).value as number);
    await expect(stream.recv()).rejects.toThrow(`item ${at}`);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log.at(-1)).toBe("closed");
    expect(seen).toEqual([0, 1, 2].slice(0, at));
  });
});

describe("made of nothing", () => {
  test("range: from, to, and in steps", async () => {
    expect(await Stream.range(2, 5).toArray()).toEqual([2, 3, 4]);
    expect(await Stream.range(5, 2, -1).toArray()).toEqual([5, 4, 3]);
    expect(await Stream.range(5, 2).toArray()).toEqual([]);
    expect(await Stream.range(0, 7, 3).toArray()).toEqual([0, 3, 6]);
    expect(await Stream.range(1).take(3).toArray()).toEqual([1, 2, 3]);
    expect(await Stream.range(1, undefined, -1).take(3).toArray()).toEqual([1, 0, -1]);
    expect(await Stream.range(1, undefined, 2).take(3).toArray()).toEqual([1, 3, 5]);
  });

  test("range: fractions do not drift", async () => {
    const tenths = await Stream.range(0, 1000, 0.1).toArray();
    expect(tenths).toHaveLength(10_000);
    expect(tenths.at(-1)).toBe(9999 * 0.1);
  });

  test("property: range is start + i * step", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -7, max: 7 }),
        async (start, length, step) => {
          fc.pre(step !== 0);
          const end = start + length;
          const expected: number[] = [];
          for (let n = start; step > 0 ? n < end : n > end; n += step) expected.push(n);
          expect(await Stream.range(start, end, step).toArray()).toEqual(expected);
        },
      ),
    ));

  test("range: what is no number", () => {
    expect(() => Stream.range("1" as never)).toThrow(TypeError);
    expect(() => Stream.range(1, null as never)).not.toThrow();
    expect(() => Stream.range(Number.NaN)).toThrow(RangeError);
    expect(() => Stream.range(0, Number.NaN)).toThrow(RangeError);
    expect(() => Stream.range(Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => Stream.range(0, 1, 0)).toThrow("step must not be 0");
  });

  test("once, empty, repeat", async () => {
    expect(await Stream.once("a").toArray()).toEqual(["a"]);
    expect(await Stream.empty().toArray()).toEqual([]);
    expect(await Stream.repeat("a").take(3).toArray()).toEqual(["a", "a", "a"]);
  });

  test("pending: neither an item nor the end, until it is left", async () => {
    const stream = Stream.pending<string>();
    expect(stream.tryRecv()).toBeUndefined();
    const pull = stream.next();
    await turn();
    await stream.close();
    expect(await pull).toEqual({ done: true, value: undefined });
  });

  test.each(["sync", "promises", "async"])("unfold, %s", async (flavour) => {
    const step = (n: number): readonly [string, number] | undefined => (n < 3 ? [`item ${n}`, n + 1] : undefined);
    const steps = {
      sync: step,
      promises: (n: number) => Promise.resolve(step(n)),
      async: async (n: number) => step(n),
    };
    const stream = Stream.unfold(0, steps[flavour as "sync"]);
    expect(await stream.toArray()).toEqual(["item 0", "item 1", "item 2"]);
  });

  test("unfold: a step is made when its item is asked for, and not again after the end", async () => {
    const asked: number[] = [];
    const stream = Stream.unfold(0, (n) => {
      asked.push(n);
      return n < 2 ? ([n, n + 1] as const) : undefined;
    });
    expect(asked).toEqual([]);
    await stream.next();
    expect(asked).toEqual([0]);
    await stream.toArray();
    expect(asked).toEqual([0, 1, 2]);
  });

  test("unfold: an error ends it", async () => {
    const fail = (): never => {
      throw new Error("no step");
    };
    for (const step of [fail, async () => fail()]) {
      const stream = Stream.unfold(0, step);
      await expect(stream.recv()).rejects.toThrow("no step");
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }
    expect(() => Stream.unfold(0, 1 as never)).toThrow(TypeError);
  });

  test("unfold: an async step is cancelled with the stream", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stream = Stream.unfold(0, async (n) => {
        try {
          await sleep(n === 0 ? 1 : 1000);
        } catch (error) {
          log.push((error as Error).name);
          throw error;
        }
        return [n, n + 1] as const;
      });
      await spawn(async () => {
        await stream.next();
        expect((await select({ item: recv(stream), late: sleep(5) })).key).toBe("late");
        await stream.close().catch(() => {});
      });
      await sleep(1);
      expect(log).toEqual(["AbortError"]);
      expect(clock.elapsed).toBeLessThan(20);
    }));

  test("interval: a number for each tick", () =>
    virtual(async (clock) => {
      const seen: number[] = [];
      for await (const n of Stream.interval(10)) {
        seen.push(n, clock.elapsed);
        if (n === 2) break;
      }
      expect(seen).toEqual([0, 0, 1, 10, 2, 20]);
      expect(() => Stream.interval(0)).toThrow(RangeError);
    }));

  test("endless sources let others have a turn, and are cancelled", async () => {
    for (const endless of [() => Stream.range(0), () => Stream.repeat(1), () => Stream.unfold(0, (n) => [n, n + 1])]) {
      const token = new CancellationToken();
      const sum = endless().reduce((sum, n) => sum + n, 0, { signal: token });
      setTimeout(() => token.cancel("enough"), 1);
      await expect(sum).rejects.toThrow(CancelledError);
    }
  });
});

describe("the three ways to pull", () => {
  test("for await, select and yield* see the same", () =>
    virtual(async () => {
      const stream = Stream.from(recordedAsync(6, []));
      const won = await select({ item: recv(stream), late: sleep(10_000) });
      expect(won).toEqual({ key: "item", value: 0 });
      await spawn(function* () {
        expect(yield* next(stream)).toEqual({ done: false, value: 1 });
        expect(yield* recv(stream)).toBe(2);
      });
      const rest: number[] = [];
      for await (const n of stream) rest.push(n);
      expect(rest).toEqual([3, 4, 5]);
    }));
});
