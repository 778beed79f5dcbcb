/** Async contexts: what of them a task sees, and that nobody sees another's. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { select } from "../../src/select/select.ts";
import { currentTask } from "../../src/task/current.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn, until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const storage = new AsyncLocalStorage<string>();

describe("a user's AsyncLocalStorage", () => {
  test("does not follow into a task, whichever flavour and whoever wakes it", async () => {
    const ch = chan<number>();
    const seen: unknown[] = [];
    const tasks: JoinHandle<unknown>[] = [];
    storage.run("spawner", () => {
      tasks.push(
        spawn(function* () {
          seen.push(storage.getStore());
          yield* recv(ch);
          seen.push(storage.getStore());
          yield* sleep(0);
          seen.push(storage.getStore());
        }),
        spawn(async () => {
          seen.push(storage.getStore());
          await ch.recv();
          seen.push(storage.getStore());
          await sleep(0);
          seen.push(storage.getStore());
        }),
      );
    });
    await turn();
    storage.run("waker", () => void (ch.trySend(1) && ch.trySend(2)));
    for (const task of tasks) await task;
    expect(seen).toEqual(new Array(6).fill(undefined));
  });

  test("with inherit: true follows into both flavours, past every wait", async () => {
    const ch = chan<number>();
    const seen: unknown[] = [];
    const tasks: JoinHandle<unknown>[] = [];
    for (const name of ["a", "b"]) {
      storage.run(name, () => {
        tasks.push(
          spawn(
            async () => {
              seen.push(storage.getStore());
              await ch.recv();
              await sleep(0);
              await yieldNow();
              seen.push(storage.getStore());
            },
            { inherit: true },
          ),
        );
      });
    }
    await turn();
    storage.run("waker", () => void (ch.trySend(1) && ch.trySend(2)));
    for (const task of tasks) await task;
    expect(seen).toEqual(["a", "b", "a", "b"]);
  });

  test("with inherit: true is what a generator task's foreign work sees", async () => {
    const see = async (): Promise<unknown> => {
      await null;
      return storage.getStore();
    };
    const body = function* () {
      yield* yieldNow();
      return yield* wait(see);
    };
    const inheriting = storage.run("spawner", () => spawn(body, { inherit: true }));
    const plain = storage.run("spawner", () => spawn(body));
    expect([await inheriting, await plain]).toEqual(["spawner", undefined]);
  });

  test("stays with async code that awaits outside tasks", async () => {
    const ch = chan<number>();
    const seen = await Promise.all(
      ["a", "b"]
        .map((name) =>
          storage.run(name, async () => {
            const value = await ch.recv();
            await sleep(0);
            return [value, storage.getStore()];
          }),
        )
        .concat(
          storage.run("sender", async () => {
            await ch.send(1);
            await ch.send(2);
            return [0, storage.getStore()];
          }),
        ),
    );
    expect(seen).toEqual([
      [1, "a"],
      [2, "b"],
      [0, "sender"],
    ]);
  });
});

describe("the current task", () => {
  test("is never another's: an abort reaches the waits of one task only, however they are woken", async () => {
    const ch = chan<number>();
    const results: string[] = [];
    const worker = (name: string) => async () => {
      for (let i = 0; i < 3; i++) {
        await ch.recv();
        await Promise.resolve();
        await new Promise((resolve) => setImmediate(resolve));
      }
      results.push(name);
    };
    const [a, b] = [spawn(worker("a")), spawn(worker("b"))];
    await turn();
    const feeder = spawn(function* () {
      for (let i = 0; i < 4; i++) yield* send(ch, i);
    });
    await feeder;
    await turn();
    a.abort();
    for (let i = 0; i < 10; i++) ch.trySend(i) || (await turn());
    await b;
    expect((await a.settled()).status).toBe("aborted");
    expect(results).toEqual(["b"]);
  });

  test("callbacks of one task that another's code calls belong to the one that made them", async () => {
    const ch = chan<number>();
    let callLater: (() => Promise<number>) | undefined;
    const owner = spawn(async () => {
      callLater = () => ch.recv();
      await chan().recv();
    });
    await turn();
    // Called here it is a wait of this code: the ambient task is the caller's, not the definer's.
    const called = callLater?.();
    owner.abort();
    await owner.settled();
    ch.trySend(5);
    expect(await called).toBe(5);
  });

  test("a spawned task is detached: aborting the spawner leaves it", async () => {
    const ch = chan<string>();
    const spawner = spawn(async () => {
      spawn(async () => {
        await sleep(0);
        await ch.send("still here");
      });
      spawn(function* () {
        yield* sleep(0);
        yield* send(ch, "still here");
      });
      await chan().recv();
    });
    await turn();
    spawner.abort();
    expect([await ch.recv(), await ch.recv()]).toEqual(["still here", "still here"]);
    await spawner.settled();
  });

  test("waits inside a block belong to it, after the block no more", async () => {
    const result = await spawn(async () => {
      const inner = await timeout(1000, async () => {
        await sleep(0);
        return "inner";
      });
      await sleep(0);
      return inner;
    });
    expect(result).toBe("inner");
  });

  test("a select and a join outside every task are nobody's to abort", async () => {
    const ch = chan<number>();
    const task = spawn(() => ch.recv());
    const token = new CancellationToken();
    const outside = select({ joined: join(task), never: recv(chan<never>(), { signal: token }) }).then(
      ({ key }) => key,
    );
    await turn();
    const other = spawn(() => recv(chan()));
    await turn();
    other.abort();
    ch.trySend(1);
    expect(await outside).toBe("joined");
    await other.settled();
  });
});

test("the listeners of a deadline run in nobody's context, whoever's drain it is in", () =>
  virtual(async ({ host }) => {
    // As the timers of the machine do, these run in the context in which they were set.
    const { timer } = host;
    host.timer = (job, ms) => timer.call(host, AsyncResource.bind(job), ms);
    const seen: unknown[] = [];
    const noise = storage.run("noise", () =>
      spawn(
        async () => {
          for (;;) await sleep(1);
        },
        { inherit: true },
      ),
    );
    await sleep(3);
    const timed = timeout(5, async ({ signal }) => {
      signal.addEventListener("abort", () => seen.push(storage.getStore(), currentTask()));
      await sleep(60_000);
    });
    await expect(Promise.resolve(timed)).rejects.toThrow("longer than 5 ms");
    noise.abort();
    await noise.settled();
    expect(seen).toEqual([undefined, undefined]);
  }));

test("an operation that is tried late, because the budget was spent, starts its work as the task's", async () => {
  const { budget } = defaultScheduler;
  const ch = chan<number>();
  const task = spawn(
    function* () {
      // Spent until a macrotask has passed.
      while (!budget.isExhausted());
      const name = yield* wait(async () => {
        const { name } = currentTask() ?? {};
        await null;
        return [name, currentTask()?.name];
      });
      while (!budget.isExhausted());
      yield* wait(() => ch.recv());
      return name;
    },
    { name: "me" },
  );
  await until(() => ch.trySend(1));
  expect(await task).toEqual(["me", "me"]);
});
