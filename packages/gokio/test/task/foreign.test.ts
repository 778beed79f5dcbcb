/** Promises that are not gokio's: one reaction each, however often they are waited for. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { heapUsed, turn } from "../support/turns.ts";

/** A thenable that counts its reactions, and is settled by hand. */
class Deferred implements PromiseLike<unknown> {
  readonly reactions: { fulfil: (value: unknown) => unknown; reject: (error: unknown) => unknown }[] = [];

  then<A, B>(
    fulfil?: ((value: unknown) => A | PromiseLike<A>) | null,
    reject?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.reactions.push({ fulfil: fulfil ?? (() => {}), reject: reject ?? (() => {}) });
    return new Promise(() => {});
  }

  fulfil(value?: unknown): void {
    for (const reaction of this.reactions) reaction.fulfil(value);
  }

  reject(error: unknown): void {
    for (const reaction of this.reactions) reaction.reject(error);
  }
}

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("a promise gets one reaction, whoever waits, loses and comes back", async () => {
    const promise = new Deferred();
    const ch = chan<number>(8);
    for (let i = 0; i < 5; i++) {
      ch.trySend(i);
      expect(await drive(select({ promise: wait(promise), value: recv(ch) }))).toEqual({ key: "value", value: i });
    }
    const abandoned = start(wait(promise));
    const waits = [drive(wait(promise)), drive(wait(promise)), drive(select({ promise: wait(promise) }))];
    await turn();
    abandoned.cancel();
    expect(promise.reactions.length).toBe(1);
    promise.fulfil("value");
    expect(await Promise.all(waits)).toEqual(["value", "value", { key: "promise", value: "value" }]);
    expect(await drive(wait(promise))).toBe("value");
    expect(promise.reactions.length).toBe(1);
  });

  test("all who wait go on, in the order they came", async () => {
    const promise = new Deferred();
    const order: number[] = [];
    const waits = [0, 1, 2, 3].map((n) => drive(wait(promise)).then(() => order.push(n)));
    await turn();
    promise.fulfil();
    await Promise.all(waits);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test("all who wait fail with the very error; so do those who come later", async () => {
    const promise = new Deferred();
    const error = new RangeError("foreign");
    const failed = (thrown: unknown): unknown => ({ thrown });
    const waits = [0, 1].map(() => drive(wait(promise)).catch(failed));
    await turn();
    promise.reject(error);
    expect(await Promise.all(waits)).toEqual([{ thrown: error }, { thrown: error }]);
    await expect(drive(wait(promise))).rejects.toBe(error);
  });

  test.each([undefined, null, 0, Symbol("value")])("a promise of %s is ready once it is settled", async (value) => {
    const promise = Promise.resolve(value);
    expect(await drive(wait(promise))).toBe(value);
    const ready = await drive(select({ promise: wait(promise) }, { default: "not ready" }));
    expect(ready).toEqual({ key: "promise", value });
  });

  test("a select takes it when it is settled, and what is ready first when it is not", async () => {
    const promise = new Deferred();
    expect(await drive(select({ promise: wait(promise) }, { default: "not yet" }))).toEqual({
      key: "default",
      value: "not yet",
    });
    await turn();
    promise.fulfil("now");
    await turn();
    expect(await drive(select({ promise: wait(promise) }, { default: "not yet" }))).toEqual({
      key: "promise",
      value: "now",
    });
  });
});

describe("a thenable that is no promise", () => {
  const thenable = (then: PromiseLike<unknown>["then"]): PromiseLike<unknown> => ({ then });
  const outcomeOf = (work: PromiseLike<unknown>): Promise<unknown> =>
    spawn(function* () {
      return yield* wait(work);
    }).settled();

  test("that throws when it is asked has failed", async () => {
    const error = new Error("then threw");
    const broken = thenable(() => {
      throw error;
    });
    expect(await outcomeOf(broken)).toEqual({ status: "failed", error });
  });

  test("that gives another promise gives what that gives", async () => {
    const chained = thenable((fulfil) => fulfil?.(Promise.resolve(7)) as never);
    expect(await outcomeOf(chained)).toEqual({ status: "ok", value: 7 });
  });

  test("that settles twice has settled once", async () => {
    const twice = thenable((fulfil, reject) => {
      fulfil?.(1);
      return reject?.(new Error("twice")) as never;
    });
    expect(await outcomeOf(twice)).toEqual({ status: "ok", value: 1 });
    expect(await outcomeOf(twice)).toEqual({ status: "ok", value: 1 });
  });
});

test("a wait that has lost a select wakes nothing its task waits for later", async () => {
  const promise = new Deferred();
  const [first, second] = [chan<string>(), chan<string>()];
  const task = spawn(function* () {
    yield* select({ promise: wait(promise), value: recv(first) });
    return yield* recv(second);
  });
  await turn();
  first.trySend("first");
  await turn();
  promise.fulfil("nobody waits");
  await turn();
  expect(task.finished).toBe(false);
  second.trySend("second");
  expect(await task).toBe("second");
});

test("one that is rejected after everybody has left is handled", async () => {
  let reject = (_error: Error): void => {};
  const promise = new Promise<never>((_, settle) => {
    reject = settle;
  });
  const left = await select({ promise: wait(promise), now: Promise.resolve("now") });
  expect(left.key).toBe("now");
  expect(await unhandledDuring(() => reject(new Error("too late")))).toEqual([]);
});

test("waiting does not keep a promise alive", async () => {
  const refs: WeakRef<Promise<unknown>>[] = [];
  await (async () => {
    const promise = Promise.resolve("short-lived");
    refs.push(new WeakRef(promise));
    await wait(promise);
  })();
  await turn();
  await heapUsed();
  expect(refs[0]?.deref()).toBe(undefined);
});
