/** Oneshot: one value, two ends, whoever waits. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { heapUsed } from "../support/turns.ts";
import { drivers } from "./drivers.ts";
import { parked, rejection } from "./parked.ts";

describe.each(drivers)("oneshot, driven by $name", ({ drive, start }) => {
  test("a value sent before is received", async () => {
    const [tx, rx] = oneshot<string>();
    expect(tx.send("a")).toBe(true);
    expect(tx.isClosed).toBe(false);
    expect(await drive(recv(rx))).toBe("a");
    expect(tx.isClosed).toBe(true);
  });

  test("a value is handed to a parked receive, and to no other", async () => {
    const [tx, rx] = oneshot<string>();
    const first = await parked(start(recv(rx)));
    const second = await parked(start(recv(rx)));
    const third = await parked(start(next(rx)));
    expect(tx.send("a")).toBe(true);
    expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
    expect(await first.end).toEqual({ status: "ok", value: "a" });
    expect(await second.end).toEqual({ status: "failed", error: new ClosedError("oneshot") });
    expect(await third.end).toEqual({ status: "ok", value: { done: true, value: undefined } });
  });

  test("a sender that gives up fails the receive", async () => {
    const [tx, rx] = oneshot<string>();
    const receive = await parked(start(recv(rx)));
    tx[Symbol.dispose]();
    expect(await receive.end).toEqual({ status: "failed", error: new ClosedError("oneshot") });
    await expect(drive(recv(rx))).rejects.toThrow("oneshot is closed");
    expect(tx.send("late")).toBe(false);
  });

  test("a value that was sent outlives its sender", async () => {
    const [tx, rx] = oneshot<number>();
    tx.send(1);
    tx[Symbol.dispose]();
    expect(await drive(next(rx))).toEqual({ done: false, value: 1 });
    expect(await drive(next(rx))).toEqual({ done: true, value: undefined });
    await expect(drive(recv(rx))).rejects.toThrow(ClosedError);
  });

  test("a cancelled receive leaves the value to the next", async () => {
    const [tx, rx] = oneshot<number>();
    const first = await parked(start(recv(rx)));
    const second = await parked(start(recv(rx)));
    first.cancel();
    expect(tx.send(1)).toBe(true);
    expect(await first.end).toEqual({ status: "cancelled" });
    expect(await second.end).toEqual({ status: "ok", value: 1 });
  });

  test("closed tells of close, dispose and receipt", async () => {
    const leave: ((rx: ReturnType<typeof oneshot<number>>[1]) => void)[] = [
      (rx) => rx.close(),
      (rx) => rx[Symbol.dispose](),
      (rx) => void rx.recv(),
    ];
    for (const [i, go] of leave.entries()) {
      const [tx, rx] = oneshot<number>();
      const given = await parked(start(closed(tx)));
      given.cancel();
      const watcher = await parked(start(closed(tx)));
      go(rx);
      if (i === 2) expect(tx.send(1)).toBe(true);
      expect((await watcher.end).status).toBe("ok");
      await drive(closed(tx));
      expect([tx.isClosed, tx.send(2)]).toEqual([true, false]);
    }
  });

  test("a sender that gives up unused is closed; one that has sent waits for the receipt", async () => {
    const [tx] = oneshot<number>();
    const watcher = await parked(start(closed(tx)));
    tx[Symbol.dispose]();
    expect((await watcher.end).status).toBe("ok");
    expect(tx.isClosed).toBe(true);
    const [tx2, rx2] = oneshot<number>();
    const watcher2 = await parked(start(closed(tx2)));
    tx2.send(1);
    tx2[Symbol.dispose]();
    await parked(watcher2);
    expect(await drive(recv(rx2))).toBe(1);
    expect((await watcher2.end).status).toBe("ok");
  });

  test("closing ends a parked receive", async () => {
    const [tx, rx] = oneshot<number>();
    const receive = await parked(start(recv(rx)));
    rx.close();
    expect((await receive.end).status).toBe("failed");
    expect(tx.send(1)).toBe(false);
  });
});

describe("oneshot", () => {
  test("the receiver is as those of other channels are", async () => {
    const [tx, rx] = oneshot<number>({ name: "answer" });
    expect(rx.isClosed).toBe(false);
    const first = rx.next();
    tx.send(1);
    expect([await first, await rx.next()]).toEqual([
      { done: false, value: 1 },
      { done: true, value: undefined },
    ]);
    expect(rx.isClosed).toBe(true);
    await expect(rx.recv()).rejects.toThrow('oneshot("answer") is closed');
    const [tx2, rx2] = oneshot<number>();
    tx2.send(2);
    expect(rx2.isClosed).toBe(true);
    const seen: number[] = [];
    for await (const n of rx2) seen.push(n);
    expect(seen).toEqual([2]);
  });

  test("close keeps a value that was sent, dispose drops it", async () => {
    const [tx, rx] = oneshot<number>();
    tx.send(1);
    rx.close();
    expect([tx.isClosed, await rx.recv()]).toEqual([true, 1]);
    const [tx2, rx2] = oneshot<number>();
    tx2.send(1);
    rx2[Symbol.dispose]();
    rx2[Symbol.dispose]();
    await expect(rx2.recv()).rejects.toThrow(ClosedError);
  });

  test("sends once", () => {
    const [tx, rx] = oneshot<number>();
    expect([tx.send(1), tx.send(2)]).toEqual([true, false]);
    expect(rx.tryRecv()).toEqual({ done: false, value: 1 });
    expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
  });

  test("tryRecv tells nothing yet from never", () => {
    const [tx, rx] = oneshot<number>();
    expect(rx.tryRecv()).toBeUndefined();
    tx[Symbol.dispose]();
    expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
  });

  test("every wait takes a signal", async () => {
    const [tx, rx] = oneshot<number>();
    const token = new CancellationToken();
    const waits = [rx.recv({ signal: token }), tx.closed({ signal: token })];
    token.cancel();
    for (const wait of waits) expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    tx.send(1);
    expect(await rx.recv()).toBe(1);
  });

  test("two receives in one select: one gets the value", async () => {
    const [tx, rx] = oneshot<number>();
    const won = select({ a: recv(rx), b: recv(rx) }).then((result) => result);
    tx.send(7);
    expect((await won).value).toBe(7);
  });

  test("a received value is not kept alive", async () => {
    const [tx, rx] = oneshot<object>();
    const ref = (() => {
      const value = { big: new Array(100).fill(0) };
      tx.send(value);
      rx.tryRecv();
      return new WeakRef(value);
    })();
    await heapUsed();
    expect(ref.deref() === undefined).toBe(true);
    expect(tx.isClosed).toBe(true);
  });
});
