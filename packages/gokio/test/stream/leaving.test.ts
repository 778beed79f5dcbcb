import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { toArray } from "../../src/stream/terminals.ts";
import type { Task } from "../../src/task/body.ts";
import { each, STOP } from "../../src/task/each.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { moment } from "../support/moment.ts";
import { until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

function raise(message: string): never {
  throw new Error(message);
}

const END = { done: true, value: undefined };

/** Counts, and notes when it is left; its cleanup takes `ms`. */
function counting(log: string[], name = "closed", ms = 0): () => AsyncGenerator<number> {
  return async function* () {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      if (ms > 0) await sleep(ms);
      log.push(name);
    }
  };
}

function* countingSync(log: string[], name = "closed"): Generator<number, void> {
  try {
    for (let i = 0; ; i++) yield i;
  } finally {
    log.push(name);
  }
}

describe("closing", () => {
  test("waits for the cleanup; so does a second close, and leaving a loop", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stream = Stream.from(counting(log, "closed", 10));
      await stream.next();
      const [one, two] = [stream.close(), stream.close()];
      await moment();
      expect(log).toEqual([]);
      await one;
      expect([log, clock.elapsed]).toEqual([["closed"], 10]);
      await two;
      for await (const n of Stream.from(counting(log, "closed", 10))) if (n === 2) break;
      expect([log, clock.elapsed]).toEqual([["closed", "closed"], 20]);
    }));

  test("in a generator task: STOP in each, and the end of await using", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      await spawn(function* () {
        yield* each(Stream.from(counting(log, "closed", 10)), (n) => (n === 2 ? STOP : undefined));
        log.push("after");
      });
      expect([log, clock.elapsed]).toEqual([["closed", "after"], 10]);
    }));

  test("goes from the end to the source, and each part is waited for before the next", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.from(counting(log, "source", 5))
        .onCancel(async () => {
          await sleep(4);
          log.push("upper");
        })
        .chain(Stream.from(counting(log, "never begun")))
        .flatMap(() => Stream.from(counting(log, "inner of the first", 3)))
        .flatMap(counting(log, "inner of the second", 2).bind(undefined))
        .onCancel(async () => {
          await sleep(1);
          log.push("lower");
        });
      await stream.next();
      await stream.close();
      expect(log).toEqual(["inner of the second", "inner of the first", "lower", "upper", "source"]);
    }));

  test("is complete, whatever throws on the way; what threw first is told, once", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.from(counting(log))
        .onCancel(() => {
          throw new Error("upper");
        })
        .onCancel(async () => {
          throw new Error("lower");
        });
      await stream.next();
      await expect(stream.close()).rejects.toThrow("lower");
      expect(log).toEqual(["closed"]);
      await stream.close();
      expect(await stream.next()).toEqual(END);
    }));

  test.each([
    ["stages", (stream: Stream<number>) => stream.map((n) => n)],
    ["a producer", (stream: Stream<number>) => stream.chain([])],
    ["two producers", (stream: Stream<number>) => stream.chain([]).merge([])],
    ["flatMap", (stream: Stream<number>) => Stream.from([1]).flatMap(() => stream)],
    ["a stream that was pulled", (stream: Stream<number>) => Stream.from(stream.map((n) => n))],
  ])("what the cleanup throws is told through %s", (_name, through) =>
    virtual(async () => {
      const failing = Stream.from(
        (function* () {
          try {
            yield* [1, 2];
          } finally {
            throw new Error("cleanup");
          }
        })(),
      );
      const stream = through(failing);
      expect(await stream.next()).toEqual({ done: false, value: 1 });
      await expect(stream.close()).rejects.toThrow("cleanup");
      expect(await stream.next()).toEqual(END);
    }),
  );

  test("tells those who wait the end, each in its way", () =>
    virtual(async () => {
      const stream = Stream.from(chan<number>());
      const pulls = [stream.recv(), stream.next(), stream.recv()];
      await moment();
      await stream.close();
      const [one, two, three] = await Promise.allSettled(pulls);
      expect(one).toMatchObject({ status: "rejected", reason: expect.any(ClosedError) });
      expect(two).toEqual({ status: "fulfilled", value: END });
      expect(three).toMatchObject({ status: "rejected", reason: expect.any(ClosedError) });
    }));

  test("a stream that was given away is closed where it went", () =>
    virtual(async () => {
      const log: string[] = [];
      const first = Stream.from(countingSync(log));
      await first.next();
      const second = first.map((n) => n * 2);
      await first[Symbol.asyncDispose]();
      expect(log).toEqual([]);
      expect(await second.next()).toEqual({ done: false, value: 2 });
      await second.close();
      expect(log).toEqual(["closed"]);
    }));

  test("from inside a stage: the pull gets the end, and what is upstream is closed once", () =>
    virtual(async () => {
      for (const isLate of [false, true]) {
        const log: string[] = [];
        let closing: Promise<void> | undefined;
        const stream: Stream<number> = Stream.from(countingSync(log)).map((n) => {
          closing = stream.close();
          return isLate ? (Promise.resolve(n) as unknown as number) : n;
        });
        expect(await stream.next()).toEqual(END);
        await closing;
        expect(log).toEqual(["closed"]);
      }
    }));

  test("in the frame of a pull it starts what has to be waited for, even if nobody waits", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.range(0, 2).onCancel(() => sleep(5).then(() => log.push("told")));
      await stream.next();
      void stream.close();
      await sleep(10);
      expect(log).toEqual(["told"]);
    }));
});

