import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { CancelledError, TimeoutError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { moment } from "../support/moment.ts";
import { HEAVY } from "../support/turns.ts";
import { type VirtualClock, virtual } from "../support/virtual.ts";

/** Items that come after the given pauses, each counted from when the one before was taken. */
function paced(pauses: readonly number[], log: string[] = [], end = 0): Stream<number> {
  return Stream.from(
    (async function* () {
      try {
        for (const [index, ms] of pauses.entries()) {
          log.push(`ask ${index}`);
          if (ms > 0) await sleep(ms);
          yield index;
        }
        if (end > 0) await sleep(end);
      } finally {
        log.push("closed");
      }
    })(),
  );
}

/** Items that come at the given times, whoever asks, and the end after that. */
function timed(at: readonly number[], end: number): Stream<number> {
  const ch = chan<number>(1000);
  spawn(function* () {
    let now = 0;
    for (const [index, time] of at.entries()) {
      yield* sleep(time - now);
      now = time;
      ch.trySend(index);
    }
    yield* sleep(end - now);
    ch.close();
  });
  return Stream.from(ch);
}

/** The items, each with when it came. */
async function stamped<T>(stream: Stream<T>, clock: VirtualClock): Promise<[T, number][]> {
  const seen: [T, number][] = [];
  for await (const item of stream) seen.push([item, clock.elapsed]);
  return seen;
}

const ways: { name: string; of: (stream: Stream<number>) => Stream<unknown> }[] = [
  { name: "throttle", of: (stream) => stream.throttle(3) },
  { name: "delay", of: (stream) => stream.delay(3) },
  { name: "debounce", of: (stream) => stream.debounce(3) },
  { name: "timeout", of: (stream) => stream.timeout(1000) },
  { name: "chunksTimeout", of: (stream) => stream.chunksTimeout(2, 3) },
];

describe.each(ways)("$name", ({ of }) => {
  test("nothing is asked for before the first pull", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = of(paced([0, 0], log));
      await sleep(10);
      expect(log).toEqual([]);
      await stream.close();
    }));

  test.each([0, 1, 2, 3])("left after %i items, it closes what is upstream, once", (count) =>
    virtual(async () => {
      const log: string[] = [];
      const stream = of(paced([1, 5, 5, 5, 5, 5, 5, 5, 5], log));
      for (let i = 0; i < count; i++) await stream.next();
      await stream.close();
      expect(log.filter((line) => line === "closed")).toHaveLength(count === 0 ? 0 : 1);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }),
  );

  test("a loop that is left early closes it", () =>
    virtual(async () => {
      const log: string[] = [];
      for await (const _ of of(paced([1, 5, 5, 5, 5, 5, 5], log))) break;
      expect(log.at(-1)).toBe("closed");
    }));

  test("a stage below that has enough closes it", () =>
    virtual(async () => {
      const log: string[] = [];
      expect(
        await of(paced([1, 5, 5, 5, 5, 5, 5], log))
          .take(1)
          .toArray(),
      ).toHaveLength(1);
      expect(log.at(-1)).toBe("closed");
    }));

  test("an error travels down once, and what is upstream is closed", () =>
    virtual(async () => {
      const log: string[] = [];
      const broken = new Error("broken");
      const failing = paced([0, 5, 5], log).map((n) => {
        if (n === 1) throw broken;
        return n;
      });
      const stream = of(failing);
      let thrown = 0;
      for (;;) {
        try {
          const item = await stream.next();
          if (item.done === true) break;
        } catch (error) {
          expect(error).toBe(broken);
          thrown++;
        }
      }
      expect(thrown).toBe(1);
      expect(log.at(-1)).toBe("closed");
    }));

  test.each([0, 1, 2, 4, 5, 7, 8, 11, 14])("a task that is cancelled after %i ms leaves nothing behind", (ms) =>
    virtual(async () => {
      const log: string[] = [];
      const looping = spawn(async () => {
        for await (const _ of of(paced([1, 5, 5, 5, 5, 5, 5, 5], log)));
      });
      await sleep(ms);
      looping.abort();
      expect((await looping.settled()).status).toBe("aborted");
      await sleep(10);
      expect(log.filter((line) => line === "closed")).toHaveLength(log.length === 0 ? 0 : 1);
    }),
  );

  test("a pull that loses a select loses no item", () =>
    virtual(async () => {
      const stream = of(paced([7, 7, 7]));
      const seen: unknown[] = [];
      for (;;) {
        const won = await select({ item: next(stream), tick: sleep(2) });
        if (won.key === "tick") continue;
        if (won.value.done === true) break;
        seen.push(won.value.value);
      }
      expect(seen.flat()).toEqual([0, 1, 2]);
    }));

  test("without items it ends", () => virtual(async () => expect(await of(Stream.from([])).toArray()).toEqual([])));
});

