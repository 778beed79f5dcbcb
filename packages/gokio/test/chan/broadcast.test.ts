/** Broadcast: everything to everybody, lag told exactly, nothing kept too long. */
import { describe, expect, test, vi } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { broadcast } from "../../src/chan/broadcast.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError, LaggedError, MisuseError } from "../../src/errors.ts";
import { WaitList } from "../../src/kernel/wait-list.ts";
import { select } from "../../src/select/select.ts";
import { heapUsed } from "../support/turns.ts";
import { drivers } from "./drivers.ts";
import { parked, rejection } from "./parked.ts";

const box = <T>(value: T): IteratorResult<T, undefined> => ({ done: false, value });
const DONE = { done: true, value: undefined };

describe.each(drivers)("broadcast, driven by $name", ({ drive, start }) => {
  test("every receiver gets every message, in order", async () => {
    const tx = broadcast<number>(4);
    const receivers = [tx.subscribe(), tx.subscribe(), tx.subscribe()];
    for (const n of [1, 2, 3]) expect(tx.send(n)).toBe(3);
    for (const rx of receivers) {
      expect([await drive(recv(rx)), await drive(recv(rx))]).toEqual([1, 2]);
      expect(await drive(next(rx))).toEqual(box(3));
      expect(rx.tryRecv()).toBeUndefined();
    }
  });

  test("parked receivers are all handed the message", async () => {
    const tx = broadcast<string>(1);
    const a = tx.subscribe();
    const b = tx.subscribe();
    const late = tx.subscribe();
    const waits = [await parked(start<unknown>(recv(a))), await parked(start<unknown>(next(b)))];
    expect(tx.send("one")).toBe(3);
    tx.send("two");
    // Handed over, not announced: the second message does not make them lag.
    expect(await Promise.all(waits.map(({ end }) => end))).toEqual([
      { status: "ok", value: "one" },
      { status: "ok", value: box("one") },
    ]);
    expect([await drive(recv(a)), await drive(recv(b))]).toEqual(["two", "two"]);
    await expect(drive(recv(late))).rejects.toThrow(new LaggedError(1));
    expect(await drive(recv(late))).toBe("two");
  });

  test("two receives at one receiver take turns", async () => {
    const tx = broadcast<number>(4);
    const rx = tx.subscribe();
    const first = await parked(start(recv(rx)));
    const gone = await parked(start(recv(rx)));
    const second = await parked(start(recv(rx)));
    gone.cancel();
    tx.send(1);
    expect(await first.end).toEqual({ status: "ok", value: 1 });
    await parked(second);
    tx.send(2);
    expect(await second.end).toEqual({ status: "ok", value: 2 });
  });

  test("a cancelled receive leaves the message to the next", async () => {
    const tx = broadcast<number>(4);
    const rx = tx.subscribe();
    const receive = await parked(start(recv(rx)));
    receive.cancel();
    tx.send(1);
    expect((await receive.end).status).toBe("cancelled");
    expect(await drive(recv(rx))).toBe(1);
  });

  test("the end comes after what was sent", async () => {
    const tx = broadcast<number>(2);
    const [rx, waiting] = [tx.subscribe(), tx.subscribe()];
    tx.send(1);
    tx.send(2);
    expect(waiting.tryRecv()).toEqual(box(1));
    expect(waiting.tryRecv()).toEqual(box(2));
    const waits = [await parked(start<unknown>(recv(waiting))), await parked(start<unknown>(next(waiting)))];
    tx[Symbol.dispose]();
    expect(await Promise.all(waits.map(({ end }) => end))).toEqual([
      { status: "failed", error: new ClosedError("broadcast(2)") },
      { status: "ok", value: DONE },
    ]);
    expect([await drive(recv(rx)), await drive(recv(rx))]).toEqual([1, 2]);
    await expect(drive(recv(rx))).rejects.toThrow(ClosedError);
    expect(await drive(next(rx))).toEqual(DONE);
  });

  test("a disposed receiver ends its waits, and counts no more", async () => {
    const tx = broadcast<number>(2, { name: "news" });
    const rx = tx.subscribe();
    const wait = await parked(start(recv(rx)));
    rx[Symbol.dispose]();
    rx[Symbol.dispose]();
    expect((await wait.end).status).toBe("failed");
    await expect(drive(recv(rx))).rejects.toThrow('the receiver of broadcast(2, "news") is closed');
    expect([tx.receiverCount, tx.send(1), rx.length, rx.tryRecv()]).toEqual([0, 0, 0, DONE]);
  });
});