describe("onCancel", () => {
  const noted = (log: string[]): Stream<number> =>
    Stream.from([1, 2, 3]).onCancel(() => {
      log.push("left");
    });

  test("is for what is left, not for what ends or fails", () =>
    virtual(async () => {
      const log: string[] = [];
      await noted(log).toArray();
      for await (const _ of noted(log));
      const broken = noted(log).map(() => {
        throw new Error("broken");
      });
      await expect(broken.next()).rejects.toThrow("broken");
      await expect(noted(log).forEach(() => void raise("broken"))).rejects.toThrow("broken");
      expect(log).toEqual([]);
      for await (const _ of noted(log)) break;
      expect(log).toEqual(["left"]);
      await noted(log).first();
      await noted(log).take(1).toArray();
      expect(log).toEqual(["left", "left", "left"]);
    }));
});

describe("an error", () => {
  test("reaches the oldest pull, and the others get the end", () =>
    virtual(async () => {
      const ch = chan<number>();
      const stream = Stream.from(ch).map((n) => {
        if (n === 2) throw new Error("two");
        return n;
      });
      const pulls = [stream.next(), stream.next(), stream.next()];
      await ch.send(1);
      await ch.send(2);
      const [one, two, three] = await Promise.allSettled(pulls);
      expect(one).toMatchObject({ value: { value: 1 } });
      expect(two).toMatchObject({ reason: { message: "two" } });
      expect(three).toMatchObject({ value: END });
    }));

  test("of the function that makes the items is that of a pull, and there is none after it", () =>
    virtual(async () => {
      const broken = (): Stream<number> =>
        Stream.from((): number[] => {
          throw new Error("made");
        });
      const ways: ((stream: Stream<number>) => PromiseLike<unknown>)[] = [
        (stream) => stream.next(),
        (stream) => stream.recv(),
        (stream) => select({ item: recv(stream), never: recv(chan()) }),
        (stream) => stream[Symbol.asyncIterator]().next(),
        (stream) =>
          spawn(function* () {
            return yield* next(stream);
          }),
      ];
      for (const way of ways) {
        const stream = broken();
        const pull = way(stream);
        await expect(Promise.resolve(pull)).rejects.toThrow("made");
        expect(await stream.next()).toEqual(END);
        await stream.close();
      }
      await expect(broken().toArray()).rejects.toThrow("made");
      await expect(broken().chain([]).toArray()).rejects.toThrow("made");
    }));

  test("stays when it came while nobody pulled, for the next pull", () =>
    virtual(async () => {
      const stream = Stream.from([1]).map(async (n) => {
        await sleep(5);
        throw new Error(`late ${n}`);
      });
      expect((await select({ item: next(stream), late: sleep(1) })).key).toBe("late");
      await sleep(10);
      await expect(stream.next()).rejects.toThrow("late 1");
      expect(await stream.next()).toEqual(END);
    }));

  test("of what catch has gone on with is final", () =>
    virtual(async () => {
      let handled = 0;
      const stream = Stream.from(() => raise("one")).catch(() => {
        handled++;
        return () => raise("two");
      });
      await expect(stream.next()).rejects.toThrow("two");
      expect(handled).toBe(1);
      expect(await stream.next()).toEqual(END);
    }));

  test("replaces no failure: what cleanup throws after it is not told", () =>
    virtual(async () => {
      const stream = Stream.from(
        (function* () {
          try {
            yield 1;
          } finally {
            throw new Error("cleanup");
          }
        })(),
      ).map(() => {
        throw new Error("first");
      });
      await expect(stream.next()).rejects.toThrow("first");
      await stream.close();
    }));
});

