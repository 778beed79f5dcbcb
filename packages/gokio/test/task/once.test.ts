import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { select } from "../../src/select/select.ts";
import { type JoinHandle, settled } from "../../src/task/join-handle.ts";
import { once } from "../../src/task/once.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const count = (emitter: EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

/** An EventTarget that counts its listeners. */
class Counted extends EventTarget {
  listeners = 0;
  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}

describe.each(drivers)("once, through $name", ({ start }) => {
  test("an emitter's event gives its arguments; no listener is left", async () => {
    const emitter = new EventEmitter();
    const waiting = start(once(emitter, "data"));
    await turn();
    expect(count(emitter)).toBe(2);
    emitter.emit("other", 0);
    emitter.emit("data", 1, "two");
    expect(count(emitter)).toBe(0);
    emitter.emit("data", 3);
    expect(await waiting.end).toEqual({ status: "ok", value: [1, "two"] });
  });

  test("its error is thrown, unless it is what is waited for", async () => {
    const emitter = new EventEmitter();
    const error = new Error("x");
    const waiting = start(once(emitter, "data"));
    const forErrors = start(once(emitter, "error"));
    await turn();
    emitter.emit("error", error);
    expect(await waiting.end).toEqual({ status: "failed", error });
    expect(await forErrors.end).toEqual({ status: "ok", value: [error] });
    expect(count(emitter)).toBe(0);
  });

  test("a target's event gives the event", async () => {
    const target = new Counted();
    const waiting = start(once(target, "ready"));
    await turn();
    const event = new Event("ready");
    target.dispatchEvent(event);
    expect(await waiting.end).toEqual({ status: "ok", value: event });
    expect(target.listeners).toBe(0);
  });

  test("no listener is left when cancelled", async () => {
    const emitter = new EventEmitter();
    const target = new Counted();
    const token = new CancellationToken();
    const waits = [
      start(once(emitter, "data")),
      start(once(target, "ready") as never),
      start(withOptions(once(emitter, Symbol.for("x")), { signal: token })),
    ];
    await turn();
    expect([count(emitter), target.listeners]).toEqual([4, 1]);
    waits[0]?.cancel();
    waits[1]?.cancel();
    token.cancel("why");
    expect((await Promise.all(waits.map((wait) => wait.end))).map(({ status }) => status)).toEqual([
      "cancelled",
      "cancelled",
      "failed",
    ]);
    expect([count(emitter), target.listeners]).toEqual([0, 0]);
  });
});

test("no listener is left when it is beaten in a select", () =>
  virtual(async () => {
    const emitter = new EventEmitter();
    const handle = spawn(function* () {
      return yield* select({ event: once(emitter, "data"), tick: sleep(1) });
    });
    expect(await handle).toEqual({ key: "tick", value: undefined });
    expect(count(emitter)).toBe(0);
    expect(await select({ event: once(emitter, "data"), at: Promise.resolve(1) })).toEqual({ key: "at", value: 1 });
    expect(count(emitter)).toBe(0);
  }));

test("one operation can be driven by several, each with listeners of its own", async () => {
  const emitter = new EventEmitter();
  const op = once<[number]>(emitter, "data");
  const both = Promise.all([op.then((args) => args), op.then((args) => args)]);
  emitter.emit("data", 1);
  expect(await both).toEqual([[1], [1]]);
  const again = spawn(function* () {
    return yield* op;
  });
  await turn();
  emitter.emit("data", 2);
  expect(await settled(again)).toEqual({ status: "ok", value: [2] });
});

test("what is neither is refused at the call", () => {
  expect(() => once({} as never, "x")).toThrow("emitter must be an EventEmitter or an EventTarget, not an object");
  expect(() => once(null as never, "x")).toThrow(TypeError);
  expect(() => once(new EventEmitter(), 1 as never)).toThrow("event must be a string or a symbol, not 1");
});

/** Calls a listener for "ready" back at once. */
class Ready extends EventEmitter {
  override on(event: string, listener: (...args: unknown[]) => void): this {
    super.on(event, listener);
    if (event === "ready") {
      listener("now");
      listener("again");
    }
    return this;
  }
}

describe.each(drivers)("an emitter that calls back while it is being listened to, through $name,", ({ start }) => {
  test("has been heard, once, and is left", async () => {
    const emitter = new Ready();
    const waiting = start(once(emitter, "ready"));
    expect(await waiting.end).toEqual({ status: "ok", value: ["now"] });
    expect(count(emitter)).toBe(0);
  });

  test("in a select has won it", async () => {
    const emitter = new Ready();
    const waiting = start(select({ ready: once(emitter, "ready"), late: sleep(60_000) }));
    expect(await waiting.end).toEqual({ status: "ok", value: { key: "ready", value: ["now"] } });
    expect(count(emitter)).toBe(0);
  });

  test("and is left by a select at once, is not heard", async () => {
    const emitter = new Ready();
    const target = new EventEmitter();
    const waiting = start(select({ ready: once(emitter, "ready"), target: once(target, "first") }));
    target.emit("first", 1);
    await waiting.end;
    expect([count(emitter), count(target)]).toEqual([0, 0]);
  });
});

test("an emitter that cannot be listened to keeps no listener", async () => {
  const emitter = new EventEmitter();
  emitter.on("newListener", (event) => {
    if (event === "error") throw new RangeError("no errors here");
  });
  await expect(Promise.resolve(once(emitter, "data"))).rejects.toThrow(RangeError);
  expect(emitter.listenerCount("data")).toBe(0);
});

describe.each(["generator", "async"])("a task that is aborted while it begins to listen, %s,", (flavour) => {
  test.each(["alone", "in a select", "in a timeout"])("%s, ends, and keeps no listener", async (where) => {
    const emitter = new EventEmitter();
    const handles: JoinHandle<unknown>[] = [];
    emitter.on("newListener", (event) => {
      if (event === "go") handles[0]?.abort("itself");
    });
    const op = (): PromiseLike<unknown> & Iterable<never, unknown, unknown> => {
      if (where === "alone") return once(emitter, "go") as never;
      if (where === "in a timeout") return timeout(60_000, () => once(emitter, "go")) as never;
      return select({ late: sleep(60_000), go: once(emitter, "go") }, { biased: true }) as never;
    };
    handles[0] =
      flavour === "async"
        ? spawn(async () => await op())
        : spawn(function* () {
            yield* op();
          });
    expect(await handles[0].settled()).toEqual({ status: "aborted", reason: "itself" });
    expect([emitter.listenerCount("go"), emitter.listenerCount("error")]).toEqual([0, 0]);
  });
});