describe("broadcast: lag", () => {
  test("is counted exactly, then the oldest kept message comes", async () => {
    const tx = broadcast<number>(2);
    const [fast, slow] = [tx.subscribe(), tx.subscribe()];
    tx.send(1);
    tx.send(2);
    expect(await fast.recv()).toBe(1);
    tx.send(3);
    expect(await rejection(slow.recv())).toMatchObject({ name: "LaggedError", missed: 1 });
    expect(await slow.recv()).toBe(2);
    expect([await fast.recv(), await fast.recv()]).toEqual([2, 3]);
    tx.send(4);
    tx.send(5);
    expect(await rejection(slow.next())).toMatchObject({ missed: 1 });
    tx.send(6);
    expect(await rejection(slow.next())).toMatchObject({ missed: 1 });
    tx.send(7);
    tx.send(8);
    tx.send(9);
    expect(() => slow.tryRecv()).toThrow(new LaggedError(3));
    expect([await slow.recv(), await slow.recv(), slow.tryRecv()]).toEqual([8, 9, undefined]);
  });

  test.each([1, 2, 3, 5, 8, 100])("capacity %d keeps just so many", (capacity) => {
    const tx = broadcast<number>(capacity);
    const rx = tx.subscribe();
    for (let n = 0; n < capacity; n++) tx.send(n);
    expect(rx.tryRecv()).toEqual(box(0));
    tx.send(capacity);
    tx.send(capacity + 1);
    expect(rx.length).toBe(capacity + 1);
    expect(() => rx.tryRecv()).toThrow(new LaggedError(1));
    for (let n = 2; n < capacity + 2; n++) expect(rx.tryRecv()).toEqual(box(n));
    expect(rx.tryRecv()).toBeUndefined();
  });

  test("is thrown into a loop, and the next loop goes on", async () => {
    const tx = broadcast<number>(2);
    const rx = tx.subscribe();
    for (let n = 1; n <= 5; n++) tx.send(n);
    tx[Symbol.dispose]();
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const n of rx) seen.push(n);
    };
    expect(await rejection(loop())).toMatchObject({ missed: 3 });
    await loop();
    expect(seen).toEqual([4, 5]);
  });

  test("survives the end", async () => {
    const tx = broadcast<number>(1);
    const rx = tx.subscribe();
    tx.send(1);
    tx.send(2);
    tx[Symbol.dispose]();
    expect(() => rx.tryRecv()).toThrow(new LaggedError(1));
    expect([rx.tryRecv(), rx.tryRecv()]).toEqual([box(2), DONE]);
  });
});

describe.each(drivers)("broadcast, closed, driven by $name", ({ drive, start }) => {
  test("tells that nobody receives any more", async () => {
    const tx = broadcast<number>(1);
    expect(tx.isClosed).toBe(true);
    await drive(closed(tx));
    const [a, b] = [tx.subscribe(), tx.subscribe()];
    const left = await parked(start(closed(tx)));
    left.cancel();
    const watcher = await parked(start(closed(tx)));
    a[Symbol.dispose]();
    await parked(watcher);
    b[Symbol.dispose]();
    expect(await watcher.end).toEqual({ status: "ok", value: undefined });
    expect((await left.end).status).toBe("cancelled");
    await tx.closed();
    tx.subscribe();
    expect(tx.isClosed).toBe(false);
  });
});

