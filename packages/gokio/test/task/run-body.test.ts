/** Whatever a body is, each construct of a generator task runs it to its end, and ends it with the task. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { scope } from "../../src/group/scope.ts";
import { err } from "../../src/result.ts";
import { attempt } from "../../src/task/attempt.ts";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { defer } from "../../src/task/defer.ts";
import { each } from "../../src/task/each.ts";
import { type JoinHandle, settled } from "../../src/task/join-handle.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { use } from "../../src/task/use.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

type AnyTask = Task<unknown>;
type AnyBody = () => never;

const constructs: { name: string; run(body: AnyBody): AnyTask }[] = [
  {
    name: "call",
    *run(body) {
      return yield* call(body);
    },
  },
  {
    name: "a timeout",
    *run(body) {
      return yield* timeout(1_000_000, body);
    },
  },
  {
    name: "use",
    *run(body) {
      return yield* use({ [Symbol.dispose]() {} }, body);
    },
  },
  {
    name: "attempt",
    *run(body) {
      const [value, error] = yield* attempt(body as never) as never as ReturnType<typeof call<[], [unknown, unknown]>>;
      if (error !== undefined) throw error;
      return value;
    },
  },
  {
    name: "each over a channel",
    *run(body) {
      const ch = chan<number>(9);
      for (let n = 0; n < 9; n++) ch.trySend(n);
      let value: unknown;
      yield* each(ch, function* () {
        value = yield* call(body);
        ch.close();
        while (ch.tryRecv()?.done === false);
      });
      return value;
    },
  },
];

const bodies: { name: string; body(parked: () => ReturnType<typeof recv<number>>): () => unknown }[] = [
  {
    name: "a generator function",
    body: (parked) =>
      function* () {
        return yield* parked();
      },
  },
  {
    name: "a function that makes a generator",
    body: (parked) => () =>
      (function* () {
        return yield* parked();
      })(),
  },
  { name: "an async function", body: (parked) => async () => await parked() },
  { name: "a function that returns an operation", body: (parked) => () => parked() },
  { name: "a function that returns a block", body: (parked) => () => timeout(1_000_000, () => parked()) },
  { name: "a function that returns a call", body: (parked) => () => call(() => parked()) },
  {
    name: "a function that returns a task",
    body: (parked) => () => spawn(async () => await parked(), { daemon: true }),
  },
];

describe.each(constructs)("$name,", ({ run }) => {
  describe.each(bodies)("of $name,", ({ name, body }) => {
    test("results in what it results in", async () => {
      const ch = chan<number>();
      const task = spawn(() => run(body(() => recv(ch)) as AnyBody));
      await turn();
      expect(ch.trySend(7)).toBe(true);
      expect(await task.settled()).toEqual({ status: "ok", value: 7 });
    });

    test("is cancelled with the task", async () => {
      const ch = chan<number>();
      const log: string[] = [];
      const task = spawn(function* () {
        try {
          yield* run(body(() => recv(ch)) as AnyBody);
          log.push("went on");
        } catch {
          log.push("caught");
        }
      });
      await turn();
      task.abort("why");
      await turn();
      expect(task.finished).toBe(true);
      expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
      expect(log).toEqual([]);
      // A task that was only joined goes on.
      expect(ch.trySend(1)).toBe(name === "a function that returns a task");
      await turn();
    });

    test("is followed by waits that are cancelled with the task", async () => {
      const ch = chan<number>();
      const task = spawn(function* () {
        yield* run(body(() => recv(ch)) as AnyBody);
        yield* recv(ch);
      });
      await turn();
      ch.trySend(1);
      await turn();
      task.abort();
      await turn();
      expect([task.finished, ch.trySend(2)]).toEqual([true, false]);
    });

    test("fails with what it fails with", async () => {
      const ch = chan<number>();
      const task = spawn(() => run(body(() => recv(ch)) as AnyBody));
      await turn();
      ch.close();
      expect(await task.settled()).toMatchObject({ status: "failed", error: { name: "ClosedError" } });
    });
  });
});

test("what an operation or a task results in is no promise to be waited for, whatever it looks like", async () => {
  const value = { then: () => {} };
  const ch = chan<unknown>(1);
  ch.trySend(value);
  const task = spawn(function* () {
    const made = spawn(function* () {
      return value as unknown;
    });
    return [yield* call(() => recv(ch)), yield* call(() => made as never)];
  });
  expect(await task).toEqual([value, value]);
});

/** Constructs whose body is theirs, and what drives them in async code. */
const waitsFor: Record<string, (body: AnyBody) => AnyTask> = {
  ...Object.fromEntries(constructs.map(({ name, run }) => [name, run])),
  *each(body) {
    yield* each([1], body);
  },
  *"attempt of a scope"(body) {
    return yield* attempt(scope(body));
  },
};

describe.each(Object.entries(waitsFor))("%s, that is aborted,", (_name, run) => {
  test("waits until an async body has cleaned up", () =>
    virtual(async () => {
      const log: string[] = [];
      const body = async (): Promise<void> => {
        try {
          await sleep(60_000);
        } finally {
          await shield(() => sleep(20));
          log.push("cleaned");
        }
      };
      const task = spawn(() => run(body as AnyBody));
      await sleep(5);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect(log).toEqual(["cleaned"]);
    }));

  test("waits until a child of its body has", () =>
    virtual(async () => {
      const log: string[] = [];
      const body = (): unknown =>
        scope(function* (s) {
          s.spawn(function* () {
            try {
              yield* sleep(60_000);
            } finally {
              yield* sleep(20);
              log.push("cleaned");
            }
          });
          yield* sleep(60_000);
        });
      const task = spawn(() => run(body as AnyBody));
      await sleep(5);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect(log).toEqual(["cleaned"]);
    }));
});

