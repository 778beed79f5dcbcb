import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError, SendError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { HEAVY, heapUsed, quiet, turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("a rendezvous: neither side goes on before the other", async () => {
    const ch = chan<string>();
    const events: string[] = [];
    const sent = drive(send(ch, "x")).then(() => events.push("sent"));
    await turn();
    expect(events).toEqual([]);
    expect(ch.length).toBe(0);
    expect(await drive(recv(ch))).toBe("x");
    await sent;
    const received = drive(recv(ch)).then((value) => events.push(`received ${value}`));
    await turn();
    expect(events).toEqual(["sent"]);
    await drive(send(ch, "y"));
    await received;
    expect(events).toEqual(["sent", "received y"]);
  });

  test("a buffer takes its capacity, and then the sender waits", async () => {
    const ch = chan<number>(2);
    await drive(send(ch, 1));
    await drive(send(ch, 2));
    const third = start(send(ch, 3));
    const fourth = start(send(ch, 4));
    await turn();
    expect([third.ended, fourth.ended, ch.length]).toEqual([undefined, undefined, 2]);
    expect(await drive(recv(ch))).toBe(1);
    await third.end;
    expect([fourth.ended, ch.length]).toEqual([undefined, 2]);
    expect([await drive(recv(ch)), await drive(recv(ch)), await drive(recv(ch))]).toEqual([2, 3, 4]);
    expect((await fourth.end).status).toBe("ok");
  });

  test("receivers are served in the order they came", async () => {
    const ch = chan<number>();
    const order: string[] = [];
    const receivers = ["a", "b", "c"].map((name) => drive(recv(ch)).then((value) => order.push(`${name}${value}`)));
    await turn();
    for (const value of [1, 2, 3]) await drive(send(ch, value));
    await Promise.all(receivers);
    expect(order).toEqual(["a1", "b2", "c3"]);
  });

  test("senders are served in the order they came", async () => {
    const ch = chan<number>();
    const senders = [1, 2, 3].map((value) => drive(send(ch, value)));
    await turn();
    expect([await drive(recv(ch)), await drive(recv(ch)), await drive(recv(ch))]).toEqual([1, 2, 3]);
    await Promise.all(senders);
  });

  test("a cancelled receive takes nothing and gives up its place", async () => {
    const ch = chan<number>();
    const [first, second] = [start(recv(ch)), start(recv(ch))];
    await turn();
    first.cancel();
    expect(ch.trySend(1)).toBe(true);
    expect(await first.end).toEqual({ status: "cancelled" });
    expect(await second.end).toEqual({ status: "ok", value: 1 });
    expect(ch.trySend(2)).toBe(false);
  });

  test("a cancelled send sends nothing and gives up its place", async () => {
    const ch = chan<number>();
    const [first, second] = [start(send(ch, 1)), start(send(ch, 2))];
    await turn();
    first.cancel();
    expect(ch.tryRecv()).toEqual({ done: false, value: 2 });
    expect(await first.end).toEqual({ status: "cancelled" });
    expect((await second.end).status).toBe("ok");
    expect(ch.tryRecv()).toBe(undefined);
  });

  test("a wait that was served is not cancelled any more", async () => {
    const ch = chan<number>();
    const receiver = start(recv(ch));
    await turn();
    expect(ch.trySend(1)).toBe(true);
    receiver.cancel();
    expect(await receiver.end).toEqual({ status: "ok", value: 1 });
  });

  test("closing tells parked receivers the end", async () => {
    const ch = chan<number>(0, { name: "jobs" });
    const [bare, boxed] = [start(recv(ch)), start(next(ch))];
    await turn();
    ch.close();
    expect(await boxed.end).toEqual({ status: "ok", value: { done: true, value: undefined } });
    const ended = await bare.end;
    expect(ended).toMatchObject({ status: "failed" });
    expect((ended as { error: unknown }).error).toBeInstanceOf(ClosedError);
    expect(((ended as { error: unknown }).error as Error).message).toBe('chan(0, "jobs") is closed');
  });

  test("closing gives parked senders their values back, and keeps what is buffered", async () => {
    const ch = chan<object>(1);
    const value = { kept: true };
    const parked = { refused: true };
    await drive(send(ch, value));
    const sender = start(send(ch, parked));
    await turn();
    ch.close();
    const ended = await sender.end;
    expect(ended).toMatchObject({ status: "failed" });
    const { error } = ended as { error: SendError<object> };
    expect(error).toBeInstanceOf(SendError);
    expect(error.value).toBe(parked);
    expect(await drive(next(ch))).toEqual({ done: false, value });
    expect(await drive(next(ch))).toEqual({ done: true, value: undefined });
    await expect(drive(recv(ch))).rejects.toThrow(ClosedError);
    await expect(drive(send(ch, value))).rejects.toThrow(SendError);
  });

  test("any value travels", async () => {
    const values = [undefined, null, Number.NaN, 0, "", new Error("a value"), Symbol("s"), () => 1];
    const ch = chan<unknown>(values.length);
    for (const value of values) await drive(send(ch, value));
    for (const value of values) expect(await drive(next(ch))).toEqual({ done: false, value });
    for (const value of values) {
      const received = drive(recv(ch));
      await turn();
      await drive(send(ch, value));
      expect(await received).toBe(value);
    }
  });

  test(
    "20,000 parked senders drain, in order",
    async () => {
      const ch = chan<number>();
      const count = 20_000;
      const senders: Promise<void>[] = [];
      for (let i = 0; i < count; i++) senders.push(drive(send(ch, i)));
      await quiet();
      for (let i = 0; i < count; i++) if ((await ch.recv()) !== i) throw new Error(`out of order at ${i}`);
      await Promise.all(senders);
    },
    HEAVY,
  );

  test(
    "20,000 parked receivers are told of the close",
    async () => {
      const ch = chan<number>();
      const receivers: Promise<IteratorResult<number, undefined>>[] = [];
      for (let i = 0; i < 20_000; i++) receivers.push(drive(next(ch)));
      await quiet();
      ch.close();
      for (const result of await Promise.all(receivers)) if (result.done !== true) throw new Error("not done");
    },
    HEAVY,
  );
});

