import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { broadcast } from "../../src/chan/broadcast.ts";
import { chan } from "../../src/chan/chan.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import { watch } from "../../src/chan/watch.ts";
import { CancelledError, MisuseError, SendError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { pipeTo } from "../../src/stream/sinks.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** A stream of the naturals that writes down when it is closed. */
function naturals(log: string[] = []): Stream<number> {
  return Stream.from(function* () {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      log.push("source closed");
    }
  });
}

describe("into a chan", () => {
  test("everything, waiting while there is no room; it stays open", async () => {
    const ch = chan<number>(1);
    const pipe = Stream.range(0, 5).pipeTo(ch);
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) seen.push(await ch.recv());
    await pipe;
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(ch.isClosed).toBe(false);
  });

  test("or is closed with it, in whichever way it ends", async () => {
    const well = chan<number>(3);
    await Stream.range(0, 3).pipeTo(well, { end: true });
    expect(await Stream.from(well).toArray()).toEqual([0, 1, 2]);

    const badly = chan<number>(3);
    const failing = Stream.range(0, 3).map((n) => {
      if (n === 1) throw new Error("one");
      return n;
    });
    await expect(failing.pipeTo(badly, { end: true })).rejects.toThrow("one");
    expect(await Stream.from(badly).toArray()).toEqual([0]);

    const left = chan<number>();
    const token = new CancellationToken();
    const pipe = naturals().pipeTo(left, { end: true, signal: token });
    expect(await left.recv()).toBe(0);
    token.cancel();
    await expect(pipe).rejects.toThrow(CancelledError);
    expect((await left.next()).done).toBe(true);
  });

  test("without `end`, a failure leaves it open", async () => {
    const ch = chan<number>(3);
    const failing = Stream.range(0, 3).map((n) => {
      if (n === 1) throw new Error("one");
      return n;
    });
    await expect(failing.pipeTo(ch)).rejects.toThrow("one");
    expect(ch.isClosed).toBe(false);
  });

  test("property: what is made and not received is what fits, and one that waits", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(5), fc.nat(20), async (capacity, count) => {
        await virtual(async () => {
          const ch = chan<number>(capacity);
          let made = 0;
          let most = 0;
          let received = 0;
          const pipe = Stream.range(0, count)
            .inspect(() => void made++)
            .pipeTo(ch, { end: true });
          for await (const n of ch) {
            expect(n).toBe(received++);
            await sleep(1);
            most = Math.max(most, made - received);
          }
          await pipe;
          expect(received).toBe(count);
          expect(most).toBeLessThanOrEqual(capacity + 1);
          if (count > capacity + 1) expect(most).toBe(capacity + 1);
        });
      }),
      { numRuns: 30 },
    ));

  test.each([0, 1, 3])(
    "closed after %i messages, it fails the pipe with the value, and closes the source",
    async (count) => {
      const ch = chan<number>();
      const log: string[] = [];
      const pipe = naturals(log).pipeTo(ch);
      pipe.catch(() => {});
      for (let n = 0; n < count; n++) expect(await ch.recv()).toBe(n);
      ch.close();
      const error = (await pipe.catch((error) => error)) as SendError<number>;
      expect(error).toBeInstanceOf(SendError);
      expect(error.value).toBe(count);
      expect(log).toEqual(["source closed"]);
    },
  );

  test("cancelled while it waits for room, it leaves nothing in the channel", async () => {
    const ch = chan<number>();
    const log: string[] = [];
    const token = new CancellationToken();
    const pipe = naturals(log).pipeTo(ch, { signal: token });
    await turn();
    token.cancel("enough");
    await expect(pipe).rejects.toThrow(CancelledError);
    expect(log).toEqual(["source closed"]);
    expect(ch.tryRecv()).toBeUndefined();
  });

  test("cancelled with its task", () =>
    virtual(async () => {
      const ch = chan<number>();
      const log: string[] = [];
      const task = spawn(async () => naturals(log).pipeTo(ch));
      expect(await ch.recv()).toBe(0);
      task.abort();
      await task.settled();
      expect(log).toEqual(["source closed"]);
    }));

  test("an endless pipe into a channel with room lets others have a turn", async () => {
    const [tx, rx] = mpsc.unbounded<number>();
    const token = new CancellationToken();
    setTimeout(() => token.cancel(), 1);
    await expect(Stream.repeat(1).pipeTo(tx, { signal: token })).rejects.toThrow(CancelledError);
    rx[Symbol.dispose]();
    tx[Symbol.dispose]();
  });
});