test("async code that is aborted in a call of a generator waits until that has cleaned up", () =>
  virtual(async () => {
    const log: string[] = [];
    const task = spawn(async () => {
      try {
        await call(function* () {
          try {
            yield* sleep(60_000);
          } finally {
            yield* sleep(20);
            log.push("callee");
          }
        });
      } finally {
        log.push("caller");
      }
    });
    await sleep(5);
    task.abort("why");
    expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
    expect(log).toEqual(["callee", "caller"]);
  }));

describe.each(["a channel", "an array", "an async generator"])("each over %s, whose body's finally waits,", (kind) => {
  const source = (): Iterable<number> => {
    if (kind === "an array") return [1, 2, 3];
    if (kind === "an async generator") {
      const items = async function* (): AsyncGenerator<number> {
        yield* [1, 2, 3];
      };
      return items() as never;
    }
    const ch = chan<number>(3);
    for (const n of [1, 2, 3]) ch.trySend(n);
    return ch as never;
  };

  test("ends with the task", () =>
    virtual(async () => {
      const seen: number[] = [];
      const task = spawn(function* () {
        yield* each(source(), function* (n) {
          seen.push(n);
          try {
            yield* sleep(60_000);
          } finally {
            yield* sleep(1);
          }
        });
        seen.push(Number.NaN);
      });
      await sleep(5);
      task.abort("why");
      expect(await task.settled()).toEqual({ status: "aborted", reason: "why" });
      expect(seen).toEqual([1]);
    }));

  test("is left by an err in it", () =>
    virtual(async () => {
      const seen: number[] = [];
      const task = spawn(function* () {
        yield* each(source(), function* (n) {
          seen.push(n);
          try {
            yield* err("bad");
          } finally {
            yield* sleep(1);
          }
        });
        return "went on";
      });
      expect(await task).toEqual(err("bad"));
      expect(seen).toEqual([1]);
    }));
});

test("each cannot be awaited, and says what to do", async () => {
  const loop: PromiseLike<unknown> = each([1], () => {}) as never;
  await expect(Promise.resolve(loop)).rejects.toThrow("in async code, use for await");
  const task = spawn((() => loop) as () => Promise<unknown>);
  expect(await task.settled()).toMatchObject({ status: "failed", error: { name: "MisuseError" } });
});

describe.each(["generator", "async"])("deferred cleanup that ends with an err, %s", (flavour) => {
  test("fails the task, and keeps no other from being run", async () => {
    const log: string[] = [];
    const error = new RangeError("no");
    const prepare = (): void => {
      defer(() => log.push("first"));
      defer(function* () {
        yield* err(error);
        log.push("went on");
      });
      defer(() => log.push("last"));
    };
    const task: JoinHandle<unknown> =
      flavour === "async"
        ? spawn(async () => prepare())
        : spawn(function* () {
            prepare();
          });
    expect(await task.settled()).toEqual({ status: "failed", error });
    expect(log).toEqual(["last", "first"]);
  });
});

describe("wait", () => {
  test("refuses what runs a body, and says what to do", () => {
    const bodies = [timeout(1, async () => {}), scope(async () => {}), call(async () => {}), use(null, () => {})];
    for (const body of bodies) expect(() => wait(body as PromiseLike<unknown>)).toThrow("by await or yield* alone");
  });

  test("waits for an operation by itself, and for a task by joining it", async () => {
    const ch = chan<number>();
    const task = spawn(async () => 5);
    const waiting = spawn(function* () {
      return [yield* wait(task), yield* wait(recv(ch))];
    });
    await turn();
    waiting.abort();
    await waiting.settled();
    expect(ch.trySend(1)).toBe(false);
    const again = spawn(function* () {
      return [yield* wait(task), yield* wait(settled(task))];
    });
    expect(await again).toEqual([5, { status: "ok", value: 5 }]);
  });
});

test("an async generator function is no body, wherever one is taken", async () => {
  const body = async function* (): AsyncGenerator<number> {
    yield 1;
  } as unknown as AnyBody;
  const failed = { status: "failed", error: { name: "MisuseError" } };
  expect(await spawn(body).settled()).toMatchObject(failed);
  expect(await spawn(async () => await timeout(60_000, body)).settled()).toMatchObject(failed);
  expect(await spawn(async () => await call(body)).settled()).toMatchObject(failed);
  expect(await spawn(async () => await wait(body)).settled()).toMatchObject(failed);
  expect(attempt(body)).toMatchObject([undefined, { name: "MisuseError" }]);
  for (const { name, run } of constructs) {
    if (name !== "attempt") expect(await spawn(() => run(body)).settled()).toMatchObject(failed);
  }
});

test("runUntilCancelled gives a block as its body the end of the token", async () => {
  const token = new AbortController();
  const ch = chan<number>();
  const task = spawn(function* () {
    return yield* runUntilCancelled(token.signal, () => timeout(1_000_000, () => recv(ch)));
  });
  await turn();
  token.abort();
  expect(await task).toBeUndefined();
});
