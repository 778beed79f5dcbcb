/** Mpsc: how its two ends and their permits behave, whoever waits. */
import { describe, expect, test, vi } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { forgettable } from "../../src/chan/forgettable.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { reserve, reserveMany } from "../../src/chan/permit.ts";
import { recvMany } from "../../src/chan/receiver.ts";
import { watch } from "../../src/chan/watch.ts";
import { CancelledError, ClosedError, MisuseError, SendError } from "../../src/errors.ts";
import { WaitList } from "../../src/kernel/wait-list.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { heapUsed, quiet, turn, until } from "../support/turns.ts";
import { drivers } from "./drivers.ts";
import { parked, rejection } from "./parked.ts";

describe.each(drivers)("mpsc, driven by $name", ({ drive, start }) => {
  test("messages arrive in order, and the end after the last", async () => {
    const [tx, rx] = mpsc<number>(3);
    for (const n of [1, 2, 3]) await drive(send(tx, n));
    expect(rx.length).toBe(3);
    tx[Symbol.dispose]();
    expect([await drive(recv(rx)), await drive(recv(rx))]).toEqual([1, 2]);
    expect(await drive(next(rx))).toEqual({ done: false, value: 3 });
    expect(await drive(next(rx))).toEqual({ done: true, value: undefined });
    await expect(drive(recv(rx))).rejects.toThrow(new ClosedError("mpsc(3)"));
    expect(await drive(recvMany(rx, 5))).toEqual([]);
  });

  test("a message goes straight to a parked receiver, and takes no slot", async () => {
    const [tx, rx] = mpsc<string>(1);
    const receive = await parked(start(recv(rx)));
    expect(tx.trySend("a")).toBe(true);
    expect([rx.length, tx.available]).toEqual([0, 1]);
    expect(await receive.end).toEqual({ status: "ok", value: "a" });
  });

  test("parked receives are served in turn", async () => {
    const [tx, rx] = mpsc<number>(1);
    const receives = [await parked(start(recv(rx))), await parked(start(recv(rx))), await parked(start(recv(rx)))];
    receives[1]?.cancel();
    await turn();
    for (const n of [1, 2]) tx.trySend(n);
    const ended = await Promise.all(receives.map(({ end }) => end));
    expect(ended).toEqual([{ status: "ok", value: 1 }, { status: "cancelled" }, { status: "ok", value: 2 }]);
  });

  test("senders and reservers wait in one queue, in order", async () => {
    const [tx, rx] = mpsc<string>(1);
    tx.trySend("first");
    const a = await parked(start(send(tx, "a")));
    const b = await parked(start(reserve(tx)));
    const c = await parked(start(send(tx, "c")));
    expect(rx.tryRecv()).toEqual({ done: false, value: "first" });
    expect(await a.end).toEqual({ status: "ok", value: undefined });
    await parked(b);
    expect(rx.tryRecv()).toEqual({ done: false, value: "a" });
    const permit = await b.end;
    if (permit.status !== "ok") throw new Error(permit.status);
    await parked(c);
    expect(rx.tryRecv()).toBeUndefined();
    permit.value.send("b");
    expect(rx.tryRecv()).toEqual({ done: false, value: "b" });
    expect(await c.end).toEqual({ status: "ok", value: undefined });
    expect(rx.tryRecv()).toEqual({ done: false, value: "c" });
  });

  test("nobody overtakes those who wait", async () => {
    const [tx, rx] = mpsc<string>(1);
    const permit = await tx.reserve();
    const waiting = await parked(start(send(tx, "a")));
    expect(tx.trySend("b")).toBe(false);
    expect(tx.tryReserve()).toBeUndefined();
    permit[Symbol.dispose]();
    // The slot is the waiting sender's before it runs.
    expect(tx.trySend("b")).toBe(false);
    expect(await waiting.end).toEqual({ status: "ok", value: undefined });
    expect(await drive(recvMany(rx, 9))).toEqual(["a"]);
  });

  test("a cancelled send has not sent, and leaves the queue", async () => {
    const [tx, rx] = mpsc<string>(1);
    tx.trySend("a");
    const b = await parked(start(send(tx, "b")));
    const c = await parked(start(send(tx, "c")));
    b.cancel();
    expect(await b.end).toEqual({ status: "cancelled" });
    expect(await drive(recvMany(rx, 9))).toEqual(["a", "c"]);
    expect((await c.end).status).toBe("ok");
  });

  test("a cancelled reserve holds nothing", async () => {
    const [tx] = mpsc<string>(1);
    const permit = await tx.reserve();
    const waiting = await parked(start(reserve(tx)));
    waiting.cancel();
    await waiting.end;
    permit[Symbol.dispose]();
    expect(tx.available).toBe(1);
  });

  test("a cancelled receive has taken nothing", async () => {
    const [tx, rx] = mpsc<string>(1);
    for (const op of [recv(rx), next(rx), recvMany(rx, 2)]) {
      const receive = await parked(start<unknown>(op));
      receive.cancel();
      await receive.end;
      expect(tx.trySend("a")).toBe(true);
      expect(rx.tryRecv()).toEqual({ done: false, value: "a" });
    }
  });

  test("disposing a permit serves the next waiter", async () => {
    const [tx] = mpsc<string>(1);
    const first = tx.tryReserve();
    const second = await parked(start(reserve(tx)));
    first?.[Symbol.dispose]();
    expect((await second.end).status).toBe("ok");
  });

  test("a permit can be sent with after close, and holds the end back", async () => {
    const [tx, rx] = mpsc<number>(2);
    const used = await drive(reserve(tx));
    const unused = await drive(reserve(tx));
    rx.close();
    expect(rx.tryRecv()).toBeUndefined();
    const first = await parked(start(recv(rx)));
    const second = await parked(start(next(rx)));
    used.send(123);
    expect(await first.end).toEqual({ status: "ok", value: 123 });
    await parked(second);
    unused[Symbol.dispose]();
    expect(await second.end).toEqual({ status: "ok", value: { done: true, value: undefined } });
  });

  test("close gives parked senders their values back, and refuses new ones", async () => {
    const [tx, rx] = mpsc<string>(1, { name: "mail" });
    tx.trySend("kept");
    const a = await parked(start(send(tx, "a")));
    const b = await parked(start(reserve(tx)));
    const watcher = await parked(start(closed(tx)));
    rx.close();
    expect(await a.end).toEqual({ status: "failed", error: new SendError('mpsc(1, "mail")', "a") });
    expect((await a.end) as unknown).toHaveProperty("error.value", "a");
    expect(await b.end).toEqual({ status: "failed", error: new ClosedError('mpsc(1, "mail")') });
    expect((await watcher.end).status).toBe("ok");
    expect(await rejection(drive(send(tx, "late")))).toHaveProperty("value", "late");
    await expect(drive(reserve(tx))).rejects.toThrow(ClosedError);
    await drive(closed(tx));
    expect([tx.isClosed, rx.isClosed]).toEqual([true, true]);
    expect(await drive(recv(rx))).toBe("kept");
    await expect(drive(recv(rx))).rejects.toThrow('mpsc(1, "mail") is closed');
  });

  test("a disposed receiver drops what it holds, and tells everybody", async () => {
    const [tx, rx] = mpsc<string>(2);
    tx.trySend("dropped");
    const permit = await drive(reserve(tx));
    const sending = await parked(start(send(tx, "a")));
    const watcher = await parked(start(closed(tx)));
    rx[Symbol.dispose]();
    expect(await sending.end).toHaveProperty("error.value", "a");
    expect((await watcher.end).status).toBe("ok");
    permit.send("nobody sees it");
    expect(rx.length).toBe(0);
    await expect(drive(recv(rx))).rejects.toThrow(ClosedError);
  });

  test("the receiver's own waits end when it is disposed, even with a permit out", async () => {
    const [tx, rx] = mpsc<string>(1);
    const permit = await drive(reserve(tx));
    rx.close();
    const waits = [await parked(start<unknown>(recv(rx))), await parked(start<unknown>(recvMany(rx, 2)))];
    rx[Symbol.dispose]();
    expect(await Promise.all(waits.map(({ end }) => end))).toEqual([
      { status: "failed", error: new ClosedError("mpsc(1)") },
      { status: "ok", value: [] },
    ]);
    permit[Symbol.dispose]();
  });

  test("the last sender disposed ends the channel for those who wait", async () => {
    const [tx, rx] = mpsc<string>(1);
    const other = tx.clone();
    const receive = await parked(start(recv(rx)));
    const many = await parked(start(recvMany(rx, 3)));
    tx[Symbol.dispose]();
    tx[Symbol.dispose]();
    await parked(receive);
    expect(rx.isClosed).toBe(false);
    other[Symbol.dispose]();
    expect(await receive.end).toEqual({ status: "failed", error: new ClosedError("mpsc(1)") });
    expect(await many.end).toEqual({ status: "ok", value: [] });
    expect(rx.isClosed).toBe(true);
    expect(tx.isClosed).toBe(false);
  });

  test("what was begun before the last sender went is completed", async () => {
    const [tx, rx] = mpsc<string>(1);
    const permit = await drive(reserve(tx));
    const sending = await parked(start(send(tx, "b")));
    const reserving = await parked(start(reserve(tx)));
    tx[Symbol.dispose]();
    permit.send("a");
    expect(await drive(recv(rx))).toBe("a");
    expect((await sending.end).status).toBe("ok");
    expect(await drive(recv(rx))).toBe("b");
    const late = await reserving.end;
    const receive = await parked(start(next(rx)));
    if (late.status === "ok") late.value.send("c");
    expect(await receive.end).toEqual({ status: "ok", value: { done: false, value: "c" } });
    expect(await drive(next(rx))).toEqual({ done: true, value: undefined });
  });

  test("several slots are reserved together, and small requests wait behind", async () => {
    const [tx, rx] = mpsc<number>(3);
    const first = await drive(reserveMany(tx, 2));
    expect([first.length, tx.available]).toEqual([2, 1]);
    const many = await parked(start(reserveMany(tx, 3)));
    const one = await parked(start(send(tx, 9)));
    const two = await parked(start(reserveMany(tx, 2)));
    expect([tx.trySend(8), tx.tryReserve(), tx.tryReserveMany(1), tx.tryReserveMany(0)]).toEqual([
      false,
      undefined,
      undefined,
      [],
    ]);
    first[0]?.send(1);
    first[1]?.[Symbol.dispose]();
    await parked(many);
    expect(rx.tryRecv()).toEqual({ done: false, value: 1 });
    const permits = await many.end;
    if (permits.status !== "ok") throw new Error(permits.status);
    await parked(one);
    for (const [i, permit] of permits.value.entries()) permit.send(i + 2);
    expect(await drive(recvMany(rx, 3))).toEqual([2, 3, 4]);
    expect((await one.end).status).toBe("ok");
    const last = await two.end;
    if (last.status === "ok") for (const permit of last.value) permit[Symbol.dispose]();
    expect([tx.available, await drive(recv(rx)), tx.tryReserveMany(3)?.length]).toEqual([2, 9, 3]);
  });

  test("a large request that is cancelled lets those behind it go on", async () => {
    const [tx, rx] = mpsc<string>(2);
    tx.trySend("a");
    const many = await parked(start(reserveMany(tx, 2)));
    const b = await parked(start(send(tx, "b")));
    const c = await parked(start(send(tx, "c")));
    many.cancel();
    expect(await many.end).toEqual({ status: "cancelled" });
    expect((await b.end).status).toBe("ok");
    await parked(c);
    expect(await drive(recvMany(rx, 9))).toEqual(["a", "b", "c"]);
    expect((await c.end).status).toBe("ok");
  });

  test("a large request is refused with the others, or completed after the last sender", async () => {
    const [tx, rx] = mpsc<string>(2);
    tx.trySend("a");
    const refused = await parked(start(reserveMany(tx, 2)));
    rx.close();
    expect(await refused.end).toEqual({ status: "failed", error: new ClosedError("mpsc(2)") });
    await expect(drive(reserveMany(tx, 0))).rejects.toThrow(ClosedError);
    const [tx2, rx2] = mpsc<string>(2);
    const held = await drive(reserve(tx2));
    const many = await parked(start(reserveMany(tx2, 2)));
    tx2[Symbol.dispose]();
    const receive = await parked(start(recv(rx2)));
    held[Symbol.dispose]();
    const permits = await many.end;
    if (permits.status === "ok") permits.value[0]?.send("late");
    expect(await receive.end).toEqual({ status: "ok", value: "late" });
  });

  test("one of a select that is admitted does not let others overtake it", async () => {
    const [tx, rx] = mpsc<string>(2);
    const held = await drive(reserveMany(tx, 2));
    const choice = await parked(start(select({ one: send(tx, "first"), two: reserveMany(tx, 2) }, { biased: true })));
    const behind = await parked(start(send(tx, "second")));
    for (const permit of held) permit[Symbol.dispose]();
    expect(await choice.end).toEqual({ status: "ok", value: { key: "one", value: undefined } });
    expect((await behind.end).status).toBe("ok");
    expect(await drive(recvMany(rx, 9))).toEqual(["first", "second"]);
  });

  test("recvMany waits for one, then takes what there is, up to the limit", async () => {
    const [tx, rx] = mpsc<number>(2);
    const waiting = await parked(start(recvMany(rx, 10)));
    tx.trySend(1);
    expect(await waiting.end).toEqual({ status: "ok", value: [1] });
    expect(await drive(recvMany(rx, 0))).toEqual([]);
    const sends = [2, 3, 4, 5, 6].map((n) => start(send(tx, n)));
    await turn();
    expect(await drive(recvMany(rx, 4))).toEqual([2, 3, 4, 5]);
    expect(await drive(recvMany(rx, 4))).toEqual([6]);
    for (const { end } of sends) expect((await end).status).toBe("ok");
  });

  test("an unbounded channel never makes a sender wait", async () => {
    const [tx, rx] = mpsc.unbounded<number>({ name: "log" });
    for (let n = 0; n < 1000; n++) expect(tx.trySend(n)).toBe(true);
    await drive(send(tx, 1000));
    (await drive(reserve(tx))).send(1001);
    expect([tx.capacity, tx.available, rx.length]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1002]);
    expect((await drive(recvMany(rx, 5000))).length).toBe(1002);
    rx.close();
    await expect(drive(send(tx, 1))).rejects.toThrow('mpsc.unbounded("log") is closed');
  });

  test("a select may send and receive on one channel, and does just one", async () => {
    const [tx, rx] = mpsc<string>(1);
    const permit = await tx.reserve();
    const both = await parked(start(select({ in: recv(rx), out: send(tx, "self") })));
    permit[Symbol.dispose]();
    expect(await both.end).toEqual({ status: "ok", value: { key: "out", value: undefined } });
    expect(rx.tryRecv()).toEqual({ done: false, value: "self" });
    expect(rx.tryRecv()).toBeUndefined();
  });
});

