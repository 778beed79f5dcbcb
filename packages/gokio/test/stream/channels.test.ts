import { describe, expect, test } from "vitest";
import { broadcast } from "../../src/chan/broadcast.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import { watch } from "../../src/chan/watch.ts";
import { LaggedError } from "../../src/errors.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe("a chan", () => {
  test("its messages, to its end", async () => {
    const ch = chan<number>();
    const sender = spawn(async () => {
      for (let n = 0; n < 5; n++) await ch.send(n);
      ch.close();
    });
    expect(await Stream.from(ch).toArray()).toEqual([0, 1, 2, 3, 4]);
    await sender;
  });

  test("leaving neither closes it nor loses a message", async () => {
    const ch = chan<number>(8);
    for (let n = 0; n < 5; n++) await ch.send(n);
    for await (const n of Stream.from(ch)) if (n === 1) break;
    expect(ch.isClosed).toBe(false);
    expect(await Stream.from(ch).take(2).toArray()).toEqual([2, 3]);
    const stream = Stream.from(ch).filter((n) => n > 10);
    expect(stream.tryRecv()).toBeUndefined();
    const pull = stream.next();
    await turn();
    await stream.close();
    expect((await pull).done).toBe(true);
    expect(ch.trySend(11)).toBe(true);
    expect(await ch.recv()).toBe(11);
  });

  test("a pull that loses a select has taken nothing", () =>
    virtual(async () => {
      const ch = chan<number>();
      const stream = Stream.from(ch).map((n) => n * 10);
      expect((await select({ item: recv(stream), late: sleep(1) })).key).toBe("late");
      expect(ch.trySend(1)).toBe(false);
      const pull = stream.recv();
      await ch.send(2);
      expect(await pull).toBe(20);
      await stream.close();
    }));

  test("can be gone through again after a failure, with what is left", async () => {
    const ch = chan<number>(4);
    for (const n of [1, 2, 3, 4]) await ch.send(n);
    ch.close();
    let failed = false;
    const stream = Stream.from(ch)
      .inspect((n) => {
        if (n !== 2 || failed) return;
        failed = true;
        throw new Error("two");
      })
      .retry({ attempts: 2, backoff: { base: 0 } });
    expect(await stream.toArray()).toEqual([1, 3, 4]);
  });
});

test("the receiver of an mpsc", async () => {
  const [tx, rx] = mpsc<string>(1);
  spawn(
    async () => {
      await tx.send("a");
      await tx.send("b");
    },
    { move: tx },
  );
  expect(await Stream.from(rx).toArray()).toEqual(["a", "b"]);
});

test("the receiver of a oneshot: one item", async () => {
  const [tx, rx] = oneshot<string>();
  spawn(async () => tx.send("answer"));
  expect(await Stream.from(rx).toArray()).toEqual(["answer"]);
  const [gone, none] = oneshot<string>();
  gone[Symbol.dispose]();
  expect(await Stream.from(none).toArray()).toEqual([]);
});

describe("a watch", () => {
  test("the current value first, and then each that is new when it is asked for", async () => {
    const [tx, rx] = watch("starting");
    const stream = Stream.from(rx);
    expect(await stream.recv()).toBe("starting");
    expect(stream.tryRecv()).toBeUndefined();
    tx.send("skipped");
    tx.send("ready");
    expect(await stream.recv()).toBe("ready");
    const pull = stream.recv();
    await turn();
    tx.send("changed");
    expect(await pull).toBe("changed");
    tx[Symbol.dispose]();
    expect((await stream.next()).done).toBe(true);
    rx[Symbol.dispose]();
  });

  test("as for await has it, each time", async () => {
    const [tx, rx] = watch(1);
    for await (const n of rx) {
      expect(n).toBe(1);
      break;
    }
    expect(await Stream.from(rx).first()).toBe(1);
    expect(await Stream.from(rx).first()).toBe(1);
    tx[Symbol.dispose]();
    expect(await Stream.from(rx).toArray()).toEqual([1]);
  });
});

