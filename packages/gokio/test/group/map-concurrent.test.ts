import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { mapConcurrent } from "../../src/group/map-concurrent.ts";
import { xorshift } from "../../src/kernel/xorshift.ts";
import type { Block } from "../../src/task/block.ts";
import type { Self } from "../../src/task/body.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const ways = [
  { name: "awaited", run: <T>(block: Block<T>) => spawn(async () => await block) },
  {
    name: "yielded",
    run: <T>(block: Block<T>) =>
      spawn(function* () {
        return yield* block;
      }),
  },
];

const sources = [
  { name: "an iterable", of: (items: number[], log: string[]) => counted(items, log) },
  { name: "an async iterable", of: (items: number[], log: string[]) => asyncCounted(items, log) },
];

function* counted(items: number[], log: string[]): Generator<number> {
  try {
    for (const item of items) {
      log.push(`ask ${item}`);
      yield item;
    }
  } finally {
    log.push("source closed");
  }
}

async function* asyncCounted(items: number[], log: string[]): AsyncGenerator<number> {
  try {
    for (const item of items) {
      log.push(`ask ${item}`);
      yield item;
    }
  } finally {
    log.push("source closed");
  }
}

describe.each(ways)("$name", ({ run }) => {
  describe.each(sources)("over $name", ({ of }) => {
    test("results come in the order of the items, with at most the limit under way", () =>
      virtual(async (clock) => {
        let running = 0;
        let most = 0;
        const results = await run(
          mapConcurrent(of([50, 10, 30, 20, 40], []), 2, async (ms, index) => {
            most = Math.max(most, ++running);
            await sleep(ms);
            running--;
            return `${index}: ${ms}`;
          }),
        );
        expect(results).toEqual(["0: 50", "1: 10", "2: 30", "3: 20", "4: 40"]);
        // 50, then 20 on one side and 10, 30 and 40 on the other.
        expect([most, clock.elapsed]).toEqual([2, 90]);
      }));

    test("an item is asked for when there is room for it", () =>
      virtual(async () => {
        const log: string[] = [];
        const gates = chan<void>();
        const mapping = run(mapConcurrent(of([1, 2, 3, 4], log), 2, () => recv(gates)));
        await sleep(1);
        expect(log).toEqual(["ask 1", "ask 2"]);
        await gates.send();
        await sleep(1);
        expect(log).toEqual(["ask 1", "ask 2", "ask 3"]);
        for (let i = 0; i < 3; i++) await gates.send();
        expect(await mapping).toHaveLength(4);
        expect(log).toEqual(["ask 1", "ask 2", "ask 3", "ask 4", "source closed"]);
      }));

    test("the first error cancels the rest, and is thrown when all cleanup is through", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const broken = new Error("broken");
        const mapping = run(
          mapConcurrent(of([1, 2, 3, 4, 5], log), 3, function* (item) {
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
          }),
        );
        await expect(Promise.resolve(mapping)).rejects.toBe(broken);
        expect(clock.elapsed).toBe(15);
        expect(log.slice(0, 3)).toEqual(["ask 1", "ask 2", "ask 3"]);
        expect(log.slice(3).sort()).toEqual(["cleaned 1", "cleaned 3", "source closed"]);
      }));

    test("aborting the task aborts the calls and waits for them", () =>
      virtual(async (clock) => {
        const log: string[] = [];
        const mapping = run(
          mapConcurrent(of([1, 2, 3], log), 2, function* (item) {
            try {
              yield* sleep(1000);
            } finally {
              yield* sleep(10);
              log.push(`cleaned ${item}`);
            }
          }),
        );
        await sleep(5);
        mapping.abort();
        expect((await mapping.settled()).status).toBe("aborted");
        expect(clock.elapsed).toBe(15);
        expect(log.slice(2).sort()).toEqual(["cleaned 1", "cleaned 2", "source closed"]);
      }));

    test("nothing from nothing", async () => {
      expect(await run(mapConcurrent(of([], []), 3, async (n) => n))).toEqual([]);
    });
  });

  test("a source that fails cancels the calls", () =>
    virtual(async () => {
      const broken = new Error("source");
      let cleaned = false;
      const mapping = run(
        mapConcurrent(
          (async function* () {
            yield 1;
            await sleep(1);
            throw broken;
          })(),
          2,
          function* () {
            try {
              yield* sleep(1000);
            } finally {
              cleaned = true;
            }
          },
        ),
      );
      await expect(Promise.resolve(mapping)).rejects.toBe(broken);
      expect(cleaned).toBe(true);
    }));

  test("a source that does not answer does not hold up the error", () =>
    virtual(async () => {
      let closed = false;
      const source = {
        [Symbol.asyncIterator]: () => {
          let asked = 0;
          return {
            next: () =>
              asked++ === 0 ? Promise.resolve({ done: false as const, value: 1 }) : new Promise<never>(() => {}),
            return: async () => {
              closed = true;
              return { done: true as const, value: undefined };
            },
          };
        },
      };
      const mapping = run(
        mapConcurrent(source, 2, async () => {
          await sleep(5);
          throw new Error("broken");
        }),
      );
      await expect(Promise.resolve(mapping)).rejects.toThrow("broken");
      expect(closed).toBe(true);
    }));

  test("over a channel", async () => {
    const ch = chan<number>(3);
    for (const n of [1, 2, 3]) await ch.send(n);
    ch.close();
    expect(await run(mapConcurrent(ch, 2, async (n) => n * n))).toEqual([1, 4, 9]);
  });

  test("without a limit, and with many items", async () => {
    const items = Array.from({ length: 20_000 }, (_, i) => i);
    const doubled = await run(
      mapConcurrent(items, Number.POSITIVE_INFINITY, function* (n) {
        return 2 * n;
      }),
    );
    expect(doubled).toEqual(items.map((n) => 2 * n));
    const few = await run(
      mapConcurrent(items, 1, function* (n) {
        return n;
      }),
    );
    expect(few).toEqual(items);
  });
});

