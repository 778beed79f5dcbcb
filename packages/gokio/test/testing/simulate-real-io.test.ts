/** Real work inside a simulation: it is named, or waited for; never passed over. */
import { exec } from "node:child_process";
import { pbkdf2 } from "node:crypto";
import { lookup } from "node:dns";
import { readFile as readFileByCallback } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { gzip } from "node:zlib";
import { describe, expect, test } from "vitest";
import { sleep, spawn } from "../../src/index.ts";
import { RealIoError, simulate } from "../../src/testing/index.ts";

const HERE = import.meta.filename;

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`it did not fail: ${value}`);
    },
    (error) => error,
  );
}

const nothing = (): void => {};

describe("real work", () => {
  test.each<[string, () => unknown]>([
    ["a file operation", () => readFile(HERE)],
    ["a file operation", () => readFileByCallback(HERE, nothing)],
    ["a DNS look-up", () => lookup("localhost", nothing)],
    ["a TCP connection", () => connect(1, "127.0.0.1").on("error", nothing)],
    ["a server", () => createServer().listen(0).close()],
    ["a child process", () => exec("true")],
    ["cryptography on another thread", () => pbkdf2("a", "b", 1, 8, "sha1", nothing)],
    ["compression on another thread", () => gzip("text", nothing)],
    ["a worker thread", () => new Worker("", { eval: true })],
    ["a timer of the machine", () => setTimeout(nothing, 1)],
    ["a timer of the machine", () => delay(1)],
    ["a timer of the machine", () => AbortSignal.timeout(1)],
  ])("is named, with its place: %s", async (what, start) => {
    const error = await errorOf(
      simulate(async () => {
        await start();
        await sleep(1000);
      }),
    );
    expect(error).toBeInstanceOf(RealIoError);
    expect(error.message).toMatch(/^real I\/O in a simulation, whose clock knows nothing of it:/);
    expect(error.message).toMatch(new RegExp(`\n  ${what}, started at .*simulate-real-io\\.test\\.ts:\\d+:\\d+`));
    expect(error.message.includes("{ fakeTimers: true }")).toBe(what.includes("timer"));
  });

  test("is named in generator tasks, and where nobody waits for it", async () => {
    const error = await errorOf(
      simulate(function* () {
        spawn(function* () {
          yield* sleep(1);
          void readFile(HERE);
        });
        yield* sleep(5);
      }),
    );
    expect(error).toBeInstanceOf(RealIoError);
    const last = simulate(async () => void readFile(HERE));
    await expect(last).rejects.toThrow(RealIoError);
  });

  test("of others is none of its business", async () => {
    const outside = readFile(HERE);
    const timer = delay(20);
    const elapsed = await simulate(async (sim) => {
      for (let i = 0; i < 100; i++) await sleep(1);
      return sim.elapsed;
    });
    expect(elapsed).toBe(100);
    await Promise.all([outside, timer]);
  });

  test("is not what prints", async () => {
    await simulate(async () => {
      console.log("printed in a simulation");
      process.stdout.write("");
      await sleep(1);
    });
  });

  test("is waited for where that is allowed, and time stands still", async () => {
    const seen = await simulate(
      async (sim) => {
        const times: number[] = [];
        const ticker = spawn(async () => {
          await sleep(1);
          times.push(sim.elapsed);
        });
        const text = await readFile(HERE, "utf8");
        times.push(sim.elapsed);
        await delay(5);
        times.push(sim.elapsed);
        await ticker;
        return [times, text.length > 0];
      },
      { realIo: 15_000 },
    );
    expect(seen).toEqual([[0, 0, 1], true]);
  });

  test("is not waited for for longer than that", async () => {
    let timer: NodeJS.Timeout | undefined;
    const error = await errorOf(
      simulate(
        async () => {
          timer = setTimeout(nothing, 60_000);
          await sleep(1);
        },
        { realIo: 20 },
      ),
    );
    clearTimeout(timer);
    expect(error).toBeInstanceOf(RealIoError);
    expect(error.message).toMatch(/^the simulation has waited for more than 20 ms of real time, its limit, for/);
    expect(error.message).toMatch(/a timer of the machine, started at .*simulate-real-io.test.ts/);
  });

  test("that was given up is not waited for", async () => {
    const elapsed = await simulate(
      async (sim) => {
        clearTimeout(setTimeout(nothing, 60_000));
        await sleep(1);
        return sim.elapsed;
      },
      { realIo: 15_000 },
    );
    expect(elapsed).toBe(1);
  });
});

describe("turns of the event loop", () => {
  test.each<[string, (then: () => void) => void]>([
    ["setImmediate", (then) => setImmediate(then)],
    ["nextTick", (then) => process.nextTick(then)],
    ["both", (then) => setImmediate(() => process.nextTick(then))],
    ["queueMicrotask", (then) => queueMicrotask(then)],
  ])("come before time passes: %s", async (_name, turn) => {
    const seen = await simulate(async (sim) => {
      const late = spawn(async () => {
        for (let i = 0; i < 100; i++) await sleep(1);
        return sim.elapsed;
      });
      await sleep(3);
      for (let i = 0; i < 50; i++) await new Promise<void>(turn);
      return [sim.elapsed, await late];
    });
    expect(seen).toEqual([3, 100]);
  });

  test("that are taken back are not waited for", async () => {
    const elapsed = await simulate(async (sim) => {
      clearImmediate(setImmediate(nothing));
      await sleep(1);
      return sim.elapsed;
    });
    expect(elapsed).toBe(1);
  });
});