describe("throttle", () => {
  test("at most one item in ms, none left out, and nothing asked for before the time", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const source = Stream.range(0, 4).map((n) => {
        log.push(`${n} at ${clock.elapsed}`);
        return n;
      });
      expect(await stamped(source.throttle(10), clock)).toEqual([
        [0, 0],
        [1, 10],
        [2, 20],
        [3, 30],
      ]);
      expect(log).toEqual(["0 at 0", "1 at 10", "2 at 20", "3 at 30"]);
    }));

  test("items that are slower than that are not held up", () =>
    virtual(async (clock) => {
      expect(await stamped(timed([5, 30, 31, 60], 70).throttle(10), clock)).toEqual([
        [0, 5],
        [1, 30],
        [2, 40],
        [3, 60],
      ]);
    }));

  test("the time that a slow consumer takes counts", () =>
    virtual(async (clock) => {
      const seen: number[] = [];
      for await (const _ of Stream.range(0, 3).throttle(10)) {
        seen.push(clock.elapsed);
        await sleep(7);
      }
      expect(seen).toEqual([0, 10, 20]);
    }));
});

describe("delay", () => {
  test("each item comes ms later, the end does not", () =>
    virtual(async (clock) => {
      expect(await stamped(timed([1, 2, 20], 20).delay(5), clock)).toEqual([
        [0, 6],
        [1, 11],
        [2, 25],
      ]);
      expect(clock.elapsed).toBe(25);
    }));

  test("the next item is asked for when one was handed on", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = paced([1, 1], log).delay(5);
      await stream.next();
      await sleep(50);
      expect(log).toEqual(["ask 0"]);
      await stream.close();
    }));
});

describe("debounce", () => {
  test("the last item after ms of quiet; at the end, at once", () =>
    virtual(async (clock) => {
      expect(await stamped(timed([0, 3, 6, 20, 24, 40], 41).debounce(5), clock)).toEqual([
        [2, 11],
        [4, 29],
        [5, 41],
      ]);
    }));

  test("an item exactly then comes too late, or in time, but is not lost", () =>
    virtual(async () => {
      const all = await timed([0, 5, 10, 15], 100).debounce(5).toArray();
      expect(all.at(-1)).toBe(3);
    }));

  test("an error comes at once, and the item that is held is dropped", () =>
    virtual(async (clock) => {
      const stream = paced([0, 2])
        .map((n) => {
          if (n === 1) throw new Error("broken");
          return n;
        })
        .debounce(10);
      await expect(stream.next()).rejects.toThrow("broken");
      expect(clock.elapsed).toBe(2);
    }));

  test("time that nobody waits is not quiet", () =>
    virtual(async (clock) => {
      const ch = chan<string>(8);
      const stream = Stream.from(ch).debounce(10);
      await ch.send("old");
      expect((await select({ item: recv(stream), tick: sleep(5) })).key).toBe("tick");
      await sleep(100);
      await ch.send("new");
      expect([await stream.recv(), clock.elapsed]).toEqual(["new", 115]);
      await stream.close();
    }));
});

describe("timeout", () => {
  test("items that are in time pass, and the first that is not fails the stream", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stream = paced([5, 9, 30, 1], log).timeout(10);
      expect([await stream.recv(), await stream.recv(), clock.elapsed]).toEqual([0, 1, 14]);
      const error = await stream.next().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(CancelledError);
      expect([error.name, clock.elapsed]).toEqual(["TimeoutError", 24]);
      expect(error.cause).toBeInstanceOf(TimeoutError);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      expect(log).toEqual(["ask 0", "ask 1", "ask 2", "closed"]);
    }));

  test("an end that is late is late, too", () =>
    virtual(async () => {
      await expect(paced([1], [], 50).timeout(10).toArray()).rejects.toThrow("an item took longer than 10 ms");
    }));

  test("what is done between two items does not count", () =>
    virtual(async () => {
      const seen: number[] = [];
      for await (const item of paced([5, 5, 5]).timeout(10)) {
        seen.push(item);
        await sleep(100);
      }
      expect(seen).toEqual([0, 1, 2]);
    }));

  test("pulls that are given up add up, and the time between them does not count", () =>
    virtual(async (clock) => {
      const ch = chan<string>();
      const stream = Stream.from(ch).timeout(10);
      for (let i = 0; i < 3; i++) {
        expect((await select({ item: recv(stream), tick: sleep(3) })).key).toBe("tick");
        await sleep(100);
      }
      await expect(stream.next()).rejects.toThrow(CancelledError);
      expect(clock.elapsed).toBe(3 * 103 + 1);
    }));

  test("Infinity is no limit", () =>
    virtual(async () => expect(await paced([500]).timeout(Infinity).toArray()).toEqual([0])));
});