describe("the methods", () => {
  test("try forms never wait", async () => {
    const ch = chan<number>(1);
    expect(ch.tryRecv()).toBe(undefined);
    expect(ch.trySend(1)).toBe(true);
    expect(ch.trySend(2)).toBe(false);
    expect(ch.tryRecv()).toEqual({ done: false, value: 1 });
    ch.close();
    expect(ch.tryRecv()).toEqual({ done: true, value: undefined });
    expect(() => ch.trySend(3)).toThrow(SendError);
  });

  test("are eager: a call does what it says even if nobody awaits it", async () => {
    const ch = chan<number>(1);
    void ch.send(1);
    expect(ch.length).toBe(1);
    void ch.recv();
    expect(ch.length).toBe(0);
    await turn();
  });

  test("the free functions are lazy until they are driven, and can be driven again", async () => {
    const ch = chan<number>(3);
    const op = send(ch, 7);
    expect(ch.length).toBe(0);
    await op;
    await op;
    expect(ch.length).toBe(2);
    const take = recv(ch);
    expect(await take).toBe(7);
    expect(await take).toBe(7);
  });

  test("closing twice throws", () => {
    const ch = chan<number>();
    expect(ch.isClosed).toBe(false);
    ch.close();
    expect(ch.isClosed).toBe(true);
    expect(() => ch.close()).toThrow(ClosedError);
  });

  test("a signal that is already aborted rejects, even where the channel is ready", async () => {
    const ch = chan<number>(1);
    ch.trySend(1);
    const token = new CancellationToken();
    token.cancel("late");
    await expect(ch.recv({ signal: token })).rejects.toThrow(CancelledError);
    await expect(ch.send(2, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    expect(ch.length).toBe(1);
  });

  test("iteration drains, then ends; leaving it early neither closes nor loses", async () => {
    const ch = chan<number>(3);
    for (const value of [1, 2, 3]) await ch.send(value);
    for await (const value of ch) {
      expect(value).toBe(1);
      break;
    }
    expect([ch.isClosed, ch.length]).toEqual([false, 2]);
    ch.close();
    const rest: number[] = [];
    for await (const value of ch) rest.push(value);
    expect(rest).toEqual([2, 3]);
  });

  test("boxed forms carry a thenable as it is; recv flattens it", async () => {
    const ch = chan<Promise<number>>(4);
    const promise = Promise.resolve(5);
    for (let i = 0; i < 4; i++) ch.trySend(promise);
    expect((ch.tryRecv() as IteratorYieldResult<Promise<number>>).value).toBe(promise);
    expect((await ch.next()).value).toBe(promise);
    const inTask = await spawn(function* () {
      const value = yield* recv(ch);
      return { same: value === promise };
    });
    expect(inTask).toEqual({ same: true });
    expect(await ch.recv()).toBe(5);
  });

  test("messages of one sender arrive in order through any buffer", async () => {
    for (const capacity of [0, 1, 2, 7, 64]) {
      const ch = chan<number>(capacity);
      spawn(function* () {
        for (let i = 0; i < 500; i++) yield* send(ch, i);
        ch.close();
      });
      let expected = 0;
      for await (const value of ch) expect(value).toBe(expected++);
      expect(expected).toBe(500);
    }
  });

  test("keep no message alive once it was received", async () => {
    const ch = chan<object>(2);
    const collected: object[] = [];
    const registry = new FinalizationRegistry((held: object) => collected.push(held));
    const label = {};
    await (async () => {
      const message = { big: new Array(1000).fill(0) };
      registry.register(message, label);
      await ch.send(message);
      await spawn(function* () {
        yield* recv(ch);
      });
    })();
    for (let i = 0; i < 20 && collected.length === 0; i++) {
      await heapUsed();
      await turn();
    }
    expect(collected).toEqual([label]);
  });
});

describe("bad input is refused where the call is made", () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])("capacity %s", (capacity) => {
    expect(() => chan(capacity)).toThrow(RangeError);
    expect(() => chan(capacity)).toThrow(/^capacity must be a whole number from 0 to 2147483647, not /);
  });

  test("what is no channel", () => {
    expect(() => chan("3" as never)).toThrow('capacity must be a whole number from 0 to 2147483647, not "3"');
    expect(() => recv({} as never)).toThrow("from must be something to receive from, not an object");
    expect(() => next(undefined as never)).toThrow("from must be something to receive from, not undefined");
    expect(() => send(5 as never, 1 as never)).toThrow("to must be something to send to, not 5");
    expect(() => chan().recv({ signal: {} as never })).toThrow(
      "signal must be an AbortSignal, a CancellationToken or a Context, not an object",
    );
  });
});

