/** What loses: it is stopped whole, before anybody is served for it and before any code of its own runs. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import { acquire } from "../../src/sync/acquire.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

type Listening = (onAbort: () => void) => Operation<unknown>;

/** Work that calls `onAbort` when its signal aborts, and never ends by itself. */
const work: { name: string; listening: Listening }[] = [
  {
    name: "a wait",
    listening: (onAbort) =>
      wait((signal) => {
        signal.addEventListener("abort", onAbort);
        return new Promise<never>(() => {});
      }),
  },
  {
    name: "an async task",
    listening: (onAbort) =>
      task(async ({ signal }) => {
        signal.addEventListener("abort", onAbort);
        await sleep(60_000);
      }),
  },
  {
    name: "a generator task",
    listening: (onAbort) =>
      task(function* ({ signal }) {
        signal.addEventListener("abort", onAbort);
        yield* sleep(60_000);
      }),
  },
];

/** Selects in a task, and then goes on for a while, so that a stray wake would show. */
const selecting = [
  {
    name: "async",
    spawn: (cases: Record<string, Operation<unknown>>): JoinHandle<unknown> =>
      spawn(async () => {
        try {
          return await select(cases, { biased: true });
        } finally {
          await sleep(0);
        }
      }),
  },
  {
    name: "generator",
    spawn: (cases: Record<string, Operation<unknown>>): JoinHandle<unknown> =>
      spawn(function* () {
        try {
          return yield* select(cases, { biased: true });
        } finally {
          yield* sleep(0);
        }
      }),
  },
];

describe.each(selecting)("in an $name task,", ({ spawn: spawnSelect }) => {
  describe.each(work)("an abort listener of $name that loses", ({ listening }) => {
    test("cannot send to a case that lost with it, and does not run in the sender's frame", async () => {
      const a = chan<string>();
      const b = chan<string>();
      const c = chan<string>();
      const log: unknown[] = [];
      const selects = spawnSelect({
        a: recv(a),
        b: recv(b),
        work: listening(() => log.push("listener", b.trySend("b"), c.trySend("c"), a.trySend("again"))),
        c: recv(c),
      });
      await turn();
      expect(a.trySend("value")).toBe(true);
      log.push("sent");
      expect(await selects).toEqual({ key: "a", value: "value" });
      expect(log).toEqual(["sent", "listener", false, false, false]);
    });

    test("runs inside the abort of the task, with every case unlinked", async () => {
      const b = chan<string>();
      const c = chan<string>();
      const log: unknown[] = [];
      const selects = spawnSelect({
        b: recv(b),
        work: listening(() => log.push("listener", b.trySend("b"), c.trySend("c"))),
        c: recv(c),
      });
      await turn();
      selects.abort("why");
      log.push("aborted");
      expect(log).toEqual(["listener", false, false, "aborted"]);
      expect(await selects.settled()).toEqual({ status: "aborted", reason: "why" });
    });

    test("may abort the task that has its value already", async () => {
      const a = chan<number>();
      const got: unknown[] = [];
      const selects = spawn(function* () {
        got.push(yield* select({ a: recv(a), work: listening(() => selects.abort("from a listener")) }));
      }) as JoinHandle<unknown>;
      await turn();
      a.trySend(1);
      expect((await selects.settled()).status).toBe("ok");
      expect(got).toEqual([{ key: "a", value: 1 }]);
    });

    test("may give back what a case that lost was waiting for, and nobody has it", async () => {
      const a = chan<number>();
      const permits = new Semaphore(1);
      const held = await permits.acquire();
      const selects = spawnSelect({
        a: recv(a),
        work: listening(() => held[Symbol.dispose]()),
        permit: acquire(permits),
      });
      await turn();
      a.trySend(1);
      expect(await selects).toEqual({ key: "a", value: 1 });
      expect(permits.available).toBe(1);
    });
  });

  test("the wait after one that was cancelled is a wait of its own, whatever a listener did", () =>
    virtual(async (clock) => {
      const b = chan<string>();
      const waiting = wait((signal) => {
        signal.addEventListener("abort", () => b.trySend("precious"));
        return new Promise<never>(() => {});
      });
      let took = -1;
      const task = spawn(function* () {
        try {
          yield* select({ waiting, b: recv(b) }, { biased: true });
        } finally {
          const from = clock.elapsed;
          yield* sleep(50);
          took = clock.elapsed - from;
        }
      });
      await sleep(5);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect([took, b.tryRecv()]).toEqual([50, undefined]);
    }));
});