describe("broadcast", () => {
  test("the last of several senders is the end", async () => {
    const tx = broadcast<number>(4);
    const rx = tx.subscribe();
    const other = tx.clone();
    expect([tx.sameChannel(other), tx.sameChannel(broadcast<number>(4))]).toEqual([true, false]);
    tx[Symbol.dispose]();
    tx[Symbol.dispose]();
    expect(() => tx.clone()).toThrow(MisuseError);
    expect([rx.isClosed, other.send(1), await rx.recv()]).toEqual([false, 1, 1]);
    const wait = rx.next();
    other[Symbol.dispose]();
    expect([await wait, rx.isClosed]).toEqual([DONE, true]);
  });

  test("receivers are told apart", () => {
    const tx = broadcast<number>(1);
    const rx = tx.subscribe();
    expect([rx.sameChannel(rx.resubscribe()), rx.sameChannel(broadcast<number>(1).subscribe())]).toEqual([true, false]);
  });

  test("a message asks only those who are parked", async () => {
    const tx = broadcast<number>(4);
    for (let i = 0; i < 100; i++) tx.subscribe();
    const waiting = tx.subscribe();
    const shift = vi.spyOn(WaitList.prototype, "shift");
    const wait = waiting.recv();
    tx.send(1);
    expect(shift).toHaveBeenCalledTimes(1);
    tx.send(2);
    expect(shift).toHaveBeenCalledTimes(1);
    shift.mockRestore();
    expect([await wait, await waiting.recv()]).toEqual([1, 2]);
  });

  test("parked receivers may leave in any order", async () => {
    const tx = broadcast<number>(4);
    const receivers = Array.from({ length: 5 }, () => tx.subscribe());
    const waits = receivers.map((rx) => rx.next());
    for (const i of [0, 4, 2]) receivers[i]?.[Symbol.dispose]();
    expect(tx.send(1)).toBe(2);
    expect(await Promise.all(waits)).toEqual([DONE, box(1), DONE, box(1), DONE]);
    const again = [receivers[1]?.next(), receivers[1]?.next(), receivers[3]?.next()];
    receivers[3]?.[Symbol.dispose]();
    for (const n of [2, 3]) tx.send(n);
    expect(await Promise.all(again)).toEqual([box(2), box(3), DONE]);
    expect(receivers[1]?.length).toBe(0);
  });

  test("a receiver sees what is sent after it was made", async () => {
    const tx = broadcast<number>(4);
    expect(tx.send(0)).toBe(0);
    const early = tx.subscribe();
    tx.send(1);
    const late = early.resubscribe();
    tx.send(2);
    expect([early.length, late.length, tx.receiverCount]).toEqual([2, 1, 2]);
    expect([await early.recv(), await early.recv(), await late.recv()]).toEqual([1, 2, 2]);
  });

  test("leaving a loop early loses nothing", async () => {
    const tx = broadcast<number>(4);
    const rx = tx.subscribe();
    for (const n of [1, 2, 3]) tx.send(n);
    for await (const n of rx) if (n === 1) break;
    expect([rx.isClosed, rx.length, await rx.recv()]).toEqual([false, 2, 2]);
  });

  test("two receivers in one select: one gets the message, the other keeps it", async () => {
    const tx = broadcast<string>(4);
    const [a, b] = [tx.subscribe(), tx.subscribe()];
    const won = select({ a: recv(a), b: recv(b) }).then((result) => result);
    expect(tx.send("x")).toBe(2);
    const { key } = await won;
    const [winner, loser] = key === "a" ? [a, b] : [b, a];
    expect([winner.tryRecv(), loser.tryRecv()]).toEqual([undefined, box("x")]);
  });

  test("every wait takes a signal", async () => {
    const tx = broadcast<number>(1);
    const rx = tx.subscribe();
    const token = new CancellationToken();
    const waits = [rx.recv({ signal: token }), rx.next({ signal: token })];
    token.cancel();
    for (const wait of waits) expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    tx.send(1);
    expect(await rx.recv()).toBe(1);
  });

  test("a disposed sender cannot be used", () => {
    const tx = broadcast<number>(1);
    const rx = tx.subscribe();
    tx[Symbol.dispose]();
    tx[Symbol.dispose]();
    expect(() => tx.send(1)).toThrow(MisuseError);
    expect(() => tx.subscribe()).toThrow("the sender of broadcast(1) was disposed");
    expect(rx.isClosed).toBe(true);
    expect(rx.resubscribe().tryRecv()).toEqual(DONE);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])("refuses the capacity %d", (capacity) => {
    expect(() => broadcast(capacity)).toThrow(
      new RangeError(`capacity must be a whole number from 1 to 2147483647, not ${capacity}`),
    );
  });

  test("a huge capacity costs nothing before it is used", () => {
    const tx = broadcast<number>(2 ** 31 - 1);
    const rx = tx.subscribe();
    for (let n = 0; n < 50_000; n++) tx.send(n);
    for (let n = 0; n < 50_000; n++) if ((rx.tryRecv() as { value: number }).value !== n) throw new Error(`not ${n}`);
    tx.send(-1);
    expect([tx.capacity, rx.tryRecv()]).toEqual([2 ** 31 - 1, box(-1)]);
  });
});