describe("selects on channels", () => {
  test("a select that sends and receives on one channel never meets itself", async () => {
    const ch = chan<string>();
    const both = select({ out: send(ch, "mine"), in: recv(ch) });
    let won: unknown;
    const running = Promise.resolve(both).then((result) => {
      won = result;
    });
    await turn();
    expect(won).toBe(undefined);
    expect(await ch.recv()).toBe("mine");
    await running;
    expect(won).toEqual({ key: "out", value: undefined });
    const again = both.then((result) => result);
    await turn();
    await ch.send("yours");
    expect(await again).toEqual({ key: "in", value: "yours" });
    expect(ch.tryRecv()).toBe(undefined);
    expect(ch.trySend("nobody")).toBe(false);
  });

  test("two such selects meet each other, exactly once", async () => {
    for (let round = 0; round < 50; round++) {
      const ch = chan<string>();
      const one = select({ out: send(ch, "one"), in: recv(ch) }).then((won) => won);
      if (round % 2 === 1) await turn();
      const two = select({ out: send(ch, "two"), in: recv(ch) }).then((won) => won);
      const results = await Promise.all([one, two]);
      const keys = results.map(({ key }) => key).sort();
      expect(keys).toEqual(["in", "out"]);
      const received = results.find(({ key }) => key === "in");
      expect(received?.value).toBe(results[0]?.key === "out" ? "one" : "two");
      expect(ch.tryRecv()).toBe(undefined);
      expect(ch.trySend("x")).toBe(false);
    }
  });

  test("a third can come between two that are parked on both sides", async () => {
    const ch = chan<string>();
    const parked = select({ out: send(ch, "parked"), in: recv(ch) }).then((won) => won);
    await turn();
    const waiting = ch.recv();
    expect(await waiting).toBe("parked");
    expect((await parked).key).toBe("out");
  });

  test(
    "100,000 messages through two racing selects: nothing lost, nothing twice",
    async () => {
      const count = 100_000;
      const [left, right] = [chan<number>(), chan<number>(3)];
      const seen = new Uint8Array(count);
      const stop = new CancellationToken();
      const worker = function* () {
        let mine = 0;
        for (;;) {
          const won = yield* select({ left: next(left), right: next(right) });
          if (won.value.done === true) return mine;
          seen[won.value.value] = (seen[won.value.value] as number) + 1;
          mine++;
        }
      };
      const workers = [spawn(worker), spawn(worker)];
      const feeder = spawn(function* () {
        for (let i = 0; i < count; i++) {
          const won = yield* select({ left: send(left, i), right: send(right, i) });
          if (won.key === "left" && i % 1000 === 0) yield* yieldNow();
        }
        left.close();
        right.close();
      });
      await feeder;
      const [a, b] = (await Promise.all(workers)) as [number, number];
      stop.cancel();
      // Whichever channel's end a worker meets first, it leaves: what is buffered in the other is there still.
      let rest = 0;
      for (let got = right.tryRecv(); got?.done === false; got = right.tryRecv()) {
        seen[got.value] = (seen[got.value] as number) + 1;
        rest++;
      }
      expect(a + b + rest).toBe(count);
      expect(seen.every((times) => times === 1)).toBe(true);
      expect(Math.min(a, b)).toBeGreaterThan(count / 10);
    },
    HEAVY,
  );
});
