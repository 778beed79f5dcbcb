/** Foreign work inside tasks: cancelled with them, and harmless whatever it does. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { turn, until } from "../support/turns.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("gives what the promise gives", async () => {
    expect(await drive(wait(Promise.resolve(1)))).toBe(1);
    expect(await drive(wait(async () => 2))).toBe(2);
    expect(await drive(wait(() => 3))).toBe(3);
    const error = new RangeError("foreign");
    await expect(drive(wait(Promise.reject(error)))).rejects.toBe(error);
    await expect(drive(wait(async () => Promise.reject(error)))).rejects.toBe(error);
  });

  test("a function that throws at once is a wait that fails", async () => {
    const broken = wait((): number => {
      throw new RangeError("at once");
    });
    await expect(drive(broken)).rejects.toThrow("at once");
    const ch = chan<number>();
    await expect(drive(select({ value: recv(ch), broken }))).rejects.toThrow("at once");
    expect(ch.trySend(1)).toBe(false);
  });

  test("a promise is abandoned, a function is told to stop", async () => {
    const signals: AbortSignal[] = [];
    const forever = new Promise<never>(() => {});
    const waits = [
      start(wait(forever)),
      start(
        wait((signal) => {
          signals.push(signal);
          return forever;
        }),
      ),
    ];
    await turn();
    expect(signals.map((signal) => signal.aborted)).toEqual([false]);
    for (const each of waits) each.cancel();
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    expect(await Promise.all(waits.map((each) => each.end))).toEqual([
      { status: "cancelled" },
      { status: "cancelled" },
    ]);
  });

  test("what the work does after that is nobody's concern", async () => {
    let fail: (error: Error) => void = () => {};
    const work = start(
      wait(
        () =>
          new Promise<never>((_, reject) => {
            fail = reject;
          }),
      ),
    );
    await turn();
    work.cancel();
    fail(new Error("too late"));
    expect(await work.end).toEqual({ status: "cancelled" });
  });

  test("a generator function is no foreign work, and the error says what to write", async () => {
    let ran = false;
    const work = wait(function* () {
      ran = true;
    });
    const error = await drive(work).then(undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MisuseError);
    expect(String(error)).toContain("use call");
    expect(ran).toBe(false);
  });

  test("each drive calls the function anew", async () => {
    let calls = 0;
    const op = wait(() => ++calls);
    expect([await drive(op), await drive(op)]).toEqual([1, 2]);
  });
});

describe("a function that ends the very task that waits for it", () => {
  test("in a generator", async () => {
    const ch = chan<number>();
    const task: JoinHandle<unknown> = spawn(function* () {
      yield* wait((): Promise<never> => {
        task.abort("from inside");
        return new Promise(() => {});
      });
    });
    expect(await task.settled()).toEqual({ status: "aborted", reason: "from inside" });
    const selects: JoinHandle<unknown> = spawn(function* () {
      const suicide = wait((): Promise<never> => {
        selects.abort("from inside");
        return new Promise(() => {});
      });
      yield* select({ a: recv(ch), suicide, b: recv(ch) });
    });
    expect(await selects.settled()).toEqual({ status: "aborted", reason: "from inside" });
    expect(ch.trySend(1)).toBe(false);
  });

  test("in an async task", async () => {
    const task: JoinHandle<unknown> = spawn(async () => {
      await wait((): Promise<never> => {
        task.abort("from inside");
        return new Promise(() => {});
      });
    });
    expect(await task.settled()).toEqual({ status: "aborted", reason: "from inside" });
  });
});

describe("real I/O ends with the task:", () => {
  test("a socket", async () => {
    const server = createServer();
    const accepted = once(server, "connection") as Promise<[Socket]>;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const socket = connect(port, "127.0.0.1");
    const read = (signal: AbortSignal): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => socket.destroy(), { once: true });
        socket.once("data", resolve);
        socket.once("error", reject);
      });
    const task = spawn(function* () {
      return yield* wait(read);
    });
    const [served] = await accepted;
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(socket.destroyed).toBe(true);
    served.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test("a fetch", async () => {
    const server = createHttpServer();
    const asked = once(server, "request") as Promise<[IncomingMessage]>;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const task = spawn(async () => await wait((signal) => fetch(`http://127.0.0.1:${port}/`, { signal })));
    const [request] = await asked;
    const closed = new Promise<void>((resolve) => request.on("close", resolve));
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    await closed;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("a file", async () => {
    const path = fileURLToPath(import.meta.url);
    const signals: AbortSignal[] = [];
    const task = spawn(function* () {
      yield* wait((signal) => {
        signals.push(signal);
        return readFile(path, { signal });
      });
    });
    await until(() => signals.length === 1);
    task.abort();
    expect((await task.settled()).status).toBe("aborted");
    expect(signals[0]?.aborted).toBe(true);
    const read = await wait((signal) => readFile(path, { encoding: "utf8", signal }));
    expect(read).toContain("real I/O ends with the task");
  });
});

test("in a foreign await, an async task ends when that does", async () => {
  let finish: (value: string) => void = () => {};
  const foreign = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const task = spawn(async () => {
    const text = await foreign;
    return text;
  });
  await turn();
  task.abort();
  await turn();
  expect(task.finished).toBe(false);
  finish("done");
  // No wait of the task's has met the abort: it ended by itself.
  expect(await task.settled()).toEqual({ status: "ok", value: "done" });
});

test("a bare promise cannot be limited, a wait for it can", async () => {
  const forever = new Promise<never>(() => {});
  expect(() => timeout(5, forever as never)).toThrow(/wrap a promise in wait\(promise\)/);
  await expect(timeout(1, wait(forever))).rejects.toMatchObject({ name: "TimeoutError" });
});

test("bad input", () => {
  expect(() => wait(5 as never)).toThrow(new TypeError("work must be a promise or a function, not 5"));
});