describe("into other channels", () => {
  test("the sender of an mpsc; `end` disposes it", async () => {
    const [tx, rx] = mpsc<number>(1);
    const other = tx.clone();
    const pipe = Stream.range(0, 3).pipeTo(tx, { end: true });
    expect(await Stream.from(rx).take(3).toArray()).toEqual([0, 1, 2]);
    await pipe;
    expect(rx.isClosed).toBe(false);
    await Stream.empty<number>().pipeTo(other, { end: true });
    expect(await Stream.from(rx).toArray()).toEqual([]);
  });

  test("a broadcast, which never waits", async () => {
    const tx = broadcast<number>(10);
    const a = tx.subscribe();
    const b = tx.subscribe();
    await Stream.range(0, 3).pipeTo(tx, { end: true });
    expect(await Stream.from(a).toArray()).toEqual([0, 1, 2]);
    expect(await Stream.from(b).toArray()).toEqual([0, 1, 2]);
    const log: string[] = [];
    await expect(naturals(log).pipeTo(tx)).rejects.toThrow(MisuseError);
    expect(log).toEqual(["source closed"]);
  });

  test("a watch", async () => {
    const [tx, rx] = watch(0);
    const seen = Stream.from(rx).toArray();
    await Stream.interval(1).drop(1).take(3).pipeTo(tx, { end: true });
    expect((await seen).at(-1)).toBe(3);
    expect(rx.isClosed).toBe(true);
  });

  test("a oneshot takes one", async () => {
    const [tx, rx] = oneshot<number>();
    await Stream.once(1).pipeTo(tx);
    expect(await rx.recv()).toBe(1);
    const [small, other] = oneshot<number>();
    const error = (await Stream.range(7)
      .pipeTo(small)
      .catch((error) => error)) as SendError<number>;
    expect(error).toBeInstanceOf(SendError);
    expect(error.value).toBe(8);
    expect(await other.recv()).toBe(7);
  });

  test("whatever has a send; a promise is waited for", async () => {
    const seen: string[] = [];
    const socket = {
      async send(n: number) {
        seen.push(`sending ${n}`);
        await turn();
        if (n === 2) throw new Error("gone");
        seen.push(`sent ${n}`);
      },
      close: () => void seen.push("closed"),
    };
    await Stream.range(0, 2).pipeTo(socket, { end: true });
    expect(seen).toEqual(["sending 0", "sent 0", "sending 1", "sent 1", "closed"]);
    const log: string[] = [];
    await expect(naturals(log).pipeTo(socket)).rejects.toThrow("gone");
    expect(log).toEqual(["source closed"]);
  });
});

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("pipeTo is an operation", async () => {
    const ch = chan<number>(10);
    await drive(pipeTo(Stream.range(0, 3), ch, { end: true }));
    expect(await Stream.from(ch).toArray()).toEqual([0, 1, 2]);
  });

  test("its error", async () => {
    const ch = chan<number>();
    ch.close();
    await expect(drive(pipeTo(Stream.once(1), ch))).rejects.toThrow(SendError);
  });

  test("cancelled", async () => {
    const ch = chan<number>();
    const log: string[] = [];
    const driven = start(pipeTo(naturals(log), ch));
    expect(await ch.recv()).toBe(0);
    driven.cancel();
    expect(await driven.end).toEqual({ status: "cancelled" });
    expect(log).toEqual(["source closed"]);
  });
});

test("a pipe that loses a select is left, and waited for", () =>
  virtual(async () => {
    const ch = chan<number>();
    const log: string[] = [];
    const source = Stream.from(async function* () {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        await turn();
        log.push("source closed");
      }
    });
    const won = await select({ pipe: pipeTo(source, ch), late: sleep(1) });
    expect(won.key).toBe("late");
    expect(log).toEqual(["source closed"]);
  }));

test("what is no target, and options that are none", () => {
  for (const target of [undefined, 1, {}, "chan", { write() {} }]) {
    expect(() => pipeTo(Stream.empty(), target as never)).toThrow(TypeError);
  }
  const stream = Stream.once(1);
  expect(() => pipeTo(stream, chan<number>(), 1 as never)).toThrow(TypeError);
  expect(() => pipeTo(stream, 1 as never)).toThrow("target must be a channel");
  // Nothing was given away.
  expect(stream.tryRecv()).toEqual({ done: false, value: 1 });
});

test("a stream that was pulled before goes on where it was", async () => {
  const ch = chan<number>(10);
  const stream = Stream.range(0, 4);
  expect(await stream.recv()).toBe(0);
  await stream.pipeTo(ch, { end: true });
  expect(await Stream.from(ch).toArray()).toEqual([1, 2, 3]);
  await expect(async () => stream.next()).rejects.toThrow(MisuseError);
});
