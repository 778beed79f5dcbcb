import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { retry } from "../../src/group/retry.ts";
import { scope } from "../../src/group/scope.ts";
import { TaskTracker } from "../../src/group/task-tracker.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("waits until it is closed and empty, in either order", () =>
    virtual(async (clock) => {
      const tracker = new TaskTracker();
      tracker.spawn(() => sleep(10));
      tracker.spawn(function* () {
        yield* sleep(20);
      });
      expect([tracker.close(), tracker.close(), tracker.isClosed, tracker.size]).toEqual([true, false, true, 2]);
      await drive(wait(tracker));
      expect([clock.elapsed, tracker.size]).toEqual([20, 0]);
    }));

  test("closing what is empty lets everyone through", async () => {
    const tracker = new TaskTracker();
    const waits = [start(wait(tracker)), start(wait(tracker))];
    const cancelled = start(wait(tracker));
    await turn();
    expect(waits.map((each) => each.ended)).toEqual([undefined, undefined]);
    cancelled.cancel();
    tracker.close();
    for (const each of waits) expect((await each.end).status).toBe("ok");
    expect((await cancelled.end).status).toBe("cancelled");
    await drive(wait(tracker));
  });

  test("reopened, it keeps waiting; who was let through stays so", async () => {
    const tracker = new TaskTracker();
    expect(tracker.reopen()).toBe(false);
    const first = start(wait(tracker));
    await turn();
    tracker.close();
    expect(tracker.reopen()).toBe(true);
    const second = start(wait(tracker));
    expect((await first.end).status).toBe("ok");
    const go = chan<void>();
    tracker.spawn(() => go.recv());
    tracker.close();
    await turn();
    expect(second.ended).toBe(undefined);
    await go.send();
    expect((await second.end).status).toBe("ok");
  });
});

test("a closed tracker still takes tasks, and waits for them", () =>
  virtual(async (clock) => {
    const tracker = new TaskTracker();
    tracker.close();
    tracker.spawn(async () => {
      await sleep(5);
      tracker.spawn(() => sleep(5));
    });
    await tracker.wait();
    expect(clock.elapsed).toBe(10);
  }));

test("promises and tokens are tracked; a token counts once", async () => {
  const tracker = new TaskTracker();
  let resolve: (value: string) => void = () => {};
  const tracked = tracker.track(
    new Promise<string>((settle) => {
      resolve = settle;
    }),
  );
  const token = tracker.token();
  tracker.close();
  expect(tracker.size).toBe(2);
  token[Symbol.dispose]();
  token[Symbol.dispose]();
  expect(tracker.size).toBe(1);
  resolve("value");
  expect(await tracked).toBe("value");
  await tracker.wait();
  const handle = spawn(async () => 1);
  expect(await tracker.track(handle)).toBe(1);
});

describe("when the caller of track is aborted", () => {
  test.each(["async", "generator"] as const)("a task is tracked until it has ended; caller: %s", (flavour) =>
    virtual(async (clock) => {
      const tracker = new TaskTracker();
      const work = spawn(() => sleep(60));
      let rejected: unknown;
      const track = (): void => void tracker.track(work).catch((error) => (rejected = error));
      const caller =
        flavour === "async"
          ? spawn(async () => {
              track();
              await sleep(1000);
            })
          : spawn(function* () {
              track();
              yield* sleep(1000);
            });
      await sleep(5);
      caller.abort();
      await caller.settled();
      tracker.close();
      expect(tracker.size).toBe(1);
      await tracker.wait();
      expect([clock.elapsed, work.finished, (rejected as Error | undefined)?.name]).toEqual([
        60,
        true,
        flavour === "async" ? "AbortError" : undefined,
      ]);
    }),
  );

  test("so is a thenable that is gokio's in disguise", () =>
    virtual(async (clock) => {
      const tracker = new TaskTracker();
      const work = spawn(() => sleep(60));
      const disguised: PromiseLike<void> = {
        then: (fulfilled, rejected) => work.then(fulfilled, rejected),
      };
      const caller = spawn(async () => {
        void tracker.track(disguised);
        await sleep(1000);
      });
      await sleep(5);
      caller.abort();
      tracker.close();
      await tracker.wait();
      expect([clock.elapsed, work.finished]).toEqual([60, true]);
    }));
});

test("a task may track itself", async () => {
  const tracker = new TaskTracker();
  const handle: JoinHandle<void> = spawn(function* () {
    void tracker.track(handle);
    yield* sleep(0);
  });
  await handle;
  tracker.close();
  await tracker.wait();
});

test("a tracked rejection shows in the promise that is returned, and only there", async () => {
  const tracker = new TaskTracker();
  const seen = await unhandledDuring(async () => {
    await expect(tracker.track(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    void tracker.track(Promise.reject(new Error("dropped")));
  });
  expect([seen.map(String), tracker.size]).toEqual([["Error: dropped"], 0]);
});

test("a failure is reported as that of any detached task", async () => {
  const tracker = new TaskTracker();
  const seen = await unhandledDuring(async () => {
    tracker.spawn(async () => {
      throw new Error("nobody joins");
    });
    const joined = tracker.spawn(async () => {
      throw new Error("joined");
    });
    await expect(Promise.resolve(joined)).rejects.toThrow("joined");
    tracker.close();
    await tracker.wait();
  });
  expect(seen.map(String)).toEqual(["Error: nobody joins"]);
});

test("it cancels nothing", () =>
  virtual(async () => {
    const tracker = new TaskTracker();
    let done = false;
    const outer = spawn(async () => {
      tracker.spawn(async () => {
        await sleep(10);
        done = true;
      });
      await sleep(1000);
    });
    await sleep(1);
    outer.abort();
    tracker.close();
    await tracker.wait();
    expect(done).toBe(true);
    await outer.settled();
  }));

test("what has not been started cannot be tracked", () => {
  const tracker = new TaskTracker();
  for (const lazy of [recv(chan()), scope(async () => {}), retry(async () => {})]) {
    expect(() => tracker.track(lazy as PromiseLike<unknown>)).toThrow(MisuseError);
  }
  expect(() => tracker.track(5 as never)).toThrow(TypeError);
  expect(() => tracker.spawn(5 as never)).toThrow(TypeError);
  expect(tracker.size).toBe(0);
});
