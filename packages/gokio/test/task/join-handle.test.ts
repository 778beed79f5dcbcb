import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { JoinAbortedError, MisuseError } from "../../src/errors.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { type JoinHandle, join, settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { Delegate } from "../support/delegate.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

describe.each(flavours)("a handle of an $name task", ({ body }) => {
  describe.each(drivers)("through $name", ({ drive, start }) => {
    test("join gives the value, before and after the end", async () => {
      const handle = spawn(
        body(function* () {
          yield yieldNow();
          return 1;
        }),
      );
      expect([await drive(join(handle)), await drive(join(handle)), handle.finished]).toEqual([1, 1, true]);
    });

    test("join throws what the task failed with, the very same error", async () => {
      const error = new Error("x");
      const handle = spawn(
        body(function* () {
          yield yieldNow();
          throw error;
        }),
      );
      await expect(drive(join(handle))).rejects.toBe(error);
      await expect(drive(join(handle))).rejects.toBe(error);
      expect(await drive(settled(handle))).toEqual({ status: "failed", error });
    });

    test("joining an aborted task is JoinAbortedError, with the abort as its cause; settled just says so", async () => {
      const handle = spawn(
        body(function* () {
          yield sleep(60_000);
        }),
        { name: "worker" },
      );
      const joining = start(join(handle));
      await turn();
      expect(handle.abort("why")).toBe(true);
      const ended = await joining.end;
      expect(ended).toMatchObject({ status: "failed", error: { name: "JoinAbortedError", cause: { cause: "why" } } });
      expect((ended as { error: Error }).error.message).toBe(`task ${handle.id} (worker) was aborted`);
      expect(await drive(settled(handle))).toEqual({ status: "aborted", reason: "why" });
    });

    test("many join, are told in the order they came; one that gives up leaves the task, and the others, alone", async () => {
      const gate = chan<number>();
      const handle = spawn(
        body(function* () {
          return yield recv(gate);
        }),
      );
      const order: number[] = [];
      const token = new CancellationToken();
      const joins = [0, 1, 2, 3].map((i) => {
        const driven = start(i === 1 ? withOptions(join(handle), { signal: token }) : join(handle));
        void driven.end.then(() => order.push(i));
        return driven;
      });
      await turn();
      token.cancel();
      joins[2]?.cancel();
      await turn();
      gate.trySend(1);
      const ends = await Promise.all(joins.map(({ end }) => end));
      expect(ends.map(({ status }) => status).filter((status) => status === "ok")).toHaveLength(2);
      expect(order.filter((i) => i === 0 || i === 3)).toEqual([0, 3]);
      expect(handle.finished).toBe(true);
    });
  });

  test("knows its task: id, name, finished", async () => {
    const make = () =>
      spawn(
        body(function* () {
          yield yieldNow();
        }),
        { name: "n" },
      );
    const [a, b] = [make(), make()];
    expect(b.id).toBeGreaterThan(a.id);
    expect([a.name, a.finished]).toEqual(["n", false]);
    await Promise.all([a, b]);
    expect(a.finished).toBe(true);
  });

  test("abort asks once, and not after the end", async () => {
    const handle = spawn(
      body(function* () {
        yield sleep(60_000);
      }),
    );
    await turn();
    expect([handle.abort("first"), handle.abort("second")]).toEqual([true, false]);
    expect(await handle.settled()).toEqual({ status: "aborted", reason: "first" });
    expect(handle.abort()).toBe(false);
    const ended = spawn(
      body(function* () {
        return 1;
      }),
    );
    await ended;
    expect(ended.abort()).toBe(false);
    expect(await ended).toBe(1);
  });

  test("joining an aborted task does not abort the joiner, nor end it silently", async () => {
    const victim = spawn(
      body(function* () {
        yield sleep(60_000);
      }),
    );
    const joiner = spawn(
      body(function* () {
        yield join(victim);
      }),
    );
    await turn();
    victim.abort();
    expect(await settled(joiner)).toMatchObject({ status: "failed", error: expect.any(JoinAbortedError) });
  });
});

test("a task cannot join itself, and only handles can be joined", async () => {
  let self: JoinHandle<void> | undefined;
  self = spawn(function* () {
    yield* join(self as JoinHandle<void>);
  });
  expect(await settled(self)).toMatchObject({ status: "failed", error: expect.any(MisuseError) });
  expect(() => join({} as never)).toThrow("handle must be a JoinHandle, not an object");
  expect(() => settled(1 as never)).toThrow(TypeError);
});

test("an async task that awaits its own value is told so; it may ask to be told of its end", async () => {
  const handles: JoinHandle<unknown>[] = [];
  handles[0] = spawn(async () => await handles[0]);
  expect(await handles[0].settled()).toMatchObject({ status: "failed", error: { name: "MisuseError" } });
  const told: string[] = [];
  handles[1] = spawn(async () => {
    handles[1]?.settled().then(({ status }) => told.push(status));
  });
  await handles[1];
  await turn();
  expect(told).toEqual(["ok"]);
});

describe.each(drivers)("through $name, operations that hand on to others:", ({ drive, start }) => {
  test("a join and a settled are delivered", async () => {
    const ch = chan<number>();
    const handle = spawn(async () => await ch.recv());
    const waits = [start(new Delegate(join(handle))), start(new Delegate(settled(handle)))];
    await turn();
    await ch.send(1);
    expect(await Promise.all(waits.map(({ end }) => end))).toEqual([
      { status: "ok", value: 1 },
      { status: "ok", value: { status: "ok", value: 1 } },
    ]);
    expect(await drive(new Delegate(join(handle)))).toBe(1);
  });
});

describe("disposing a handle", () => {
  test("in a task that is aborted waits for the cleanup all the same", () =>
    virtual(async () => {
      const log: string[] = [];
      const parent = spawn(async () => {
        await using _ = spawn(function* () {
          try {
            yield* sleep(60_000);
          } finally {
            yield* sleep(20);
            log.push("child");
          }
        });
        await sleep(60_000);
      });
      await sleep(5);
      parent.abort("why");
      expect(await parent.settled()).toEqual({ status: "aborted", reason: "why" });
      expect(log).toEqual(["child"]);
    }));
});