describe("chunksTimeout", () => {
  test("a chunk when it is full, or ms after its first item", () =>
    virtual(async (clock) => {
      expect(await stamped(timed([0, 1, 2, 3, 20, 24, 25, 50], 51).chunksTimeout(3, 5), clock)).toEqual([
        [[0, 1, 2], 2],
        [[3], 8],
        [[4, 5], 25],
        [[6], 30],
        [[7], 51],
      ]);
    }));

  test("chunks of one need no time", () =>
    virtual(async (clock) => {
      expect(await Stream.range(0, 3).chunksTimeout(1, 100).toArray()).toEqual([[0], [1], [2]]);
      expect(clock.host.timersSet).toBe(0);
    }));
});

describe("interval", () => {
  test("numbers from 0, the first at once", () =>
    virtual(async (clock) => {
      const ticks = Stream.interval(10).take(4);
      await sleep(33);
      expect(await stamped(ticks, clock)).toEqual([
        [0, 33],
        [1, 43],
        [2, 53],
        [3, 63],
      ]);
    }));

  const slowly = async (stream: Stream<number>, clock: VirtualClock): Promise<number[]> => {
    const seen: number[] = [];
    for await (const n of stream) {
      seen.push(clock.elapsed);
      if (n === 0) await sleep(35);
      if (n === 5) break;
    }
    return seen;
  };

  test("missed ticks come in a burst, put off the others, or are skipped", () =>
    virtual(async (clock) => {
      expect(await slowly(Stream.interval(10), clock)).toEqual([0, 35, 35, 35, 40, 50]);
      const later = clock.elapsed;
      const since = (all: number[], start: number): number[] => all.map((at) => at - start);
      expect(since(await slowly(Stream.interval(10, { missed: "delay" }), clock), later)).toEqual([
        0, 35, 45, 55, 65, 75,
      ]);
      const last = clock.elapsed;
      expect(since(await slowly(Stream.interval(10, { missed: "skip", first: 0 }), clock), last)).toEqual([
        0, 35, 40, 50, 60, 70,
      ]);
    }));

  test("bad input is refused at the call", () => {
    expect(() => Stream.interval(0)).toThrow(RangeError);
    expect(() => Stream.interval(-1)).toThrow(RangeError);
    expect(() => Stream.interval(1, { missed: "twice" as never })).toThrow(TypeError);
    expect(() => Stream.interval(1, null as never)).toThrow(TypeError);
  });
});

test("bad input is refused at the call, and the stream can still be pulled", async () => {
  const stream = Stream.from([1]);
  for (const ms of [-1, Number.NaN]) {
    expect(() => stream.throttle(ms)).toThrow(RangeError);
    expect(() => stream.delay(ms)).toThrow(RangeError);
    expect(() => stream.debounce(ms)).toThrow(RangeError);
    expect(() => stream.timeout(ms)).toThrow(RangeError);
    expect(() => stream.chunksTimeout(1, ms)).toThrow(RangeError);
  }
  expect(() => stream.throttle("5" as never)).toThrow(TypeError);
  expect(() => stream.chunksTimeout(0, 1)).toThrow(RangeError);
  expect(await stream.toArray()).toEqual([1]);
});

describe.each(drivers)("pulled through $name", ({ drive }) => {
  test("items, then the end", () =>
    virtual(async () => {
      const stream = Stream.range(0, 7).throttle(1).delay(1).timeout(10).chunksTimeout(2, 5).debounce(1);
      const seen: unknown[] = [];
      for (;;) {
        const item = await drive(next(stream));
        if (item.done === true) break;
        seen.push(item.value);
      }
      expect(seen).toEqual([[0, 1], [2, 3], [4, 5], [6]]);
    }));
});

