import { describe, expect, test } from "vitest";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { call } from "../../src/task/call.ts";
import { currentContext, currentTask } from "../../src/task/current.ts";
import { settled } from "../../src/task/join-handle.ts";
import { runIn } from "../../src/task/run-in.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { runWith, TaskLocal } from "../../src/task/task-local.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

describe("currentTask", () => {
  test("is undefined outside of tasks", async () => {
    expect(currentTask()).toBeUndefined();
    await timeout(1000, async () => expect(currentTask()).toBeUndefined());
  });

  describe.each(flavours)("$name", ({ body }) => {
    test("is the task, over waits, in blocks, calls and helpers", async () => {
      const seen: unknown[] = [];
      const look = (): void => void seen.push(currentTask()?.id, currentTask()?.name);
      const handle = spawn(
        body(function* () {
          look();
          yield yieldNow();
          look();
          yield timeout(
            1000,
            body(function* () {
              yield yieldNow();
              look();
            }),
          );
          yield call(
            body(function* () {
              look();
              yield yieldNow();
            }),
          );
        }),
        { name: "worker" },
      );
      await handle;
      expect(seen).toEqual([...Array(4)].flatMap(() => [handle.id, "worker"]));
      expect(currentTask()).toBeUndefined();
    });

    test("its signal is that of the task, as its body gets it, and aborts with it", async () => {
      let signal: AbortSignal | undefined;
      const handle = spawn(
        body(function* () {
          signal = currentTask()?.signal;
          yield sleep(60_000);
        }),
      );
      await turn();
      expect(signal?.aborted).toBe(false);
      handle.abort("why");
      expect(signal?.reason).toMatchObject({ cause: "why" });
      await settled(handle);
    });

    test("each of many tasks sees itself", async () => {
      const handles = Array.from({ length: 50 }, () =>
        spawn(
          body(function* () {
            for (let i = 0; i < 3; i++) yield yieldNow();
            return currentTask()?.id;
          }),
        ),
      );
      expect(await Promise.all(handles)).toEqual(handles.map(({ id }) => id));
    });
  });
});

describe("currentContext", () => {
  test("is the background outside of tasks", () => {
    expect(currentContext()).toBe(Context.background);
  });

  describe.each(flavours)("$name", ({ body }) => {
    test("is cancelled with the task; what is derived, too", async () => {
      let contexts: Context[] = [];
      const handle = spawn(
        body(function* () {
          contexts = [currentContext(), currentContext().withCancel(), currentContext().withoutCancel()];
          yield sleep(60_000);
        }),
      );
      await turn();
      expect(contexts.map((ctx) => ctx.isCancelled)).toEqual([false, false, false]);
      handle.abort("why");
      expect(contexts.map((ctx) => ctx.reason)).toEqual(["why", "why", undefined]);
      await settled(handle);
    });

    test("has the task-locals as values, and passes them on", async () => {
      const user = new TaskLocal<string>();
      const seen = await spawn(
        body(function* () {
          return yield runWith(
            user,
            "ada",
            body(function* () {
              yield yieldNow();
              return currentContext().get(user);
            }),
          );
        }),
      );
      expect(seen).toBe("ada");
    });

    test("has the earliest deadline around it, up to a shield", () =>
      virtual(async (clock) => {
        const left = (): number | undefined => {
          const { deadline } = currentContext();
          return deadline && deadline.getTime() - clock.host.wallClock();
        };
        const seen = await spawn(
          body(function* () {
            const log: unknown[] = [left()];
            yield timeout(
              50,
              body(function* () {
                yield sleep(5);
                log.push(left());
                yield timeout(
                  100,
                  body(function* () {
                    log.push(left());
                    yield shield(
                      body(function* () {
                        log.push(left());
                      }),
                    );
                  }),
                );
                yield runIn(
                  Context.background.withTimeout(10),
                  body(function* () {
                    yield yieldNow();
                    log.push(left());
                  }),
                );
              }),
            );
            return log;
          }),
        );
        expect(seen).toEqual([undefined, 45, 45, undefined, 10]);
        await clock.host.jump();
      }));

    test("a nested context is cancelled with the timeout it was taken in", () =>
      virtual(async () => {
        let ctx: Context | undefined;
        await spawn(
          body(function* () {
            try {
              yield timeout(
                10,
                body(function* () {
                  ctx = currentContext().withCancel();
                  yield sleep(60_000);
                }),
              );
            } catch {}
          }),
        );
        expect(ctx?.error?.name).toBe("TimeoutError");
      }));
  });

  test("a detached task does not inherit the cancellation of its spawner", async () => {
    const token = new CancellationToken();
    let inner: Context | undefined;
    const outer = spawn(async () => {
      spawn(async () => {
        inner = currentContext();
      });
      await sleep(60_000, { signal: token });
    });
    await turn();
    outer.abort();
    await settled(outer);
    expect(inner?.isCancelled).toBe(false);
  });
});
