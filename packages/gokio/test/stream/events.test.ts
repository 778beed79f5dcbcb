import { EventEmitter, getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { type Overflow, OverflowError } from "../../src/stream/sources/push-buffer.ts";
import { Stream } from "../../src/stream/stream.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** How many listeners an emitter has, of any event. */
function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

/** A stream of numbers that listens already. */
async function listening(
  emitter: EventEmitter,
  options: { capacity?: number; overflow?: Overflow; end?: string } = {},
) {
  const stream = Stream.fromEvents<[number]>(emitter, "n", options).map(([n]) => n);
  expect(stream.tryRecv()).toBeUndefined();
  return stream;
}

describe("an EventEmitter", () => {
  test("the arguments of each event, in an array", async () => {
    const emitter = new EventEmitter();
    const stream = Stream.fromEvents<[string, number]>(emitter, "pair");
    const pull = stream.recv();
    await turn();
    emitter.emit("pair", "a", 1);
    emitter.emit("pair", "b", 2);
    expect(await pull).toEqual(["a", 1]);
    expect(await stream.recv()).toEqual(["b", 2]);
    await stream.close();
    expect(listenersOf(emitter)).toBe(0);
  });

  test("listening begins with the first pull", async () => {
    const emitter = new EventEmitter();
    const stream = Stream.fromEvents(emitter, "n");
    expect(listenersOf(emitter)).toBe(0);
    emitter.emit("n", 0);
    expect(stream.tryRecv()).toBeUndefined();
    expect(listenersOf(emitter)).toBe(2);
    emitter.emit("n", 1);
    expect(stream.tryRecv()).toEqual({ done: false, value: [1] });
    await stream.close();
    expect(listenersOf(emitter)).toBe(0);
  });

  test("its end: what came before can still be pulled", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter, { end: "close" });
    expect(listenersOf(emitter)).toBe(3);
    emitter.emit("n", 1);
    emitter.emit("close");
    expect(listenersOf(emitter)).toBe(0);
    emitter.emit("n", 2);
    expect(await stream.toArray()).toEqual([1]);
  });

  test("its end, for one who waits", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter, { end: "close" });
    const pull = stream.next();
    await turn();
    emitter.emit("close");
    expect(await pull).toEqual({ done: true, value: undefined });
    expect(listenersOf(emitter)).toBe(0);
  });

  test.each([true, false])(
    "an error fails the stream, once, after what came before; somebody waits: %s",
    async (waits) => {
      const emitter = new EventEmitter();
      const stream = await listening(emitter);
      if (!waits) emitter.emit("n", 1);
      const pull = stream.recv();
      await turn();
      emitter.emit("error", new Error("broken"));
      expect(listenersOf(emitter)).toBe(0);
      if (!waits) {
        expect(await pull).toBe(1);
        await expect(stream.recv()).rejects.toThrow("broken");
      } else await expect(pull).rejects.toThrow("broken");
      expect((await stream.next()).done).toBe(true);
    },
  );

  test("an error that looks like an end is none", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter);
    emitter.emit("error", new ClosedError("the database"));
    await expect(stream.toArray()).rejects.toThrow("the database is closed");
  });

  test("`error` may be what is asked for, or the end", async () => {
    const emitter = new EventEmitter();
    const errors = Stream.fromEvents<[Error]>(emitter, "error");
    errors.tryRecv();
    emitter.emit("error", new Error("an item"));
    expect((await errors.recv())[0].message).toBe("an item");
    await errors.close();
    const stream = await listening(emitter, { end: "error" });
    emitter.emit("error", new Error("the end"));
    expect(await stream.toArray()).toEqual([]);
    expect(listenersOf(emitter)).toBe(0);
  });

  test("a symbol is a name, too", async () => {
    const emitter = new EventEmitter();
    const name = Symbol("tick");
    const stream = Stream.fromEvents(emitter, name);
    stream.tryRecv();
    emitter.emit(name, 1);
    expect(await stream.recv()).toEqual([1]);
    await stream.close();
  });

  test.each(["break", "throw", "close", "cancel", "take"])("left by %s, no listener stays", async (how) => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter);
    for (let n = 0; n < 5; n++) emitter.emit("n", n);
    const token = new CancellationToken();
    const read = async (): Promise<void> => {
      for await (const n of stream) {
        if (n < 2) continue;
        if (how === "break") break;
        throw new Error("stop");
      }
    };
    if (how === "break") await read();
    else if (how === "throw") await expect(read()).rejects.toThrow("stop");
    else if (how === "close") await stream.close();
    else if (how === "take") expect(await stream.take(2).toArray()).toEqual([0, 1]);
    else {
      const all = stream.toArray({ signal: token });
      await turn();
      token.cancel("enough");
      await expect(all).rejects.toThrow(CancelledError);
    }
    expect(listenersOf(emitter)).toBe(0);
  });

  test("a pull that loses a select loses no event", () =>
    virtual(async () => {
      const emitter = new EventEmitter();
      const stream = await listening(emitter);
      expect((await select({ item: recv(stream), late: sleep(1) })).key).toBe("late");
      emitter.emit("n", 1);
      const won = await select({ item: recv(stream), late: sleep(1000) });
      expect(won).toEqual({ key: "item", value: 1 });
      await stream.close();
    }));

  test("a failure to listen fails the stream, and leaves nothing", async () => {
    const emitter = new EventEmitter();
    emitter.on("newListener", (name) => {
      if (name === "error") throw new Error("not here");
    });
    const stream = Stream.fromEvents(emitter, "n");
    await expect(stream.next()).rejects.toThrow("not here");
    expect(emitter.listenerCount("n")).toBe(0);
  });

  test("can be listened to again by retry", async () => {
    const emitter = new EventEmitter();
    const stream = Stream.fromEvents<[number]>(emitter, "n", { end: "end" }).retry({
      attempts: 3,
      backoff: { base: 0 },
    });
    const all = stream.map(([n]) => n).toArray();
    await turn();
    emitter.emit("n", 1);
    await turn();
    emitter.emit("error", new Error("again"));
    while (emitter.listenerCount("n") === 0) await turn();
    emitter.emit("n", 2);
    emitter.emit("end");
    expect(await all).toEqual([1, 2]);
    expect(listenersOf(emitter)).toBe(0);
  });
});