describe("broadcast keeps a message only while somebody has yet to see it", () => {
  /** Sends `count` objects, and tells which are still alive. */
  function sent(tx: { send(value: object): number }, count: number): () => Promise<boolean[]> {
    const refs: WeakRef<object>[] = [];
    for (let i = 0; i < count; i++) {
      const message = { big: new Array(100).fill(i) };
      refs.push(new WeakRef(message));
      tx.send(message);
    }
    return async () => {
      await heapUsed();
      return refs.map((ref) => ref.deref() !== undefined);
    };
  }
  const skip = (rx: { tryRecv(): unknown }, count: number): void => {
    for (let i = 0; i < count; i++) rx.tryRecv();
  };

  test("the last to see it releases it", async () => {
    const tx = broadcast<object>(8);
    const [a, b] = [tx.subscribe(), tx.subscribe()];
    const alive = sent(tx, 3);
    skip(a, 3);
    expect(await alive()).toEqual([true, true, true]);
    skip(b, 2);
    expect(await alive()).toEqual([false, false, true]);
    skip(b, 1);
    expect(await alive()).toEqual([false, false, false]);
    expect([tx.receiverCount, a.length]).toEqual([2, 0]);
  });

  test("a receiver that is handed a message has seen it", async () => {
    const tx = broadcast<object>(8);
    const [parked, busy] = [tx.subscribe(), tx.subscribe()];
    const receive = (): Promise<void> => parked.recv().then(() => undefined);
    let received = receive();
    const forBoth = sent(tx, 1);
    await received;
    expect(await forBoth()).toEqual([true]);
    skip(busy, 1);
    expect(await forBoth()).toEqual([false]);
    busy[Symbol.dispose]();
    received = receive();
    const forOne = sent(tx, 1);
    await received;
    expect(await forOne()).toEqual([false]);
    expect([tx.receiverCount, parked.length]).toEqual([1, 0]);
  });

  test("so does a receiver that leaves, or lags", async () => {
    const tx = broadcast<object>(2);
    const [a, b] = [tx.subscribe(), tx.subscribe()];
    const alive = sent(tx, 4);
    expect(await alive()).toEqual([false, false, true, true]);
    a[Symbol.dispose]();
    expect(await alive()).toEqual([false, false, true, true]);
    b[Symbol.dispose]();
    expect(await alive()).toEqual([false, false, false, false]);
    expect(tx.send({})).toBe(0);
  });

  test("with nobody there it is not kept at all", async () => {
    const tx = broadcast<object>(2);
    const alive = sent(tx, 2);
    expect(await alive()).toEqual([false, false]);
    tx.subscribe();
    const alive2 = sent(tx, 1);
    expect(await alive2()).toEqual([true]);
    expect(tx.receiverCount).toBe(1);
  });
});
