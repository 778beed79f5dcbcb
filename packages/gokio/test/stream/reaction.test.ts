import { expect, test } from "vitest";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
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