describe("more events than fit", () => {
  test("fail: what fits, and then an error with what did not", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter, { capacity: 2 });
    for (let n = 0; n < 5; n++) emitter.emit("n", n);
    expect(listenersOf(emitter)).toBe(0);
    expect([await stream.recv(), await stream.recv()]).toEqual([0, 1]);
    const error = (await stream.recv().catch((error) => error)) as OverflowError<[number]>;
    expect(error).toBeInstanceOf(OverflowError);
    expect(error.name).toBe("OverflowError");
    expect(error.value).toEqual([2]);
    expect(error.message).toMatch("more than 2 items");
    expect((await stream.next()).done).toBe(true);
  });

  test("the default is 1024, and to fail", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter);
    for (let n = 0; n < 1025; n++) emitter.emit("n", n);
    const seen: number[] = [];
    await expect(stream.forEach((n) => void seen.push(n))).rejects.toThrow(OverflowError);
    expect(seen).toHaveLength(1024);
  });

  test("property: each policy, against an array", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Overflow>("fail", "drop-oldest", "drop-newest"),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (overflow, capacity, steps) => {
          const emitter = new EventEmitter();
          const stream = await listening(emitter, { capacity, overflow });
          const buffer: number[] = [];
          let failed = false;
          let n = 0;
          for (const isPull of steps) {
            if (isPull) {
              if (buffer.length === 0 && failed) break;
              expect(stream.tryRecv()?.value).toBe(buffer.shift());
              continue;
            }
            emitter.emit("n", n);
            if (failed) continue;
            if (buffer.length < capacity) buffer.push(n);
            else if (overflow === "fail") failed = true;
            else if (overflow === "drop-oldest") {
              buffer.shift();
              buffer.push(n);
            }
            n++;
          }
          expect(listenersOf(emitter)).toBe(failed ? 0 : 2);
          for (const expected of buffer) expect(stream.tryRecv()?.value).toBe(expected);
          if (failed) expect(() => stream.tryRecv()).toThrow(OverflowError);
          await stream.close();
          expect(listenersOf(emitter)).toBe(0);
        },
      ),
    ));

  test("no limit", async () => {
    const emitter = new EventEmitter();
    const stream = await listening(emitter, { capacity: Number.POSITIVE_INFINITY });
    for (let n = 0; n < 5000; n++) emitter.emit("n", n);
    expect(await stream.take(5000).count()).toBe(5000);
  });

  test("what is asked for wrongly", () => {
    const emitter = new EventEmitter();
    for (const emitter of [undefined, {}, 1, "emitter"]) {
      expect(() => Stream.fromEvents(emitter as never, "n")).toThrow(TypeError);
    }
    expect(() => Stream.fromEvents(emitter, 1 as never)).toThrow(TypeError);
    expect(() => Stream.fromEvents(emitter, "n", { end: 1 as never })).toThrow(TypeError);
    expect(() => Stream.fromEvents(emitter, "n", 1 as never)).toThrow(TypeError);
    expect(() => Stream.fromEvents(emitter, "n", { capacity: 0 })).toThrow(RangeError);
    expect(() => Stream.fromEvents(emitter, "n", { overflow: "wait" as never })).toThrow(TypeError);
  });
});

describe("an EventTarget", () => {
  test("its events, to its end", async () => {
    const target = new EventTarget();
    const stream = Stream.fromEvents<MessageEvent>(target, "message", { end: "close" });
    const all = stream.map((event) => event.type).toArray();
    await turn();
    expect(getEventListeners(target, "message")).toHaveLength(1);
    target.dispatchEvent(new Event("message"));
    target.dispatchEvent(new Event("message"));
    target.dispatchEvent(new Event("close"));
    expect(getEventListeners(target, "message")).toHaveLength(0);
    expect(getEventListeners(target, "close")).toHaveLength(0);
    expect(await all).toEqual(["message", "message"]);
  });

  test("left in the middle of a pull, no listener stays", async () => {
    const target = new EventTarget();
    const stream = Stream.fromEvents(target, "message");
    const pull = stream.next();
    await turn();
    await stream.close();
    expect((await pull).done).toBe(true);
    expect(getEventListeners(target, "message")).toHaveLength(0);
  });

  test("an AbortSignal is one", async () => {
    const controller = new AbortController();
    const stream = Stream.fromEvents(controller.signal, "abort");
    const pull = stream.recv();
    await turn();
    controller.abort();
    expect((await pull).type).toBe("abort");
    await stream.close();
  });
});