describe("cancellation", () => {
  test("a task that is aborted takes the stream with it that it pulled first", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.from(counting(log)).map(async (n) => n);
      const task = spawn(async () => {
        await stream.next();
        await sleep(100);
      });
      await sleep(1);
      expect(log).toEqual([]);
      task.abort();
      await sleep(1);
      expect(log).toEqual(["closed"]);
      await expect(stream.next()).rejects.toBeInstanceOf(CancelledError);
      expect(await stream.next()).toEqual(END);
    }));

  test.each([
    [
      "for await",
      async (stream: Stream<number>) => {
        for await (const _ of stream);
      },
    ],
    [
      "each",
      function* (stream: Stream<number>): Task<void> {
        yield* each(stream, () => undefined);
      },
    ],
  ])("a loop that is cancelled while it waits goes on when everything upstream is closed: %s", (_name, looping) =>
    virtual(async (clock) => {
      const log: string[] = [];
      const body = (): unknown =>
        looping(Stream.from(counting(log, "closed", 10)).filter((n) => n === 0 || sleep(1000)));
      await timeout(5, body).then(
        () => raise("in time"),
        () => log.push("late"),
      );
      expect([log.splice(0), clock.elapsed]).toEqual([["closed", "late"], 15]);
      const task = spawn(body);
      await sleep(5);
      task.abort();
      expect((await task.settled()).status).toBe("aborted");
      expect([log, clock.elapsed]).toEqual([["closed"], 30]);
    }),
  );

  test("a task that has ended does not: the stream goes on with whoever has it", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.from(counting(log)).map(async (n) => n);
      await spawn(async () => {
        await stream.next();
        expect((await select({ item: next(stream), now: sleep(0) })).key).toBe("now");
      });
      expect(await stream.next()).toEqual({ done: false, value: 1 });
      await stream.close();
      expect(log).toEqual(["closed"]);
    }));

  test("its own waits in a stage or a source end with a pull that leaves the stream", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const napping = async (n: number): Promise<number> => {
        try {
          await sleep(1000);
        } catch (error) {
          log.push((error as Error).name);
          throw error;
        }
        return n;
      };
      const ways: (() => Stream<unknown>)[] = [
        () => Stream.from([1]).map(napping),
        () => Stream.from([1]).filter(napping),
        () => Stream.from([1]).scan(async (_, n) => napping(n), 0),
        () => Stream.from([1]).flatMap(async (n) => [await napping(n)]),
        () => Stream.unfold(1, async (n) => [await napping(n), n]),
        () =>
          Stream.from([1]).flatMap(async function* (n: number) {
            yield await napping(n);
          } as never),
        () =>
          Stream.from(async function* () {
            yield await napping(1);
          }),
      ];
      for (const way of ways) {
        await timeout(1, toArray(way())).then(undefined, () => {});
        await moment();
        const stream = way();
        expect((await select({ item: next(stream), late: sleep(1) })).key).toBe("late");
        await stream.close();
      }
      expect(log).toEqual(ways.flatMap(() => ["AbortError", "AbortError"]));
      expect(clock.elapsed).toBeLessThan(100);
    }));

  test("an async generator that is left in the middle of a pull: its cleanup is waited for, however long it takes", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const waiting = [() => sleep(1000), () => shield(() => sleep(1)).then(() => sleep(1000))];
      for (const wait of waiting) {
        for (const cleanup of [() => shield(() => sleep(50)), () => moment().then(() => shield(() => sleep(50)))]) {
          const stream = Stream.from(async function* () {
            try {
              await wait();
              yield 1;
            } finally {
              await cleanup();
              log.push("closed");
            }
          });
          const body = async (): Promise<void> => {
            expect((await select({ item: next(stream), late: sleep(5) })).key).toBe("late");
            const began = clock.elapsed;
            await stream.close();
            expect([log.splice(0), clock.elapsed - began]).toEqual([["closed"], 50]);
          };
          await spawn(body);
        }
      }
    }));

  test("one that waits for what nothing can end is told to end, and not waited for", async () => {
    const log: string[] = [];
    let goOn = (): void => {};
    const stream = Stream.from(async function* () {
      try {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        yield 1;
      } finally {
        log.push("closed");
      }
    });
    expect((await select({ item: next(stream), late: sleep(1) })).key).toBe("late");
    await stream.close();
    expect(log).toEqual([]);
    goOn();
    await until(() => log.length > 0);
  });

  test("a signal that is already aborted asks for nothing", () =>
    virtual(async () => {
      const log: string[] = [];
      const stream = Stream.range(0).inspect((n) => log.push(`${n}`));
      const token = new CancellationToken();
      token.cancel();
      await expect(stream.map((n) => n).toArray({ signal: token })).rejects.toBeInstanceOf(CancelledError);
      expect(log).toEqual([]);
    }));

  test("takeUntil ends well, in the middle of a pull, and closes what is upstream", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const stop = new CancellationToken();
      const stream = Stream.from(async function* () {
        try {
          yield 1;
          await sleep(1000);
        } finally {
          log.push("closed");
        }
      }).takeUntil(stop);
      expect(await stream.next()).toEqual({ done: false, value: 1 });
      const pull = stream.next();
      await sleep(5);
      stop.cancel();
      expect(await pull).toEqual(END);
      expect([log, clock.elapsed]).toEqual([["closed"], 5]);
    }));

  test("takeUntil asks for nothing after the cancellation", () =>
    virtual(async () => {
      const asked: number[] = [];
      const stop = new CancellationToken();
      const stream = Stream.range(0)
        .inspect((n) => void asked.push(n))
        .takeUntil(stop);
      await stream.next();
      stop.cancel();
      expect(await stream.next()).toEqual(END);
      expect(asked).toEqual([0]);
    }));

  test("combineLatest ends with one that had nothing, and closes the others", () =>
    virtual(async () => {
      const log: string[] = [];
      expect(await Stream.from(countingSync(log)).combineLatest([]).toArray()).toEqual([]);
      expect(log.length).toBeLessThan(2);
      expect(await Stream.pending().combineLatest(Stream.empty()).toArray()).toEqual([]);
    }));

  test("retry: left in its pause, it does not start again", () =>
    virtual(async () => {
      let attempts = 0;
      const stream = Stream.from(() => {
        attempts++;
        throw new Error("down");
      }).retry({ attempts: 5, backoff: { base: 100 } });
      expect((await select({ item: next(stream), late: sleep(1) })).key).toBe("late");
      await stream.close();
      await sleep(1000);
      expect(attempts).toBe(1);
    }));
});