test("whatever the times, limits and failures: in order, within the limit, nobody left", async () => {
  const random = xorshift(42);
  const dice = (n: number): number => random() % n;
  for (let round = 0; round < 200; round++) {
    await virtual(
      async () => {
        const limit = 1 + dice(5);
        const times = Array.from({ length: dice(20) }, () => dice(30));
        const failing = dice(3) === 0 ? dice(20) : -1;
        let running = 0;
        const mapping = mapConcurrent(times, limit, async (ms, index) => {
          expect(++running).toBeLessThanOrEqual(limit);
          try {
            await sleep(ms);
            if (index === failing) throw new Error("failing");
            return index;
          } finally {
            running--;
          }
        });
        const end = await mapping.then(
          (results) => results,
          (error: Error) => error.message,
        );
        expect(end).toEqual(failing >= 0 && failing < times.length ? "failing" : times.map((_, i) => i));
        expect(running).toBe(0);
      },
      { seed: round + 1 },
    );
  }
});

test("bad input", async () => {
  for (const limit of [0, -1, 1.5, Number.NaN]) {
    expect(() => mapConcurrent([], limit, async () => {})).toThrow(RangeError);
  }
  expect(() => mapConcurrent([], 1, 5 as never)).toThrow(TypeError);
  await expect(Promise.resolve(mapConcurrent(5 as never, 1, async () => {}))).rejects.toThrow(TypeError);
  await turn();
});

test("fn gets self, whatever its parameters look like, and its tasks a name", async () => {
  const options = { name: "mapped" };
  const rest = await mapConcurrent([1], 1, async (...all) => (all[2] as Self).name, options);
  const fallback = await mapConcurrent(
    [1],
    1,
    function* (_item, _index = 5, self = { name: "none" } as Self) {
      yield* sleep(0);
      return self.name;
    },
    options,
  );
  expect([rest, fallback]).toEqual([["mapped"], ["mapped"]]);
});

test("{ inherit: true } carries the contexts of the call along", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen = (inherit: boolean) => mapConcurrent([1, 2], 1, async () => storage.getStore(), { inherit });
  const mapped = storage.run("caller", () => [seen(true), seen(false)]);
  for (const { run } of ways) {
    const stores = await storage.run("other", () => Promise.all(mapped.map((each) => run(each))));
    expect(stores).toEqual([
      ["caller", "caller"],
      [undefined, undefined],
    ]);
  }
});

test("options that are none are refused at the call", () => {
  expect(() => mapConcurrent([1], 1, async () => {}, null as never)).toThrow("options must be an object, not null");
});
