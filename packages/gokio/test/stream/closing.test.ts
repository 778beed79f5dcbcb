import { describe, expect, test } from "vitest";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

/** Fails with its second item, and takes 10 ms to close. */
function failing(log: string[]): Stream<number> {
  const items = Stream.from(
    (async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        await sleep(10);
        log.push("closed");
      }
    })(),
  );
  return items.map(async (n) => {
    if (n === 2) throw new Error("broken");
    return n;
  });
}

describe("a stream that is being closed after a failure", () => {
  test("is closed to the end though somebody calls close, and the error is not lost", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = failing(log);
      await stream.next();
      const failed = stream.next().catch((error) => log.push(error.message));
      await sleep(5);
      await stream.close();
      await failed;
      expect(log).toEqual(["closed", "broken"]);
    }));

  test("is closed to the end though the task is cancelled that pulled it", () =>
    virtual(async () => {
      const log: string[] = [];
      const looping = spawn(async () => {
        for await (const _ of failing(log)) log.push("item");
      });
      await sleep(5);
      looping.abort();
      await looping.settled();
      await sleep(20);
      expect(log).toEqual(["item", "closed"]);
    }));
});

test("what is above a take is closed before what is below it gives what it has left", async () => {
  const log: string[] = [];
  function* numbers(): Generator<number> {
    try {
      yield 1;
      yield 2;
      yield 3;
    } finally {
      log.push("closed");
    }
  }
  const batches = Stream.from(numbers).take(2).chunks(5);
  await batches.forEach((batch) => void log.push(`${batch.length} items`));
  expect(log).toEqual(["closed", "2 items"]);
});
