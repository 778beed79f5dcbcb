import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { watch } from "../../src/chan/watch.ts";
import { MisuseError } from "../../src/errors.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { leaving, looping, nexting, type Pulled } from "../../src/kernel/pull.ts";
import { err } from "../../src/result.ts";
import { Notify, notified } from "../../src/sync/notify.ts";
import { each, STOP } from "../../src/task/each.ts";
import { settled } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";

/** An async iterable of 1, 2, 3 that logs how it is used. */
function logged(log: string[], options: { end?: () => Promise<unknown>; items?: number } = {}): AsyncIterable<number> {
  return {
    [Symbol.asyncIterator]() {
      let n = 0;
      return {
        async next() {
          log.push("next");
          return ++n <= (options.items ?? 3) ? { done: false, value: n } : { done: true, value: undefined };
        },
        async return() {
          log.push("return");
          await options.end?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function filled(...items: number[]): Promise<ReturnType<typeof chan<number>>> {
  const ch = chan<number>(items.length);
  for (const item of items) await ch.send(item);
  ch.close();
  return ch;
}

describe.each([
  ["a channel", () => filled(1, 2, 3)],
  ["an async iterable", async () => logged([])],
  [
    "an async generator",
    async () =>
      (async function* () {
        yield 1;
        await null;
        yield* [2, 3];
      })(),
  ],
  ["an array", async () => [1, 2, 3]],
  ["a Set", async () => new Set([1, 2, 3])],
])("each over %s", (_name, source) => {
  test("gives the items in order, one after the other", async () => {
    const items = await source();
    const log: unknown[] = [];
    const result = await spawn(function* () {
      return yield* each(items, function* (item) {
        log.push(`begin ${item}`);
        yield* yieldNow();
        log.push(`end ${item}`);
      });
    });
    expect(result).toBeUndefined();
    expect(log).toEqual([1, 2, 3].flatMap((n) => [`begin ${n}`, `end ${n}`]));
  });

  test("takes plain and async functions, and operations they return", async () => {
    const log: unknown[] = [];
    const [a, b, c] = [await source(), await source(), await source()];
    await spawn(function* () {
      yield* each(a, (item) => void log.push(item));
      yield* each(b, async (item) => {
        log.push(`begin ${item}`);
        await turn();
        log.push(item);
      });
      yield* each(c, () => yieldNow());
    });
    expect(log).toEqual([1, 2, 3, "begin 1", 1, "begin 2", 2, "begin 3", 3]);
  });

  test("ends with STOP, a throw and an Err, which leaves the function around it", async () => {
    const sources = [await source(), await source(), await source()] as const;
    const log: unknown[] = [];
    const handle = spawn(function* () {
      yield* each(sources[0], function* (item) {
        log.push(item);
        return item === 2 ? STOP : undefined;
      });
      try {
        yield* each(sources[1], (item) => {
          if (item === 2) throw new Error("x");
        });
      } catch (error) {
        log.push((error as Error).message);
      }
      yield* each(sources[2], function* () {
        yield* err("left");
      });
      log.push("not reached");
    });
    expect(await handle).toEqual(err("left"));
    expect(log).toEqual([1, 2, "x"]);
  });
});

describe("an async iterator", () => {
  test.each([
    ["its end", "", ["next", "next", "next", "next"]],
    ["STOP", "stop", ["next", "return"]],
    ["a throw", "throw", ["next", "return"]],
    ["an Err", "err", ["next", "return"]],
  ])("is told to end once, or not, after %s", async (_name, how, expected) => {
    const log: string[] = [];
    const handle = spawn(function* () {
      yield* each(logged(log), function* () {
        if (how === "stop") return STOP;
        if (how === "throw") throw new Error("x");
        if (how === "err") yield* err("x");
        return undefined;
      });
    });
    await settled(handle);
    expect(log).toEqual(expected);
  });

  test("is told to end after an abort in the body, and waited for", async () => {
    const log: string[] = [];
    const source = logged(log, {
      end: async () => {
        await turn();
        log.push("ended");
      },
    });
    const handle = spawn(function* () {
      yield* each(source, function* () {
        try {
          yield* sleep(60_000);
        } finally {
          yield* yieldNow();
          log.push("body");
        }
      });
      log.push("not reached");
    });
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["next", "body", "return", "ended"]);
  });

  test("whose item is being waited for is told, and abandoned", async () => {
    const log: string[] = [];
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          log.push("return");
          throw new Error("ignored");
        },
      }),
    };
    const handle = spawn(function* () {
      yield* each(source, () => {});
    });
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(log).toEqual(["return"]);
  });

  test("that fails is not told to end, and its error is thrown", async () => {
    const log: string[] = [];
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error("x")),
        return: async () => {
          log.push("return");
          return { done: true, value: undefined };
        },
      }),
    };
    const handle = spawn(function* () {
      yield* each(source, () => {});
    });
    expect(await settled(handle)).toMatchObject({ status: "failed", error: { message: "x" } });
    expect(log).toEqual([]);
  });

  test("that fails in ending: the error of the loop comes first, else its own is thrown", async () => {
    const failing = (): AsyncIterable<number> => logged([], { end: () => Promise.reject(new Error("end")) });
    const thrown = spawn(function* () {
      yield* each(failing(), () => {
        throw new Error("loop");
      });
    });
    const stopped = spawn(function* () {
      yield* each(failing(), () => STOP);
    });
    expect(await settled(thrown)).toMatchObject({ error: { message: "loop" } });
    expect(await settled(stopped)).toMatchObject({ error: { message: "end" } });
  });
});