describe("one cancellation of several waits: a listener of the first finds nobody waiting", () => {
  const telling = (onAbort: () => void) =>
    wait((signal) => {
      signal.addEventListener("abort", onAbort);
      return new Promise<never>(() => {});
    });

  test("on one token", async () => {
    const token = new CancellationToken();
    const ch = chan<string>();
    const seen: unknown[] = [];
    const name = (error: Error): string => error.name;
    const first = select({ work: telling(() => seen.push(token.isCancelled, ch.trySend("x"))) });
    const waits = [token.runUntilCancelled(first).then(String, name), ch.recv({ signal: token }).then(String, name)];
    await turn();
    token.cancel("stop");
    expect(seen).toEqual([true, false]);
    expect(await Promise.all(waits)).toEqual(["undefined", "AbortError"]);
  });

  test("in one task", async () => {
    const ch = chan<string>();
    const seen: unknown[] = [];
    const both = spawn(async () => {
      const first = telling(() => seen.push(ch.trySend("lost?"))).then(
        () => {},
        () => {},
      );
      await Promise.all([first, ch.recv()]);
    });
    await turn();
    both.abort();
    expect(seen).toEqual([false]);
    expect((await both.settled()).status).toBe("aborted");
  });
});

describe("the queue that a loser leaves", () => {
  test("serves none of those who lost with it", async () => {
    const permits = new Semaphore(3);
    const held = await permits.acquire(2);
    const ch = chan<string>();
    const log: string[] = [];
    const selects = spawn(function* () {
      return yield* select({
        message: recv(ch),
        many: task(() => acquire(permits, 3)),
        one: task(function* () {
          yield* acquire(permits, 1);
          log.push("a permit after the select was decided");
        }),
      });
    });
    await turn();
    ch.trySend("it");
    expect(permits.available).toBe(1);
    expect(await selects).toEqual({ key: "message", value: "it" });
    expect([log, permits.available]).toEqual([[], 1]);
    held[Symbol.dispose]();
    expect(permits.available).toBe(3);
  });

  test("serves none of those who are aborted with it, but who stood behind them", async () => {
    const permits = new Semaphore(3);
    const held = await permits.acquire(2);
    const log: string[] = [];
    const selects = spawn(function* () {
      yield* select({
        many: task(() => acquire(permits, 3)),
        one: task(function* () {
          yield* acquire(permits, 1);
          log.push("a permit after the abort");
        }),
      });
    });
    await turn();
    const behind = permits.acquire();
    await turn();
    selects.abort();
    expect((await selects.settled()).status).toBe("aborted");
    (await behind)[Symbol.dispose]();
    expect(log).toEqual([]);
    held[Symbol.dispose]();
    expect(permits.available).toBe(3);
  });
});

test(
  "20,000 tasks lose to one message, and all clean up first",
  async () => {
    const COUNT = 20_000;
    const ch = chan<string>();
    const never = chan<never>();
    const cases: Record<string, Operation<unknown>> = { message: recv(ch) };
    let started = 0;
    let cleaned = 0;
    for (let i = 0; i < COUNT; i++) {
      cases[`task ${i}`] = task(function* () {
        started++;
        try {
          yield* recv(never);
        } finally {
          cleaned++;
        }
      });
    }
    const won = select(cases).then((it) => [it, cleaned]);
    while (started < COUNT) await turn();
    expect(ch.trySend("it")).toBe(true);
    expect(await won).toEqual([{ key: "message", value: "it" }, COUNT]);
  },
  HEAVY,
);

test("a task that is stopped with its select is not told that another case has won", async () => {
  const causes: unknown[] = [];
  const selects = spawn(async () => {
    await select({
      work: task(async () => {
        await chan()
          .recv()
          .catch((error: Error) => causes.push(error.cause));
      }),
    });
  });
  await turn();
  selects.abort("shutdown");
  expect(await selects.settled()).toEqual({ status: "aborted", reason: "shutdown" });
  expect(causes.length).toBe(1);
  expect(String(causes[0])).not.toMatch(/won|another|other/);
});