test(
  "many items that are there at once",
  async () => {
    const many = 100_000;
    expect(await Stream.range(0, many).timeout(60_000).count()).toBe(many);
    expect(await Stream.range(0, many).debounce(60_000).toArray()).toEqual([many - 1]);
    expect(await Stream.range(0, many).chunksTimeout(10, 60_000).count()).toBe(many / 10);
  },
  HEAVY,
);

// ── against naive references ──

const times = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 }).map((gaps) => {
  let now = 0;
  // Odd, and so is what is waited for after one: no item comes just when that is over.
  return gaps.map((gap) => {
    now += 2 * gap;
    return now + 1;
  });
});

const checks: {
  name: string;
  of: (stream: Stream<number>, ms: number) => Stream<unknown>;
  reference: (at: readonly number[], end: number, ms: number) => [unknown, number][];
}[] = [
  {
    name: "throttle",
    of: (stream, ms) => stream.throttle(ms),
    reference(at, _end, ms) {
      let free = 0;
      return at.map((time, index) => {
        const passed = Math.max(time, free);
        free = passed + ms;
        return [index, passed];
      });
    },
  },
  {
    name: "delay",
    of: (stream, ms) => stream.delay(ms),
    reference(at, _end, ms) {
      let free = 0;
      return at.map((time, index) => {
        free = Math.max(time, free) + ms;
        return [index, free];
      });
    },
  },
  {
    name: "debounce",
    of: (stream, ms) => stream.debounce(ms),
    reference(at, end, ms) {
      const seen: [unknown, number][] = [];
      for (const [index, time] of at.entries()) {
        const following = at[index + 1] ?? end;
        if (following > time + ms) seen.push([index, time + ms]);
        else if (index === at.length - 1) seen.push([index, end]);
      }
      return seen;
    },
  },
  {
    name: "chunksTimeout",
    of: (stream, ms) => stream.chunksTimeout(3, ms),
    reference(at, end, ms) {
      const seen: [number[], number][] = [];
      for (let i = 0; i < at.length; ) {
        const due = (at[i] as number) + ms;
        const chunk: number[] = [];
        let last = 0;
        while (i < at.length && chunk.length < 3 && (at[i] as number) <= due) {
          last = at[i] as number;
          chunk.push(i++);
        }
        seen.push([chunk, chunk.length === 3 ? last : i === at.length ? Math.min(due, end) : due]);
      }
      return seen;
    },
  },
];

test.each(checks)(
  "$name is what its reference says, whatever the times",
  async ({ of, reference }) => {
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 10 }), (at, more, half) =>
        virtual(async (clock) => {
          const ms = 2 * half + 1;
          const end = (at.at(-1) ?? 1) + 2 * more;
          const expected = reference(at, end, ms);
          expect(await stamped(of(timed(at, end), ms), clock)).toEqual(expected);
        }),
      ),
      { numRuns: 150 },
    );
  },
  HEAVY,
);

test(
  "however they are chained and wherever they are left, nothing is left behind",
  async () => {
    const step = fc.tuple(fc.integer({ min: 0, max: ways.length - 1 }), fc.integer({ min: 1, max: 6 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 }),
        fc.constantFrom("break", "error", "abort", "close"),
        fc.integer({ min: 0, max: 30 }),
        (steps, pauses, how, when) =>
          virtual(async (clock) => {
            const log: string[] = [];
            let stream: Stream<number> = paced(pauses, log).map((n) => {
              if (how === "error" && clock.elapsed >= when) throw new Error("broken");
              return n;
            });
            for (const [way] of steps) stream = (ways[way] as (typeof ways)[number]).of(stream) as Stream<number>;
            const looping = spawn(async () => {
              for await (const _ of stream) if (how === "break" && clock.elapsed >= when) break;
            });
            if (how === "abort" || how === "close") {
              await sleep(when);
              if (how === "abort") looping.abort();
              else await stream.close();
            }
            const end = await looping.settled();
            if (end.status === "failed") expect(end.error).toEqual(new Error("broken"));
            await moment();
            expect(log.filter((line) => line === "closed").length).toBeLessThanOrEqual(1);
            if (log.length > 0) expect(log).toContain("closed");
          }),
      ),
      { numRuns: 200 },
    );
  },
  HEAVY,
);