/** A source of 1, 2, 3 that logs how it is used. */
class Telling implements Pulled<number> {
  readonly log: string[] = [];
  readonly #items = mpsc.unbounded<number>();
  readonly #gate = new Notify();

  constructor(items = 3) {
    for (let n = 1; n <= items; n++) this.#items[0].trySend(n);
    if (items === 3) this.#items[0][Symbol.dispose]();
  }

  get [nexting](): Operation<IteratorResult<number, undefined>> {
    return next(this.#items[1]);
  }

  [looping](): Operation<IteratorResult<number, undefined>> {
    this.log.push("loop");
    return this[nexting];
  }

  [leaving](): Operation<void> {
    this.log.push("leave");
    void turn().then(() => {
      this.log.push("left");
      this.#gate.notifyAll();
    });
    return notified(this.#gate);
  }
}

describe("a source that is told", () => {
  test.each([
    ["its end", "", ["loop"]],
    ["STOP", "stop", ["loop", "leave", "left"]],
    ["a throw", "throw", ["loop", "leave", "left"]],
    ["an Err", "err", ["loop", "leave", "left"]],
  ])("is told once, or not, after %s", async (_name, how, expected) => {
    const source = new Telling();
    const handle = spawn(function* () {
      yield* each(source, function* () {
        if (how === "stop") return STOP;
        if (how === "throw") throw new Error("x");
        if (how === "err") yield* err("x");
        return undefined;
      });
    });
    const outcome = await settled(handle);
    expect(source.log).toEqual(expected);
    expect(outcome).toMatchObject(how === "throw" ? { error: { message: "x" } } : { status: "ok" });
  });

  test.each([
    ["the body", 3],
    ["a pull", 0],
  ])("is waited for after an abort in %s", async (_name, items) => {
    const source = new Telling(items);
    const handle = spawn(function* () {
      try {
        yield* each(source, function* () {
          yield* sleep(60_000);
        });
      } finally {
        source.log.push("after");
      }
    });
    await turn();
    handle.abort();
    expect((await settled(handle)).status).toBe("aborted");
    expect(source.log).toEqual(["loop", "leave", "left", "after"]);
  });

  test("a loop that never began tells nothing; each run is a loop of its own", async () => {
    const source = new Telling();
    const loop = each(source, () => STOP);
    expect(source.log).toEqual([]);
    await spawn(function* () {
      yield* loop;
      yield* loop;
    });
    expect(source.log).toEqual(["loop", "leave", "left", "loop", "leave", "left"]);
  });
});

test("a watch gives its current value first, to each loop, as for await has it", async () => {
  const [tx, rx] = watch("starting");
  const seen: string[] = [];
  const loop = spawn(function* () {
    yield* each(rx, (state) => void seen.push(state));
  });
  await turn();
  tx.send("ready");
  await turn();
  tx[Symbol.dispose]();
  await loop;
  expect(seen).toEqual(["starting", "ready"]);
  await spawn(function* () {
    yield* each(rx, (state) => void seen.push(state));
  });
  expect(seen).toEqual(["starting", "ready", "ready"]);
  rx[Symbol.dispose]();
  await spawn(function* () {
    yield* each(rx, (state) => void seen.push(state));
  });
  expect(seen.length).toBe(3);
});

describe("a channel", () => {
  test("stays as it is when the loop is left early: nothing is lost, nothing closed", async () => {
    const ch = chan<number>(3);
    for (const n of [1, 2, 3]) await ch.send(n);
    await spawn(function* () {
      yield* each(ch, () => STOP);
    });
    expect([ch.length, await ch.recv(), await ch.recv()]).toEqual([2, 2, 3]);
  });

  test("an abort while it waits leaves nothing linked", async () => {
    const ch = chan<number>();
    const handle = spawn(function* () {
      yield* each(ch, () => {});
    });
    await turn();
    handle.abort();
    await settled(handle);
    expect(ch.trySend(1)).toBe(false);
  });
});

test("what cannot be gone through is refused at the call", () => {
  for (const source of [undefined, null, 1, {}, recv(chan<number>())]) {
    expect(() => each(source as never, () => {})).toThrow(TypeError);
  }
  expect(() => each([1], 1 as never)).toThrow("body must be a function, not 1");
  expect(() =>
    each([1], () => {})
      [Symbol.iterator]()
      .next(),
  ).toThrow(MisuseError);
});