describe("a broadcast", () => {
  test("lost messages fail the stream", async () => {
    const tx = broadcast<number>(2);
    using rx = tx.subscribe();
    for (let n = 0; n < 5; n++) tx.send(n);
    const stream = Stream.from(rx);
    const error = await stream.recv().catch((error) => error);
    expect(error).toBeInstanceOf(LaggedError);
    expect(error.missed).toBe(3);
    expect((await stream.next()).done).toBe(true);
    // The receiver is the user's: it goes on.
    expect(await rx.recv()).toBe(3);
  });

  test("or are an item", async () => {
    const tx = broadcast<number>(2);
    const rx = tx.subscribe();
    for (let n = 0; n < 5; n++) tx.send(n);
    tx[Symbol.dispose]();
    const items = await Stream.from(rx, { lag: "item" }).toArray();
    expect(items.map((item) => (item instanceof LaggedError ? `missed ${item.missed}` : item))).toEqual([
      "missed 3",
      3,
      4,
    ]);
  });

  test("also those that were lost while nobody pulled", () =>
    virtual(async () => {
      const tx = broadcast<number>(2);
      using rx = tx.subscribe();
      const stream = Stream.from(rx, { lag: "item" });
      // The pull gives up in the middle, and is taken up again.
      expect((await select({ item: recv(stream), late: sleep(1) })).key).toBe("late");
      for (let n = 0; n < 3; n++) tx.send(n);
      const lag = await stream.recv();
      expect(lag).toBeInstanceOf(LaggedError);
      expect((lag as LaggedError).missed).toBe(1);
      expect([await stream.recv(), await stream.recv()]).toEqual([1, 2]);
      const pull = stream.recv();
      await turn();
      tx.send(3);
      expect(await pull).toBe(3);
      await stream.close();
    }));
});

describe("a JoinSet", () => {
  test("outcomes in the order in which the tasks end, also failures and aborts", () =>
    virtual(async (clock) => {
      const set = new JoinSet<number>();
      for (const ms of [30, 10, 20]) {
        set.spawn(async () => {
          await sleep(ms);
          if (ms === 20) throw new Error("twenty");
          return ms;
        });
      }
      const aborted = set.spawn(async () => sleep(1000).then(() => 0));
      const aborting = spawn(() => sleep(5).then(() => aborted.abort("enough")));
      const seen: unknown[] = [];
      await Stream.from(set).forEach((outcome) => {
        const { status } = outcome;
        seen.push(status === "ok" ? outcome.value : status === "failed" ? (outcome.error as Error).message : status);
      });
      await aborting;
      expect(seen).toEqual(["aborted", 10, "twenty", 30]);
      expect(clock.elapsed).toBe(30);
    }));

  test("leaving leaves the tasks as they are", async () => {
    await using set = new JoinSet<number>();
    for (const n of [1, 2, 3]) set.spawn(async () => n);
    const outcomes = Stream.from(set).take(2);
    expect(await outcomes.toArray()).toEqual([
      { status: "ok", value: 1 },
      { status: "ok", value: 2 },
    ]);
    expect(set.size).toBe(1);
    const waiting = Stream.from(set).filter(() => false);
    expect((await waiting.next()).done).toBe(true);
    expect(set.size).toBe(0);
  });

  test("a pull that is given up takes no outcome", () =>
    virtual(async () => {
      await using set = new JoinSet<number>();
      const ready = chan<void>();
      set.spawn(async () => ready.recv().then(() => 7));
      const stream = Stream.from(set);
      expect((await select({ item: recv(stream), late: sleep(1) })).key).toBe("late");
      await ready.send();
      await turn();
      expect(set.size).toBe(1);
      expect(await stream.recv()).toEqual({ status: "ok", value: 7 });
      await stream.close();
    }));
});
