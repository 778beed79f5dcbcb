/** Tasks that outlive the test, the task or the scope that made them are named; and no others. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { expectNoLeaks, LeakError, leaked } from "../../src/diagnostics/leaks.ts";
import { scope } from "../../src/group/scope.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

describe("leaked", () => {
  test("names what is left: what it is doing, what made it, and where", async () => {
    await virtual(async () => {
      const left: JoinHandle<unknown>[] = [];
      const leaks = await leaked(async () => {
        left.push(spawn(() => chan<number>(2, { name: "jobs" }).recv(), { name: "direct" }));
        await spawn(
          async () => {
            left.push(
              spawn(
                function* () {
                  yield* recv(chan(3));
                },
                { name: "grandchild", daemon: true },
              ),
            );
          },
          { name: "parent" },
        );
        await scope(async () => {
          left.push(spawn(async () => await sleep(1000), { name: "escaped" }));
        });
        await spawn(async () => {});
      });
      expect(leaks.map(({ name, doing, madeBy }) => [name, doing, madeBy.replace(/\d+/, "#")])).toEqual([
        ["direct", 'recv on chan(2, "jobs")', "code outside of tasks"],
        ["grandchild", "recv on chan(3)", "task # (parent), which has ended"],
        ["escaped", "sleep", "code outside of tasks, in a scope that has ended"],
      ]);
      expect(leaks.map(({ id, label, daemon }) => [id, label, daemon])).toEqual(
        left.map((handle) => [handle?.id, `task ${handle?.id} (${handle?.name})`, handle?.name === "grandchild"]),
      );
      expect(leaks[0]?.site).toMatch(/leaks\.test\.ts:\d+:\d+/);
      for (const handle of left) handle.abort();
    });
  });

  test("is nothing where all has ended, be it a little later", async () => {
    await virtual(async () => {
      expect(
        await leaked(async () => {
          const task = spawn(async () => {
            try {
              await sleep(10_000);
            } finally {
              await shield(async () => {
                await yieldNow();
                await yieldNow();
              });
            }
          });
          await yieldNow();
          task.abort();
        }),
      ).toEqual([]);
      expect(await leaked(() => void spawn(() => sleep(100)), { within: 200 })).toEqual([]);
      expect(await leaked(() => void spawn(() => sleep(100)), { within: 50 })).toHaveLength(1);
      await sleep(200);
    });
  });

  test("are only tasks of the body's own, and none that is to be ignored", async () => {
    await virtual(async () => {
      const others: JoinHandle<unknown>[] = [];
      const other = spawn(async () => {
        await sleep(5);
        others.push(spawn(() => sleep(1000), { name: "of another test" }));
      });
      const leaks = await leaked(
        async () => {
          await sleep(10);
          others.push(
            spawn(() => sleep(1000), { name: "mine" }),
            spawn(() => sleep(1000), { name: "pool" }),
          );
        },
        { ignore: ({ name }) => name === "pool" },
      );
      expect(leaks.map(({ name }) => name)).toEqual(["mine"]);
      await other;
      for (const handle of others) handle.abort();
    });
  });

  test("what the body throws is thrown", async () => {
    await expect(
      leaked(async () => {
        throw new RangeError("mine");
      }),
    ).rejects.toThrow("mine");
    await expect(leaked(1 as never)).rejects.toThrow(TypeError);
    await expect(leaked(() => {}, { within: -1 })).rejects.toThrow(RangeError);
  });
});

describe("expectNoLeaks", () => {
  test("throws at its end what names them all", async () => {
    await virtual(async () => {
      const before = spawn(() => sleep(1000), { name: "before" });
      await yieldNow();
      let task: JoinHandle<unknown> | undefined;
      const error = await (async () => {
        await using _check = expectNoLeaks();
        task = spawn(() => chan(1).recv(), { name: "poller" });
        await spawn(async () => {});
      })().catch((error: unknown) => error);
      expect(error).toBeInstanceOf(LeakError);
      expect((error as LeakError).name).toBe("LeakError");
      expect((error as LeakError).tasks.map(({ name }) => name)).toEqual(["poller"]);
      expect((error as LeakError).message).toMatch(
        /^1 task left behind:\n {2}task \d+ \(poller\): recv on chan\(1\); made by code outside of tasks, at .*leaks\.test\.ts:\d+/,
      );
      before.abort();
      task?.abort();
    });
  });

  test("is silent if there are none, and does not count the task it runs in", async () => {
    await virtual(async () => {
      await spawn(async () => {
        const check = expectNoLeaks();
        expect(await check.leaks()).toEqual([]);
        await check[Symbol.asyncDispose]();
      });
      const check = expectNoLeaks();
      expect(await spawn(() => check.leaks())).toEqual([]);
      await check[Symbol.asyncDispose]();
    });
  });
});
