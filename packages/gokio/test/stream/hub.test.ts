/** Several readers of one stream: tee, share, partition, groupBy. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { ClosedError, MisuseError } from "../../src/errors.ts";
import { scope } from "../../src/group/scope.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { HEAVY, turn, until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** The natural numbers, which note how far they were pulled and when they were closed. */
class Naturals {
  pulled = 0;
  closed = 0;

  *[Symbol.iterator](): Generator<number, void> {
    try {
      for (;;) yield this.pulled++;
    } finally {
      this.closed++;
    }
  }
}

/** As {@link Naturals}, one after the other. */
async function* slowly(from: Naturals, ms = 1): AsyncGenerator<number, void> {
  for (const n of from) {
    await sleep(ms);
    yield n;
  }
}

async function take<T>(stream: Stream<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < count) items.push((await stream.recv()) as T);
  return items;
}

/** Whether `promise` is still pending after a turn. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await turn();
  return !isSettled;
}

describe.each([
  { name: "a synchronous source", from: (source: Naturals) => Stream.from(source) },
  { name: "an async source", from: (source: Naturals) => Stream.from(slowly(source)) },
])("tee over $name", ({ from }) => {
  test("gives every item to every branch, and pulls nothing that nobody asked for", () =>
    virtual(async () => {
      const source = new Naturals();
      const [a, b, c] = from(source).tee(3) as [Stream<number>, Stream<number>, Stream<number>];
      expect(source.pulled).toBe(0);
      expect(await take(a, 3)).toEqual([0, 1, 2]);
      expect(source.pulled).toBe(3);
      expect(await take(b, 2)).toEqual([0, 1]);
      expect(await take(c, 4)).toEqual([0, 1, 2, 3]);
      expect(source.pulled).toBe(4);
      expect(await take(a, 1)).toEqual([3]);
      await Promise.all([a, b, c].map((each) => each.close()));
      expect(source.closed).toBe(1);
    }));

  test("lets the fastest be `buffer` items ahead of the slowest, and no more", () =>
    virtual(async () => {
      const source = new Naturals();
      const [fast, slow] = from(source).tee(2, { buffer: 4 });
      expect(await take(fast, 4)).toEqual([0, 1, 2, 3]);
      const fifth = fast.recv();
      await sleep(10);
      expect(source.pulled).toBe(4);
      expect(await slow.recv()).toBe(0);
      expect(await fifth).toBe(4);
      const sixth = fast.recv();
      await sleep(10);
      expect(source.pulled).toBe(5);
      // One who leaves holds nobody back.
      await slow.close();
      expect(await sixth).toBe(5);
      expect(await take(fast, 10)).toHaveLength(10);
      expect(source.closed).toBe(0);
      await fast.close();
      expect(source.closed).toBe(1);
    }));

  test("a pull that is given up takes nothing from anybody", () =>
    virtual(async () => {
      const source = new Naturals();
      const [fast, slow] = from(source).tee(2, { buffer: 1 });
      expect(await fast.recv()).toBe(0);
      const stop = new CancellationToken();
      const second = fast.recv({ signal: stop });
      await sleep(5);
      stop.cancel();
      await expect(second).rejects.toThrow("cancelled");
      expect(await slow.recv()).toBe(0);
      await sleep(5);
      expect(source.pulled).toBe(1);
      expect(await slow.recv()).toBe(1);
      expect(await fast.recv()).toBe(1);
      await Promise.all([fast.close(), slow.close()]);
    }));

  test("breaking out of every loop closes upstream with the last", () =>
    virtual(async () => {
      const source = new Naturals();
      const branches = from(source).tee(3);
      const seen = branches.map(async (branch, index) => {
        let count = 0;
        for await (const _ of branch) if (++count === 5 * (index + 1)) break;
        return source.closed;
      });
      expect(await Promise.all(seen)).toEqual([0, 0, 1]);
      expect(source.pulled).toBe(15);
    }));
});

describe("tee", () => {
  test("tells every branch of an error once, after what came before it", async () => {
    const failing = Stream.from([1, 2, 3]).map((n) => {
      if (n === 3) throw new Error("three");
      return n;
    });
    for (const branch of failing.tee(3)) {
      expect(await take(branch, 2)).toEqual([1, 2]);
      await expect(branch.recv()).rejects.toThrow("three");
      expect(await branch.next()).toEqual({ done: true, value: undefined });
    }
  });

  test("an error that is a ClosedError is an error all the same", async () => {
    const failing = Stream.from([1]).map((): number => {
      throw new ClosedError("something else");
    });
    for (const branch of failing.tee()) await expect(branch.next()).rejects.toThrow("something else is closed");
  });

  test("an error wakes all who wait", () =>
    virtual(async () => {
      const ch = chan<number>();
      const [a, b] = Stream.from(ch)
        .map((): number => {
          throw new Error("bad");
        })
        .tee();
      const ends = Promise.allSettled([a.recv(), b.recv(), b.recv()]);
      await sleep(1);
      await ch.send(1);
      expect((await ends).map((end) => (end as PromiseRejectedResult).reason.message)).toEqual([
        "bad",
        "bad",
        expect.stringMatching(/is closed$/),
      ]);
    }));

  test("the end wakes all who wait", () =>
    virtual(async () => {
      const ch = chan<number>();
      const [a, b] = Stream.from(ch).tee();
      const ends = Promise.all([a.next(), b.next(), b.next()]);
      await sleep(1);
      ch.close();
      expect((await ends).map(({ done }) => done)).toEqual([true, true, true]);
    }));

  test("a reader that is aborted leaves the others what they had, and what comes", () =>
    virtual(async () => {
      const source = new Naturals();
      const [a, b] = Stream.from(slowly(source)).tee();
      const first = spawn(function* () {
        for (;;) yield* recv(a);
      });
      await sleep(3.5);
      first.abort();
      expect(await take(b, 6)).toEqual([0, 1, 2, 3, 4, 5]);
      await b.close();
      expect(source.closed).toBe(1);
    }));

  test("branches that nobody has pulled can be closed, and upstream with them", async () => {
    const log: string[] = [];
    const items = Stream.from({
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 1 }),
        return: () => {
          log.push("closed");
          return { done: true as const, value: undefined };
        },
      }),
    });
    const [a, b] = items.tee();
    expect(await a.recv()).toBe(1);
    await a.close();
    expect(log).toEqual([]);
    await b.close();
    expect(log).toEqual(["closed"]);
  });

  test("who closes the last branch waits for upstream's cleanup, and gets what it throws", () =>
    virtual(async (clock) => {
      const [a, b] = Stream.from(async function* () {
        try {
          yield 1;
          yield 2;
        } finally {
          await sleep(10);
          throw new Error("cleanup");
        }
      }).tee();
      await a.recv();
      await a.close();
      expect(clock.elapsed).toBe(0);
      await expect(b.close()).rejects.toThrow("cleanup");
      expect(clock.elapsed).toBe(10);
    }));

  test("a pull that loses a select is kept", () =>
    virtual(async () => {
      const source = new Naturals();
      const [a, b] = Stream.from(slowly(source, 10)).tee();
      for (let i = 0; i < 3; i++) expect((await select({ item: recv(a), late: sleep(3) })).key).toBe("late");
      expect(await a.recv()).toBe(0);
      expect(await b.recv()).toBe(0);
      await Promise.all([a.close(), b.close()]);
    }));

  test("code upstream that reads a branch of its own gets the items in order", async () => {
    const inner: Promise<number>[] = [];
    const branches: Stream<number>[] = [];
    branches.push(
      ...Stream.range(0, 4)
        .inspect(() => void inner.push((branches[1] as Stream<number>).recv()))
        .tee(),
    );
    expect(await (branches[0] as Stream<number>).toArray()).toEqual([0, 1, 2, 3]);
    expect(await Promise.all(inner)).toEqual([0, 1, 2, 3]);
    await branches[1]?.close();
  });

  test("reads many items without a stack or a task hogging the rest", async () => {
    const [a, b] = Stream.range(0, 50_000).tee();
    expect(await Promise.all([a.count(), b.reduce((sum, n) => sum + n, 0)])).toEqual([50_000, 1_249_975_000]);
  });

  test("holds the process for a reader that does, though others waited before who do not", () =>
    virtual(async ({ host }) => {
      const [a, b] = Stream.interval(10).tee();
      // An interval begins at once.
      await Promise.all([take(a, 1), take(b, 1)]);
      const daemon = spawn(() => recv(a), { daemon: true });
      await sleep(1);
      expect(host.heldTimers).toBe(0);
      const pulled = b.recv();
      await sleep(1);
      expect(host.heldTimers).toBe(1);
      expect(await pulled).toBe(await daemon);
      await Promise.all([a.close(), b.close()]);
    }));

  test("checks its arguments before it takes the stream", async () => {
    const items = Stream.from([1]);
    expect(() => items.tee(0 as 2)).toThrow(RangeError);
    expect(() => items.tee(2, { buffer: 0 })).toThrow(RangeError);
    expect(() => items.tee("2" as never)).toThrow(TypeError);
    expect(() => items.share({ buffer: 1.5 })).toThrow(RangeError);
    expect(() => items.partition(1 as never)).toThrow(TypeError);
    expect(() => items.groupBy(undefined as never)).toThrow(TypeError);
    expect(() => items.groupBy((n) => n, { buffer: -1 })).toThrow(RangeError);
    expect(await items.toArray()).toEqual([1]);
    expect(() => items.tee()).toThrow(MisuseError);
  });

  test(
    "whatever happens at once, each branch sees what came, in order",
    async () => {
      const steps = fc.array(
        fc.array(
          fc.record({ what: fc.constantFrom("pull", "cancel", "feed", "close"), branch: fc.nat(2), times: fc.nat(3) }),
        ),
        { maxLength: 20 },
      );
      const run = async (
        buffer: number,
        rushes: { what: string; branch: number; times: number }[][],
      ): Promise<void> => {
        const ch = chan<number>(1000);
        let fed = 0;
        let pulled = 0;
        const branches = Stream.from(ch)
          .inspect(() => pulled++)
          .tee(3, { buffer });
        const seen: number[][] = [[], [], []];
        const closed = new Set<number>();
        const pulls: { token: CancellationToken; end: Promise<unknown> }[] = [];
        for (const rush of rushes) {
          for (const { what, branch, times } of rush) {
            if (what === "pull") {
              const token = new CancellationToken();
              const end = (branches[branch] as Stream<number>).next({ signal: token }).then(
                (item) => item.done || seen[branch]?.push(item.value),
                () => {},
              );
              pulls.push({ token, end });
            } else if (what === "cancel") pulls[pulls.length - 1 - times]?.token.cancel();
            else if (what === "feed") for (let i = 0; i < times; i++) ch.trySend(fed++);
            else if (times === 0) {
              closed.add(branch);
              void branches[branch]?.close();
            }
          }
          await turn();
          // Each may hold one item for the next pull, beyond its queue.
          const open = seen.filter((_, branch) => !closed.has(branch));
          const slowest = Math.min(...open.map((items) => items.length));
          if (open.length > 0) expect(pulled - slowest).toBeLessThanOrEqual(buffer + 1);
        }
        for (const items of seen) expect(items).toEqual(items.map((_, index) => index));
        await Promise.all(branches.map((branch) => branch.close()));
        await Promise.all(pulls.map(({ end }) => end));
      };
      await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 3 }), steps, run), { numRuns: 200, seed: 7010 });
    },
    HEAVY,
  );
});

describe("share", () => {
  test("shows a subscriber the items from then on", async () => {
    const source = new Naturals();
    const shared = Stream.from(source).share({ buffer: 2 });
    const a = shared.subscribe();
    expect(source.pulled).toBe(0);
    expect(await take(a, 2)).toEqual([0, 1]);
    const b = shared.subscribe();
    expect(shared.subscribers).toBe(2);
    expect(await take(a, 2)).toEqual([2, 3]);
    const blocked = a.recv();
    expect(await isPending(blocked)).toBe(true);
    expect(await take(b, 1)).toEqual([2]);
    expect(await blocked).toBe(4);
    await a.close();
    expect([source.closed, shared.subscribers]).toEqual([0, 1]);
    await b.close();
    expect([source.closed, shared.subscribers]).toEqual([1, 0]);
    expect(await shared.subscribe().toArray()).toEqual([]);
    expect(source.closed).toBe(1);
  });

  test("a late subscriber to a stream that has failed is told so", async () => {
    const shared = Stream.from([1])
      .map((): number => {
        throw new Error("one");
      })
      .share();
    await expect(shared.subscribe().toArray()).rejects.toThrow("one");
    await expect(shared.subscribe().toArray()).rejects.toThrow("one");
  });
});

describe("partition", () => {
  test("splits by the predicate, which is asked once about each item, and may be async", () =>
    virtual(async () => {
      const asked: number[] = [];
      const [even, odd] = Stream.range(0, 8).partition(async (n, index) => {
        expect(index).toBe(n);
        await sleep(1);
        asked.push(n);
        return n % 2 === 0;
      });
      expect(await Promise.all([even.toArray(), odd.toArray()])).toEqual([
        [0, 2, 4, 6],
        [1, 3, 5, 7],
      ]);
      expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }));

  test("keeps at most `buffer` items for the one that is not pulled", async () => {
    const source = new Naturals();
    const [small, large] = Stream.from(source).partition((n) => n < 3, { buffer: 4 });
    expect(await take(small, 3)).toEqual([0, 1, 2]);
    expect(source.pulled).toBe(3);
    const none = small.recv();
    expect(await isPending(none)).toBe(true);
    expect(source.pulled).toBe(7);
    expect(await large.recv()).toBe(3);
    expect(await isPending(none)).toBe(true);
    expect(source.pulled).toBe(8);
    await small.close();
    await expect(none).rejects.toThrow("closed");
    expect(await take(large, 5)).toEqual([4, 5, 6, 7, 8]);
    await large.close();
    expect(source.closed).toBe(1);
  });

  test("drops what is for one that was closed, and lets others run meanwhile", async () => {
    const source = new Naturals();
    const [never, large] = Stream.from(source).partition((n) => n < 0);
    await large.close();
    const pull = never.recv();
    await until(() => source.pulled > 100);
    await never.close();
    await expect(pull).rejects.toThrow("closed");
    expect(source.closed).toBe(1);
  });

  test("a predicate that throws fails both", async () => {
    const [a, b] = Stream.range(0).partition((n) => {
      if (n === 1) throw new Error("one");
      return true;
    });
    expect(await a.recv()).toBe(0);
    await expect(a.recv()).rejects.toThrow("one");
    await expect(b.recv()).rejects.toThrow("one");
  });
});

describe("groupBy", () => {
  test("gives a stream for each key, in the order in which they appear", () =>
    virtual(async () => {
      const words = ["apple", "bean", "avocado", "cherry", "banana", "apricot"];
      const groups = Stream.from(words).groupBy((word) => word[0]);
      const found: [string | undefined, string[]][] = [];
      await scope(async (s) => {
        for await (const [key, group] of groups) {
          const entry: [string | undefined, string[]] = [key, []];
          found.push(entry);
          s.spawn(() => group.forEach((word) => void entry[1].push(word)));
        }
      });
      expect(found).toEqual([
        ["a", ["apple", "avocado", "apricot"]],
        ["b", ["bean", "banana"]],
        ["c", ["cherry"]],
      ]);
    }));

  test("groups by NaN and by identity, as a Map does", async () => {
    const groups = await Stream.from([Number.NaN, 0, Number.NaN, -0])
      .groupBy((n) => n)
      .toArray();
    expect(groups.map(([key]) => key)).toEqual([Number.NaN, 0]);
    expect(await Promise.all(groups.map(([, group]) => group.toArray()))).toEqual([
      [Number.NaN, Number.NaN],
      [0, -0],
    ]);
  });

  test("keeps at most `buffer` items for a group, and `buffer` groups", async () => {
    const source = new Naturals();
    const groups = Stream.from(source).groupBy((n) => (n < 10 ? 0 : n), { buffer: 3 });
    const [, zero] = (await groups.recv()) as [number, Stream<number>];
    const second = groups.recv();
    expect(await isPending(second)).toBe(true);
    expect(source.pulled).toBe(3);
    expect(await take(zero, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await second)[0]).toBe(10);
    const none = zero.recv();
    expect(await isPending(none)).toBe(true);
    expect(source.pulled).toBe(14);
    await zero.close();
    await none.catch(() => {});
    await groups.close();
    expect(source.closed).toBe(1);
  });

  test("drops the items of a group that was closed", async () => {
    const groups = Stream.range(0, 100).groupBy((n) => n % 2, { buffer: 2 });
    const [, even] = (await groups.recv()) as [number, Stream<number>];
    await even.close();
    const [, odd] = (await groups.recv()) as [number, Stream<number>];
    expect(await odd.count()).toBe(50);
    expect(await groups.next()).toEqual({ done: true, value: undefined });
  });

  test("when the groups are left, those go on that were pulled, and the others are cut off", async () => {
    const source = new Naturals();
    const groups = Stream.from(source).groupBy((n) => n % 4, { buffer: 2 });
    const [, zero] = (await groups.recv()) as [number, Stream<number>];
    expect(await zero.recv()).toBe(0);
    const [, one] = (await groups.recv()) as [number, Stream<number>];
    await groups.close();
    expect(source.closed).toBe(0);
    await expect(one.recv()).rejects.toThrow(MisuseError);
    await expect(one.recv()).rejects.toThrow(ClosedError);
    expect(await take(zero, 20)).toHaveLength(20);
    await zero.close();
    expect(source.closed).toBe(1);
    await one.close();
  });

  test("leaving the groups closes upstream if no group was pulled", async () => {
    const source = new Naturals();
    const groups = Stream.from(source).groupBy((n) => n);
    for await (const [key] of groups) if (key === 3) break;
    expect([source.pulled, source.closed]).toEqual([4, 1]);
  });

  test("groups that were not read before the end have all their items still", async () => {
    const groups = await Stream.range(0, 6)
      .groupBy((n) => n % 2)
      .toArray();
    expect(await Promise.all(groups.map(([, group]) => group.toArray()))).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });

  test("an error reaches the stream of groups and each group", async () => {
    const groups = Stream.range(0, 5)
      .inspect((n) => {
        if (n === 3) throw new Error("three");
      })
      .groupBy((n) => n % 2);
    const [, even] = (await groups.recv()) as [number, Stream<number>];
    const [, odd] = (await groups.recv()) as [number, Stream<number>];
    await expect(groups.recv()).rejects.toThrow("three");
    expect(await take(even, 2)).toEqual([0, 2]);
    await expect(even.recv()).rejects.toThrow("three");
    expect(await odd.recv()).toBe(1);
    await expect(odd.recv()).rejects.toThrow("three");
  });

  test("a group read in a generator task", () =>
    virtual(async () => {
      const groups = Stream.from(slowly(new Naturals()))
        .take(4)
        .groupBy((n) => n % 2);
      const got = await spawn(function* () {
        const [, even] = yield* recv(groups);
        const items: number[] = [];
        for (let item = yield* next(even); item.done !== true; item = yield* next(even)) items.push(item.value);
        return items;
      });
      expect(got).toEqual([0, 2]);
      await groups.close();
    }));
});
