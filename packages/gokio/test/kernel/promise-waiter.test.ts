/** The await driver. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

test("gives native promises", async () => {
  const ch = chan<number>(1);
  const sent = ch.send(1);
  expect(sent).toBeInstanceOf(Promise);
  expect(recv(ch).then((value) => value)).toBeInstanceOf(Promise);
  await sent;
});

test("an operation is lazy until it is awaited, and then starts at the await", async () => {
  const ch = chan<number>(1);
  const op = send(ch, 1);
  await turn();
  expect(ch.length).toBe(0);
  await op;
  expect(ch.length).toBe(1);
});

test(
  "the calls of one caller take effect in order, budget or not",
  async () => {
    const ch = chan<number>(500_000);
    for (let i = 0; i < 200_000; i++) void ch.send(i);
    expect(ch.length).toBe(200_000);
    const got: Promise<number>[] = [];
    for (let i = 0; i < 200_000; i++) got.push(ch.recv());
    const values = await Promise.all(got);
    expect(values.every((value, i) => value === i)).toBe(true);
  },
  HEAVY,
);

test("an error of the try is a rejection, and never thrown at the caller", async () => {
  const ch = chan<number>();
  ch.close();
  const promise = ch.recv();
  await expect(promise).rejects.toThrow("chan(0) is closed");
});

describe("an aborted async task", () => {
  test("has its wait rejected, and every later one, at once", async () => {
    const ch = chan<number>(1);
    const errors: unknown[] = [];
    const task = spawn(async () => {
      for (let i = 0; i < 3; i++) await ch.recv().catch((error) => errors.push(error));
      ch.trySend(1);
      await ch.recv().catch((error) => errors.push(error));
    });
    await turn();
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    expect(errors.length).toBe(4);
    expect(new Set(errors).size).toBe(1);
    expect(errors[0]).toMatchObject({ name: "AbortError", cause: "why" });
    expect(ch.length).toBe(1);
  });

  test("that was woken already gets its value first", async () => {
    const ch = chan<number>();
    let got: unknown;
    const task = spawn(async () => {
      got = await ch.recv();
      await ch.recv();
    });
    await turn();
    ch.trySend(5);
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(got).toBe(5);
  });

  test("leaves no unhandled rejection, though nobody looks at its waits", async () => {
    const seen = await unhandledDuring(async () => {
      const ch = chan<number>();
      const task = spawn(async () => {
        void ch.recv();
        void sleep(1_000_000).then(() => {});
        await ch.recv();
      });
      await turn();
      task.abort();
      await task.settled();
    });
    // The promise that `then` made of a wait is the caller's own.
    expect(seen.length).toBe(1);
    expect(seen[0]).toMatchObject({ name: "AbortError" });
  });

  test("a wait's own signal is a rejection like any other", async () => {
    const token = new CancellationToken();
    const seen = await unhandledDuring(async () => {
      void chan().recv({ signal: token });
      token.cancel("unobserved");
      await turn();
    });
    expect(seen).toMatchObject([{ name: "AbortError", cause: "unobserved" }]);
  });

  test("its cleanup can wait in a shield only, and is waited for", async () => {
    await virtual(async (clock) => {
      const events: unknown[] = [];
      const task = spawn(async () => {
        try {
          await sleep(1000);
        } finally {
          try {
            await sleep(50);
          } catch {
            events.push("refused", clock.elapsed);
          }
          await shield(() => sleep(50));
          events.push(clock.elapsed);
        }
      });
      await sleep(10);
      task.abort();
      await task.settled();
      expect(events).toEqual(["refused", 10, 60]);
    });
  });
});
