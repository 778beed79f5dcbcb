/** Watch: the newest value for everyone, and waiting for it to change. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { waitFor } from "../../src/chan/wait-for.ts";
import { watch } from "../../src/chan/watch.ts";
import { changed } from "../../src/chan/watch-receiver.ts";
import { CancelledError, ClosedError, MisuseError } from "../../src/errors.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { heapUsed, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { drivers } from "./drivers.ts";
import { parked, rejection } from "./parked.ts";

const box = <T>(value: T): IteratorResult<T, undefined> => ({ done: false, value });
const DONE = { done: true, value: undefined };
const OK = { status: "ok", value: undefined };

describe.each(drivers)("watch, driven by $name", ({ drive, start }) => {
  test("changed waits for a value that was not seen", async () => {
    const [tx, rx] = watch("one");
    const first = await parked(start(changed(rx)));
    expect(rx.value).toBe("one");
    tx.send("two");
    expect(await first.end).toEqual(OK);
    expect([rx.value, rx.hasChanged]).toEqual(["two", false]);
    tx.send("three");
    await drive(changed(rx));
    expect(rx.value).toBe("three");
    const last = await parked(start(changed(rx)));
    tx[Symbol.dispose]();
    expect(await last.end).toEqual({ status: "failed", error: new ClosedError("watch") });
    await expect(drive(changed(rx))).rejects.toThrow("watch is closed");
    expect([rx.value, rx.isClosed]).toEqual(["three", true]);
  });

  test("the last value can still be seen after the end", async () => {
    const [tx, rx] = watch(0);
    tx.send(1);
    tx[Symbol.dispose]();
    await drive(changed(rx));
    await expect(drive(changed(rx))).rejects.toThrow(ClosedError);
    expect(await drive(next(rx))).toEqual(DONE);
    expect(rx.see()).toBe(1);
  });

  test("recv and next give the value that is new", async () => {
    const [tx, rx] = watch(0);
    const wait = await parked(start(recv(rx)));
    tx.send(1);
    expect(rx.hasChanged).toBe(false);
    tx.send(2);
    tx.send(3);
    expect(await wait.end).toEqual({ status: "ok", value: 1 });
    // What lay between is skipped.
    expect(await drive(next(rx))).toEqual(box(3));
    const last = await parked(start(next(rx)));
    tx[Symbol.dispose]();
    expect(await last.end).toEqual({ status: "ok", value: DONE });
  });

  test("all who wait at one receiver are woken, and each receiver by itself", async () => {
    const [tx, rx] = watch(0);
    const other = tx.subscribe();
    const waits = [
      await parked(start<unknown>(changed(rx))),
      await parked(start<unknown>(recv(rx))),
      await parked(start<unknown>(next(other))),
      await parked(start<unknown>(waitFor(other, (n) => n > 0))),
    ];
    tx.send(1);
    expect(await Promise.all(waits.map(({ end }) => end))).toEqual([
      OK,
      { status: "ok", value: 1 },
      { status: "ok", value: box(1) },
      { status: "ok", value: 1 },
    ]);
    expect([rx.hasChanged, other.hasChanged]).toEqual([false, false]);
  });

  test("a cancelled wait has marked nothing", async () => {
    const [tx, rx] = watch(0);
    for (const op of [changed(rx), recv(rx), next(rx), waitFor(rx, (n) => n < 0)] as Operation<unknown>[]) {
      const wait = await parked(start(op));
      wait.cancel();
      tx.send(tx.value + 1);
      expect((await wait.end).status).toBe("cancelled");
      expect(rx.hasChanged).toBe(true);
      rx.see();
    }
  });

  test("waitFor tries the current value, seen or not", async () => {
    const [tx, rx] = watch(5);
    expect(await drive(waitFor(rx, (n) => n === 5))).toBe(5);
    tx.send(6);
    expect(await drive(waitFor(rx, (n) => n === 6))).toBe(6);
    expect(rx.hasChanged).toBe(false);
  });

  test("waitFor waits until the predicate accepts", async () => {
    const [tx, rx] = watch(0);
    const wait = await parked(start(waitFor(rx, (n) => n >= 3)));
    for (const n of [1, 2]) {
      tx.send(n);
      await parked(wait);
    }
    expect(rx.hasChanged).toBe(true);
    tx.send(3);
    expect(await wait.end).toEqual({ status: "ok", value: 3 });
    expect(rx.hasChanged).toBe(false);
  });

  test("waitFor is told the end, after the last value", async () => {
    const [tx, rx] = watch(0);
    const no = await parked(start(waitFor(rx, (n) => n === 7)));
    const yes = await parked(start(waitFor(rx, (n) => n === 1)));
    tx.send(1);
    tx[Symbol.dispose]();
    expect(await yes.end).toEqual({ status: "ok", value: 1 });
    expect(await no.end).toEqual({ status: "failed", error: new ClosedError("watch") });
    await expect(drive(waitFor(rx, (n) => n === 7))).rejects.toThrow(ClosedError);
    expect(await drive(waitFor(rx, (n) => n === 1))).toBe(1);
  });

  test("a predicate that throws fails the wait", async () => {
    const [tx, rx] = watch(0);
    const boom = new RangeError("boom");
    const picky = (n: number): boolean => {
      if (n === 1) throw boom;
      return false;
    };
    const wait = await parked(start(waitFor(rx, picky)));
    tx.send(1);
    expect(await wait.end).toEqual({ status: "failed", error: boom });
    await expect(drive(waitFor(rx, picky))).rejects.toBe(boom);
  });

  test("a disposed receiver ends its waits and no others", async () => {
    const [tx, rx] = watch(0, { name: "config" });
    const other = rx.clone();
    const watcher = await parked(start(closed(tx)));
    const mine = [
      await parked(start<unknown>(changed(rx))),
      await parked(start<unknown>(waitFor(rx, (n) => n > 0))),
      await parked(start<unknown>(next(rx))),
    ];
    const theirs = await parked(start(recv(other)));
    rx[Symbol.dispose]();
    rx[Symbol.dispose]();
    const error = new ClosedError('the receiver of watch("config")');
    expect(await Promise.all(mine.map(({ end }) => end))).toEqual([
      { status: "failed", error },
      { status: "failed", error },
      { status: "ok", value: DONE },
    ]);
    await parked(watcher);
    tx.send(1);
    expect(await theirs.end).toEqual({ status: "ok", value: 1 });
    await expect(drive(changed(rx))).rejects.toThrow(ClosedError);
    await expect(drive(waitFor(rx, () => true))).rejects.toThrow(ClosedError);
    other[Symbol.dispose]();
    expect(await watcher.end).toEqual(OK);
    expect([tx.receiverCount, tx.isClosed]).toEqual([0, true]);
    const again = tx.subscribe();
    expect([again.value, again.hasChanged, tx.isClosed]).toEqual([1, false, false]);
  });

  test("two waits of one receiver in a select: one wins", async () => {
    const [tx, rx] = watch(0);
    const wait = await parked(start(select({ a: waitFor(rx, (n) => n > 0), b: recv(rx), c: changed(rx) })));
    tx.send(1);
    tx.send(2);
    expect((await wait.end).status).toBe("ok");
    expect(rx.hasChanged).toBe(true);
  });
});

describe("watch: the sender", () => {
  test("sendReplace gives the old value back", () => {
    const [tx, rx] = watch(1);
    expect([tx.sendReplace(2), rx.value, rx.hasChanged]).toEqual([1, 2, true]);
    expect(() => tx.sendModify(() => tx.sendReplace(3))).toThrow(MisuseError);
    tx[Symbol.dispose]();
    expect(() => tx.sendReplace(3)).toThrow(MisuseError);
    expect(rx.value).toBe(2);
  });

  test("the last of several is the end", async () => {
    const [tx, rx] = watch(1);
    const other = tx.clone();
    expect([tx.sameChannel(other), tx.sameChannel(watch(1)[0])]).toEqual([true, false]);
    const wait = rx.next();
    tx[Symbol.dispose]();
    tx[Symbol.dispose]();
    expect(() => tx.clone()).toThrow(MisuseError);
    expect(rx.isClosed).toBe(false);
    other.send(2);
    expect(await wait).toEqual(box(2));
    const last = rx.next();
    other[Symbol.dispose]();
    expect([await last, rx.isClosed]).toEqual([DONE, true]);
  });

  test("nothing is sent after the end, which a modification may bring", async () => {
    const [tx, rx] = watch(1);
    const modify = (): void =>
      tx.sendModify((current) => {
        current.value = 2;
        tx[Symbol.dispose]();
      });
    expect(modify).toThrow(MisuseError);
    expect([rx.value, rx.hasChanged, rx.isClosed]).toEqual([1, false, true]);
  });

  test("a modification may subscribe and clone, but not send through a clone", () => {
    const [tx] = watch(1);
    const made = tx.subscribe();
    const other = tx.clone();
    let inside = made;
    tx.sendModify((current) => {
      inside = tx.subscribe();
      expect(() => other.send(9)).toThrow(MisuseError);
      expect(() => tx.clone().sendModify(() => {})).toThrow(MisuseError);
      current.value = 2;
    });
    expect([inside.hasChanged, inside.value]).toEqual([true, 2]);
  });

  test("sendModify changes in place, or puts another value in", () => {
    const [tx, rx] = watch<{ n: number }>({ n: 0 });
    const { value } = tx;
    tx.sendModify((current) => {
      current.value.n++;
    });
    expect([rx.see() === value, value.n]).toEqual([true, 1]);
    tx.sendModify((current) => {
      current.value = { n: 9 };
    });
    expect([rx.hasChanged, rx.value, tx.value]).toEqual([true, { n: 9 }, { n: 9 }]);
  });

  test("sendIfModified sends only what was modified", () => {
    const [tx, rx] = watch(1);
    const set = (n: number, sends: boolean): boolean =>
      tx.sendIfModified((current) => {
        current.value = n;
        return sends;
      });
    expect([set(2, false), rx.hasChanged, rx.value]).toEqual([false, false, 1]);
    expect([set(3, true), rx.hasChanged, rx.value]).toEqual([true, true, 3]);
  });

  test("a modification that throws sends nothing", async () => {
    const [tx, rx] = watch(1);
    const wait = rx.changed();
    const boom = (current: { value: number }): void => {
      current.value = 2;
      throw new RangeError("boom");
    };
    expect(() => tx.sendModify(boom)).toThrow(RangeError);
    expect([rx.value, rx.hasChanged]).toEqual([1, false]);
    tx.sendModify((current) => {
      current.value += 2;
    });
    await wait;
    expect(rx.value).toBe(3);
  });

  test("a modification must not send", () => {
    const [tx, rx] = watch(1);
    expect(() => tx.sendModify(() => tx.send(2))).toThrow(MisuseError);
    expect(() => tx.sendModify(() => tx.sendModify(() => {}))).toThrow("must not send another");
    expect(rx.value).toBe(1);
    tx.send(2);
    expect(rx.value).toBe(2);
  });

  test("the same value again is a change", async () => {
    const [tx, rx] = watch(1);
    tx.send(1);
    await rx.changed();
  });

  test("a value is kept with nobody there", () => {
    const [tx, rx] = watch(1);
    rx[Symbol.dispose]();
    tx.send(2);
    expect([tx.value, tx.subscribe().value, rx.value]).toEqual([2, 2, 2]);
  });

  test("a disposed sender cannot be used, but can be asked", () => {
    const [tx] = watch(1, { name: "config" });
    tx[Symbol.dispose]();
    tx[Symbol.dispose]();
    for (const use of [() => tx.send(2), () => tx.sendModify(() => {}), () => tx.sendIfModified(() => true)]) {
      expect(use).toThrow(MisuseError);
    }
    expect(() => tx.subscribe()).toThrow('the sender of watch("config") was disposed');
    expect([tx.value, tx.receiverCount]).toEqual([1, 1]);
  });
});

describe("watch: the receiver", () => {
  test("markChanged takes the value as new, for who comes and who waits", async () => {
    const [tx, rx] = watch(1);
    rx.markChanged();
    expect([rx.hasChanged, await rx.recv(), rx.hasChanged]).toEqual([true, 1, false]);
    const waits = [rx.recv(), rx.changed()];
    rx.markChanged();
    expect(await Promise.all(waits)).toEqual([1, undefined]);
    expect(rx.hasChanged).toBe(false);
    rx.markChanged();
    rx.see();
    tx[Symbol.dispose]();
    await expect(rx.changed()).rejects.toThrow(ClosedError);
  });

  test("a disposed one cannot be cloned, and does not come back", () => {
    const [tx, rx] = watch(1);
    const other = rx.clone();
    expect([rx.sameChannel(other), rx.sameChannel(watch(1)[1])]).toEqual([true, false]);
    rx[Symbol.dispose]();
    expect(() => rx.clone()).toThrow("this receiver of watch was disposed");
    expect(tx.receiverCount).toBe(1);
  });

  test("a loop that was refused has taken nothing", async () => {
    const [tx, rx] = watch(1);
    const token = new CancellationToken();
    const loop = rx[Symbol.asyncIterator]();
    const handle = spawn(async () => {
      await turn();
      return loop.next();
    });
    handle.abort();
    token.cancel();
    await handle.settled();
    expect([rx.hasChanged, rx.tryRecv()]).toEqual([false, undefined]);
    expect(await loop.next()).toEqual(box(1));
    tx.send(2);
    const rest: number[] = [];
    for await (const n of loop) {
      rest.push(n);
      tx[Symbol.dispose]();
    }
    expect(rest).toEqual([2]);
  });

  test("a predicate that sends loses nothing, and gets what it accepted", async () => {
    const [tx, rx] = watch(0);
    const sendsOnce = (value: number): ((n: number) => boolean) => {
      let first = true;
      return (n) => {
        if (first) tx.send(value);
        first = false;
        return n === value;
      };
    };
    expect(await rx.waitFor(sendsOnce(5))).toBe(5);
    expect(await spawn(() => waitFor(rx, sendsOnce(6)))).toBe(6);
    const accepting = rx.waitFor((n) => {
      if (n === 6) tx.send(7);
      return n === 6;
    });
    expect([await accepting, rx.hasChanged, rx.value]).toEqual([6, true, 7]);
    const later = rx.waitFor((n) => {
      if (n === 8) tx.send(9);
      return n === 8;
    });
    tx.send(8);
    expect([await later, rx.hasChanged, rx.value]).toEqual([8, true, 9]);
    const last = rx.waitFor((n) => {
      if (n !== 10) {
        tx.send(10);
        tx[Symbol.dispose]();
      }
      return n === 10;
    });
    expect(await last).toBe(10);
  });

  test("a new one has seen the current value; a clone has seen what its original has", () => {
    const [tx, rx] = watch(1);
    tx.send(2);
    expect([tx.subscribe().hasChanged, rx.clone().hasChanged]).toEqual([false, true]);
    rx.see();
    expect(rx.clone().hasChanged).toBe(false);
    expect(tx.receiverCount).toBe(4);
  });

  test("looking is not seeing", () => {
    const [tx, rx] = watch(1);
    tx.send(2);
    expect([rx.value, rx.hasChanged, rx.see(), rx.hasChanged]).toEqual([2, true, 2, false]);
    expect(rx.tryRecv()).toBeUndefined();
    tx.send(3);
    expect([rx.tryRecv(), rx.tryRecv()]).toEqual([box(3), undefined]);
    tx[Symbol.dispose]();
    expect(rx.tryRecv()).toEqual(DONE);
  });

  test("a loop gets the current value, the changes, the end", async () => {
    const [tx, rx] = watch(0);
    const seen: number[] = [];
    const loop = (async () => {
      for await (const n of rx) seen.push(n);
    })();
    await turn();
    expect(seen).toEqual([0]);
    tx.send(1);
    await turn();
    tx.send(2);
    tx.send(3);
    tx[Symbol.dispose]();
    await loop;
    // 2 was handed over at once; 3 was the latest after it.
    expect(seen).toEqual([0, 1, 2, 3]);
    for await (const n of rx) seen.push(n);
    expect(seen).toEqual([0, 1, 2, 3, 3]);
  });

  test("never goes back", async () => {
    const [tx, rx] = watch(0);
    const seen: number[] = [];
    const loop = (async () => {
      for await (const n of rx) seen.push(n);
    })();
    for (let n = 1; n <= 1000; n++) {
      tx.send(n);
      if (n % 7 === 0) await turn();
    }
    tx[Symbol.dispose]();
    await loop;
    expect(seen.every((n, i) => i === 0 || n > (seen[i - 1] as number))).toBe(true);
    expect(seen.at(-1)).toBe(1000);
  });

  test("every wait takes a signal", async () => {
    const [tx, rx] = watch(0);
    const token = new CancellationToken();
    const options = { signal: token };
    const waits = [
      rx.changed(options),
      rx.recv(options),
      rx.next(options),
      rx.waitFor(() => false, options),
      tx.closed(options),
    ];
    token.cancel();
    for (const wait of waits) expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    tx.send(1);
    expect(rx.hasChanged).toBe(true);
  });

  test("the predicate never runs in the sender's frame, and once for many values", async () => {
    const [tx, rx] = watch(0);
    let sending = false;
    const looked: number[] = [];
    const wait = rx.waitFor((n) => {
      if (sending) throw new Error("in the frame of send");
      looked.push(n);
      return n === 4;
    });
    sending = true;
    for (const n of [1, 2, 3, 4]) tx.send(n);
    sending = false;
    expect(await wait).toBe(4);
    expect(looked).toEqual([0, 4]);
  });

  test("a predicate may end its own wait", async () => {
    const [tx, rx] = watch(0);
    const token = new CancellationToken();
    const wait = rx.waitFor((n) => n === 1 && token.cancel() === true, { signal: token });
    tx.send(1);
    expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    expect(rx.hasChanged).toBe(true);
  });

  test("a check that comes too late does nothing", async () => {
    const [tx, rx] = watch(0);
    const token = new CancellationToken();
    const looked: number[] = [];
    const wait = rx.waitFor((n) => looked.push(n) > 5, { signal: token });
    tx.send(1);
    token.cancel();
    expect(await rejection(wait)).toBeInstanceOf(CancelledError);
    await turn();
    expect([rx.hasChanged, looked]).toEqual([true, [0]]);
  });

  test("works on any scheduler", async () => {
    const [tx, rx] = watch(0);
    const seen = virtual(async () => {
      await rx.waitFor((n) => n === 0);
      const two = rx.waitFor((n) => n === 2);
      tx.send(1);
      tx.send(2);
      return await two;
    });
    expect(await seen).toBe(2);
  });

  test("refuses what is no receiver or no function", () => {
    const [, rx] = watch(0);
    expect(() => rx.waitFor(1 as never)).toThrow(TypeError);
    expect(() => waitFor(rx, undefined as never)).toThrow("predicate must be a function, not undefined");
    expect(() => waitFor({} as never, () => true)).toThrow(TypeError);
    expect(() => changed(null as never)).toThrow("rx must be the receiver of a watch, not null");
  });

  test("20,000 waits are woken by one send, and leave with their receivers", async () => {
    const [tx, rx] = watch(0);
    const receivers = Array.from({ length: 20_000 }, () => rx.clone());
    const waits = receivers.map((each) => each.changed());
    tx.send(1);
    await Promise.all(waits);
    const ended = Promise.allSettled(receivers.map((each) => each.changed()));
    for (const each of receivers) each[Symbol.dispose]();
    expect(new Set((await ended).map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(tx.receiverCount).toBe(1);
  });

  test("an old value is not kept alive", async () => {
    const [tx, rx] = watch<object>({});
    const ref = (() => {
      const value = { big: new Array(100).fill(0) };
      void rx.recv();
      tx.send(value);
      return new WeakRef(value);
    })();
    await turn();
    tx.send({});
    await heapUsed();
    expect(ref.deref() === undefined).toBe(true);
    expect(rx.hasChanged).toBe(true);
  });
});