describe("mpsc", () => {
  test("more slots than there are cannot be reserved", () => {
    const [tx] = mpsc<number>(2);
    for (const count of [3, -1, 1.5, Number.NaN]) {
      expect(() => tx.reserveMany(count)).toThrow(
        new RangeError(`count must be a whole number from 0 to 2, not ${count}`),
      );
      expect(() => tx.tryReserveMany(count)).toThrow(RangeError);
    }
    expect(() => reserveMany({} as never, 1)).toThrow("tx must be a sender, not an object");
    expect(mpsc.unbounded<number>()[0].tryReserveMany(9)?.length).toBe(9);
    tx[Symbol.dispose]();
    expect(() => tx.reserveMany(1)).toThrow(MisuseError);
    expect(() => tx.tryReserveMany(1)).toThrow(MisuseError);
  });

  test("its iterators are iterable themselves", async () => {
    const [tx, rx] = mpsc<number>(4);
    for (const n of [1, 2, 3]) tx.trySend(n);
    tx[Symbol.dispose]();
    const items = rx[Symbol.asyncIterator]();
    await items.next();
    const rest: number[] = [];
    for await (const n of items) rest.push(n);
    expect(rest).toEqual([2, 3]);
  });

  test("drains in for await; leaving early keeps the rest", async () => {
    const [tx, rx] = mpsc<number>(8);
    for (let n = 0; n < 6; n++) tx.trySend(n);
    for await (const n of rx) if (n === 2) break;
    expect([rx.isClosed, rx.length]).toEqual([false, 3]);
    tx[Symbol.dispose]();
    const rest: number[] = [];
    for await (const n of rx) rest.push(n);
    expect(rest).toEqual([3, 4, 5]);
  });

  test("methods start at once", async () => {
    const [tx, rx] = mpsc<number>(1);
    const sends = [tx.send(1), tx.send(2)];
    expect(rx.length).toBe(1);
    expect(await rx.recv()).toBe(1);
    expect(await rx.recvMany(2)).toEqual([2]);
    await Promise.all(sends);
    const late = rx.next();
    (await tx.reserve()).send(3);
    expect(await late).toEqual({ done: false, value: 3 });
  });

  test("every wait takes a signal", async () => {
    const [tx, rx] = mpsc<number>(1);
    const token = new CancellationToken();
    const held = await tx.reserve();
    const options = { signal: token };
    const waits = [
      tx.send(1, options),
      tx.reserve(options),
      rx.recv(options),
      rx.recvMany(1, options),
      tx.closed(options),
    ];
    token.cancel();
    for (const wait of waits) expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    held[Symbol.dispose]();
    expect([tx.available, rx.length]).toEqual([1, 0]);
    // One that is aborted before rejects, though there is room.
    expect(await rejection(tx.send(1, options))).toBeInstanceOf(CancelledError);
    expect(rx.length).toBe(0);
  });

  test("a weak sender does not keep the channel open", async () => {
    const [tx, rx] = mpsc<string>(1);
    const weak = tx.downgrade();
    const strong = weak.upgrade();
    expect(strong?.sameChannel(tx)).toBe(true);
    tx[Symbol.dispose]();
    await strong?.send("still open");
    strong?.[Symbol.dispose]();
    expect(weak.upgrade()).toBeUndefined();
    expect(await rx.recv()).toBe("still open");
    await expect(rx.recv()).rejects.toThrow(ClosedError);
  });

  test("channels are told apart", () => {
    const [a] = mpsc<number>(1);
    const [b] = mpsc<number>(1);
    expect([a.sameChannel(a.clone()), a.sameChannel(b)]).toEqual([true, false]);
  });

  test("a disposed sender cannot be used, but can tell", async () => {
    const [tx, rx] = mpsc<number>(1, { name: "jobs" });
    const made = send(tx, 1);
    const other = tx.clone();
    tx[Symbol.dispose]();
    for (const use of [
      () => tx.send(1),
      () => tx.trySend(1),
      () => send(tx, 1),
      () => tx.reserve(),
      () => tx.tryReserve(),
    ]) {
      expect(use).toThrow(MisuseError);
    }
    expect(() => tx.clone()).toThrow('this sender of mpsc(1, "jobs") was disposed');
    expect(() => tx.downgrade()).toThrow(MisuseError);
    await expect(made.then()).rejects.toThrow(MisuseError);
    expect(rx.length).toBe(0);
    rx.close();
    await tx.closed();
    other[Symbol.dispose]();
  });

  test("a permit is good for one message", async () => {
    const [tx, rx] = mpsc<number>(2);
    const permit = await tx.reserve();
    permit.send(1);
    expect(() => permit.send(2)).toThrow(MisuseError);
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    expect([tx.available, rx.length]).toEqual([1, 1]);
    const dropped = await tx.reserve();
    dropped[Symbol.dispose]();
    expect(() => dropped.send(3)).toThrow("spent");
  });

  test("closing twice is harmless, from either end", async () => {
    const [tx, rx] = mpsc<number>(1);
    rx.close();
    rx.close();
    rx[Symbol.dispose]();
    rx[Symbol.dispose]();
    tx[Symbol.dispose]();
    expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
  });

  test("a task that is aborted while it sends has not sent", async () => {
    const [tx, rx] = mpsc<number>(1);
    tx.trySend(1);
    const task = spawn(function* () {
      yield* send(tx, 2);
    });
    await turn();
    task.abort();
    await task.settled();
    expect(rx.tryRecv()).toEqual({ done: false, value: 1 });
    expect(rx.tryRecv()).toBeUndefined();
  });

  test("any value travels, and boxed forms carry a thenable as it is", async () => {
    const [tx, rx] = mpsc<unknown>(4);
    const thenable = { then: (resolve: (n: number) => void) => resolve(7) };
    for (const value of [undefined, null, thenable, thenable]) tx.trySend(value);
    expect(rx.tryRecv()).toEqual({ done: false, value: undefined });
    expect(await rx.recv()).toBe(null);
    expect(((await rx.next()) as { value: unknown }).value).toBe(thenable);
    expect(await rx.recv()).toBe(7);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])("refuses the capacity %d", (capacity) => {
    expect(() => mpsc(capacity)).toThrow(
      new RangeError(`capacity must be a whole number from 1 to 2147483647, not ${capacity}`),
    );
  });

  test("refuses what is no number, no sender, no receiver", () => {
    const [, rx] = mpsc<number>(1);
    expect(() => mpsc("8" as never)).toThrow(TypeError);
    expect(() => rx.recvMany(-1)).toThrow(RangeError);
    expect(() => rx.recvMany("3" as never)).toThrow(TypeError);
    expect(() => recvMany({} as never, 1)).toThrow(TypeError);
    expect(() => reserve(undefined as never)).toThrow("tx must be a sender, not undefined");
    expect(() => closed({} as never)).toThrow(TypeError);
    expect(mpsc(2 ** 31 - 1)[0].capacity).toBe(2 ** 31 - 1);
  });

  test("diagnostics can ask to be told of each sender and permit, and of who looks at a watch", () => {
    const seen: Disposable[] = [];
    forgettable.made = (end) => void seen.push(end);
    try {
      const [tx] = mpsc<number>(1);
      expect(seen).toEqual([tx, tx.clone(), tx.tryReserve()]);
      const [set, rx] = watch(1);
      const made = [set, rx, rx.clone(), set.subscribe()];
      expect(seen.slice(3).map((end, i) => end === made[i])).toEqual([true, true, true, true]);
    } finally {
      forgettable.made = undefined;
    }
  });

  test("100,000 parked senders drain in order, with one step on the queue for each", async () => {
    const count = 100_000;
    const [tx, rx] = mpsc<number>(1);
    for (let n = 0; n < count; n++) void tx.send(n);
    const removals = vi.spyOn(WaitList.prototype, "remove");
    const shifts = vi.spyOn(WaitList.prototype, "shift");
    for (let n = 0; n < count; n++) if ((rx.tryRecv() as { value: number }).value !== n) throw new Error(`not ${n}`);
    expect(rx.tryRecv()).toBeUndefined();
    expect(removals).not.toHaveBeenCalled();
    // One for each parked sender, and one that looks for a receiver of its message.
    expect(shifts.mock.calls.length).toBeLessThanOrEqual(2 * count);
    removals.mockRestore();
    shifts.mockRestore();
    await quiet();
  });

  test("20,000 parked senders are rejected in one close", async () => {
    const [tx, rx] = mpsc<number>(1);
    let back = 0;
    for (let n = 0; n <= 20_000; n++) tx.send(n).catch((error) => (back += error instanceof SendError ? 1 : 0));
    rx.close();
    await until(() => back === 20_000);
  });

  test("an idle channel keeps no message alive", async () => {
    const [tx, rx] = mpsc<object>(4);
    const refs: WeakRef<object>[] = [];
    const make = (): object => {
      const message = { big: new Array(100).fill(0) };
      refs.push(new WeakRef(message));
      return message;
    };
    const tryOne = (): void => {
      tx.trySend(make());
      rx.tryRecv();
    };
    const handOne = async (): Promise<void> => {
      const waiting = rx.recv();
      tx.trySend(make());
      await waiting;
    };
    tryOne();
    await handOne();
    await spawn(function* () {
      yield* send(tx, make());
      yield* recv(rx);
    });
    await heapUsed();
    expect(refs.map((ref) => ref.deref() === undefined)).toEqual([true, true, true]);
  });
});
