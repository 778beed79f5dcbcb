import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next } from "../../src/chan/ends.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; ; n++) yield n;
}

test("several who wait for an async source are served in turn", async () => {
  const stream = Stream.from(numbers).filter((n) => n % 3 === 0);
  expect(await Promise.all([stream.next(), stream.next(), stream.next()])).toEqual([
    { done: false, value: 0 },
    { done: false, value: 3 },
    { done: false, value: 6 },
  ]);
  expect(await stream.recv()).toBe(9);
  await stream.close();
});

test("what a stage throws fails the pull, however the item came", async () => {
  const stream = Stream.from(numbers).map((n) => {
    if (n === 2) throw new Error("two");
    return n;
  });
  expect([await stream.recv(), await stream.recv()]).toEqual([0, 1]);
  await expect(stream.recv()).rejects.toThrow("two");
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("an async source without end that gives no item lets timers move", async () => {
  const done = spawn(async () => {
    const stuck = Stream.from(numbers).filter(() => false);
    const pull = stuck.next();
    await sleep(20);
    await stuck.close();
    return (await pull).done;
  });
  expect(await done).toBe(true);
});

test("a stage may leave its own stream in the middle of an item, which is the last", async () => {
  const stream: Stream<number> = Stream.from(numbers).map((n) => {
    if (n === 3) void stream.close();
    return n;
  });
  const got: number[] = [];
  for await (const n of stream) got.push(n);
  expect(got).toEqual([0, 1, 2, 3]);
});

test("nothing is made while nobody asks", () =>
  virtual(async () => {
    let made = 0;
    const stream = Stream.from(async function* () {
      for (;;) yield made++;
    });
    expect([await stream.recv(), await stream.recv()]).toEqual([0, 1]);
    await sleep(10);
    expect(made).toBe(2);
    await stream.close();
  }));

test("several calls of next on one loop are answered in turn, and each alone", () =>
  virtual(async () => {
    const loop = Stream.from(numbers)
      .filter((n) => n % 2 === 0)
      [Symbol.asyncIterator]();
    for (const first of [0, 6, 12]) {
      const calls = [loop.next(), loop.next(), loop.next()];
      expect((await Promise.all(calls)).map((item) => item.value)).toEqual([first, first + 2, first + 4]);
    }
    await loop.return?.();
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  }));

test("a loop that waits in one task, and then in another, is cancelled with the one it waits in", () =>
  virtual(async () => {
    const ch = chan<number>(1);
    const loop = Stream.from(ch)[Symbol.asyncIterator]();
    const one = spawn(async () => (await loop.next()).value);
    await sleep(1);
    await ch.send(1);
    expect(await one).toBe(1);
    const two = spawn(async () => loop.next());
    await sleep(1);
    two.abort();
    expect((await two.settled()).status).toBe("aborted");
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  }));

describe("what has come since a pull was given up", () => {
  const late = (): Stream<number> =>
    Stream.from(async function* () {
      for (let n = 0; ; n++) {
        await new Promise<void>((resolve) => setTimeout(resolve, 1));
        yield n;
      }
    });
  const giveUp = async (stream: Stream<unknown>): Promise<void> => {
    expect((await select({ item: next(stream), now: yieldNow() })).key).toBe("now");
  };

  test.each([
    ["a source", () => late()],
    ["stages", () => late().map((n) => n)],
    ["a stream that was pulled", () => Stream.from(late())],
  ])("is given by tryRecv: %s", async (_name, make) => {
    const stream: Stream<number> = make();
    await giveUp(stream);
    await until(() => {
      const item = stream.tryRecv();
      if (item !== undefined) expect(item).toEqual({ done: false, value: 0 });
      return item !== undefined;
    });
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    await stream.close();
  });

  test("of a channel, too, and its end", () =>
    virtual(async () => {
      const ch = chan<number>(1);
      const stream = Stream.from(ch);
      await giveUp(stream);
      expect(stream.tryRecv()).toBeUndefined();
      await ch.send(7);
      expect(stream.tryRecv()).toEqual({ done: false, value: 7 });
      expect(stream.tryRecv()).toBeUndefined();
      ch.close();
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }));

  test("is an error for the next pull", () =>
    virtual(async () => {
      const stream = Stream.from([1]).map(async () => {
        await sleep(1);
        throw new Error("late");
      });
      await giveUp(stream);
      await sleep(2);
      expect(stream.tryRecv()).toBeUndefined();
      await expect(stream.next()).rejects.toThrow("late");
      expect(stream.tryRecv()).toEqual({ done: true, value: undefined });
    }));
});

test("an iterator that throws instead of giving a promise fails the pull that asked it", async () => {
  let pulls = 0;
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        if (++pulls === 3) throw new RangeError("no third");
        return Promise.resolve({ done: false, value: pulls });
      },
    }),
  };
  const got: number[] = [];
  const looping = async (): Promise<void> => {
    for await (const n of Stream.from(items)) got.push(n);
  };
  await expect(looping()).rejects.toThrow("no third");
  expect(got).toEqual([1, 2]);
});

test("a pull does not run the code of an async source in its own frame", async () => {
  let isInFrame = false;
  const where: boolean[] = [];
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        where.push(isInFrame);
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  // What a function gives is only known when it is called, and that may be in the frame.
  const stream = Stream.from(() => items);
  isInFrame = true;
  const pull = stream.next();
  isInFrame = false;
  expect(await pull).toEqual({ done: true, value: undefined });
  expect(where).toEqual([false]);
});
