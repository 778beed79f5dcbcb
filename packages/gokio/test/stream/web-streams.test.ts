import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn, until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

interface Tap {
  readonly stream: ReadableStream<number>;
  readonly log: string[];
}

/** A ReadableStream of the numbers below `count`, which writes down what is asked of it. */
function tap(count: number, { highWaterMark = 0, failAt = -1, hasIterator = true } = {}): Tap {
  const log: string[] = [];
  let n = 0;
  const stream = new ReadableStream<number>(
    {
      async pull(controller) {
        await undefined;
        if (n === failAt) throw new Error(`chunk ${n}`);
        if (n === count) controller.close();
        else {
          log.push(`pull ${n}`);
          controller.enqueue(n++);
        }
      },
      async cancel() {
        await turn();
        log.push("cancelled");
      },
    },
    { highWaterMark },
  );
  if (!hasIterator) Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
  return { stream, log };
}

describe("from a ReadableStream", () => {
  test.each([true, false])(
    "its chunks, and the lock is given back; with an async iterator: %s",
    async (hasIterator) => {
      const { stream, log } = tap(3, { hasIterator });
      const ours = Stream.from(stream);
      expect(stream.locked).toBe(false);
      expect(log).toEqual([]);
      expect(await ours.toArray()).toEqual([0, 1, 2]);
      expect(stream.locked).toBe(false);
      expect(log).toEqual(["pull 0", "pull 1", "pull 2"]);
    },
  );

  test.each(["break", "close", "throw", "take", "cancel"])(
    "left by %s: cancelled once, and waited for",
    async (how) => {
      const { stream, log } = tap(10);
      const ours = Stream.from(stream);
      if (how === "break") {
        for await (const n of ours) if (n === 1) break;
      } else if (how === "throw") {
        const failing = ours.forEach((n) => {
          if (n === 1) throw new Error("stop");
        });
        await expect(failing).rejects.toThrow("stop");
      } else if (how === "take") await ours.take(2).toArray();
      else if (how === "close") {
        await ours.take(0).close();
      } else {
        const token = new CancellationToken();
        const sum = ours.inspect((n) => void (n === 1 && token.cancel("enough"))).toArray({ signal: token });
        await expect(sum).rejects.toThrow(CancelledError);
      }
      expect(stream.locked).toBe(false);
      expect(log.filter((line) => line === "cancelled")).toHaveLength(1);
      expect(log.at(-1)).toBe("cancelled");
    },
  );

  test("left in the middle of a read", async () => {
    let cancelled = 0;
    const stream = new ReadableStream<number>({ pull: () => new Promise(() => {}), cancel: () => void cancelled++ });
    const ours = Stream.from(stream);
    const pull = ours.next();
    await turn();
    await ours.close();
    expect((await pull).done).toBe(true);
    expect(cancelled).toBe(1);
    expect(stream.locked).toBe(false);
  });

  test("a pull that loses a select loses no chunk", () =>
    virtual(async () => {
      const { stream } = tap(3);
      let open = (): void => {};
      const gate = new Promise<void>((resolve) => (open = resolve));
      const slow = stream.pipeThrough(
        new TransformStream<number, number>({
          async transform(n, controller) {
            await gate;
            controller.enqueue(n);
          },
        }),
      );
      const ours = Stream.from(slow);
      expect((await select({ item: recv(ours), late: sleep(1) })).key).toBe("late");
      open();
      expect(await ours.toArray()).toEqual([0, 1, 2]);
    }));

  test.each([0, 1, 2])("its error at chunk %i, and the lock is given back", async (failAt) => {
    const { stream, log } = tap(3, { failAt });
    const seen: number[] = [];
    await expect(Stream.from(stream).forEach((n) => void seen.push(n))).rejects.toThrow(`chunk ${failAt}`);
    expect(seen).toEqual([0, 1, 2].slice(0, failAt));
    expect(stream.locked).toBe(false);
    expect(log).not.toContain("cancelled");
  });

  test("one that is locked", async () => {
    const { stream } = tap(3);
    const reader = stream.getReader();
    await expect(Stream.from(stream).toArray()).rejects.toThrow(TypeError);
    expect((await reader.read()).value).toBe(0);
    await Stream.from(stream).close();
    expect((await reader.read()).value).toBe(1);
  });

  test("an error of cancelling is thrown where it is left", async () => {
    const stream = new ReadableStream<number>({
      pull: (controller) => controller.enqueue(1),
      cancel() {
        throw new Error("cannot cancel");
      },
    });
    const ours = Stream.from(stream);
    await ours.next();
    await expect(ours.close()).rejects.toThrow("cannot cancel");
    expect(stream.locked).toBe(false);
  });

  test("bytes of a Response", async () => {
    const { body } = new Response("hello");
    const text = await Stream.from(body as ReadableStream<Uint8Array>).reduce(
      (text, bytes) => text + new TextDecoder().decode(bytes),
      "",
    );
    expect(text).toBe("hello");
  });
});

describe("toReadableStream", () => {
  test("nothing is pulled unasked", async () => {
    const asked: number[] = [];
    const stream = Stream.range(0, 5)
      .inspect((n) => void asked.push(n))
      .toReadableStream();
    await turn();
    expect(asked).toEqual([]);
    const reader = stream.getReader();
    expect(await reader.read()).toEqual({ done: false, value: 0 });
    await turn();
    expect(asked).toEqual([0]);
    const rest: number[] = [];
    reader.releaseLock();
    for await (const n of stream) rest.push(n);
    expect(rest).toEqual([1, 2, 3, 4]);
  });

  test("cancelling closes the stream, before and in the middle of reads", () =>
    spawn(async () => {
      for (const reads of [0, 1]) {
        const log: string[] = [];
        const ours = Stream.from(async function* () {
          try {
            for (let n = 0; ; n++) {
              yield n;
              await sleep(60_000);
            }
          } finally {
            log.push("closed");
          }
        });
        const reader = ours.toReadableStream().getReader();
        for (let i = 0; i < reads; i++) expect((await reader.read()).value).toBe(i);
        const last = reads === 0 ? undefined : reader.read();
        await turn();
        await reader.cancel("enough");
        expect(await last).toEqual(reads === 0 ? undefined : { done: true, value: undefined });
        expect(log).toEqual(reads === 0 ? [] : ["closed"]);
      }
    }));

  test("an error goes to the reader", async () => {
    const failing = Stream.range(0, 5).map((n) => {
      if (n === 2) throw new Error("two");
      return n;
    });
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const n of failing.toReadableStream()) seen.push(n);
    };
    await expect(read()).rejects.toThrow("two");
    expect(seen).toEqual([0, 1]);
  });

  test("there and back, through the platform's own pipes", async () => {
    const doubled = Stream.range(0, 5)
      .toReadableStream()
      .pipeThrough(new TransformStream<number, number>({ transform: (n, to) => to.enqueue(n * 2) }));
    expect(await Stream.from(doubled).toArray()).toEqual([0, 2, 4, 6, 8]);
  });
});

interface Target {
  readonly stream: WritableStream<number>;
  readonly written: number[];
  readonly log: string[];
}

/** A WritableStream that writes down what it gets; a write takes a turn. */
function target({ highWaterMark = 1, failAt = -1, hold = async (): Promise<void> => turn() } = {}): Target {
  const written: number[] = [];
  const log: string[] = [];
  const stream = new WritableStream<number>(
    {
      async write(n) {
        await hold();
        if (n === failAt) throw new Error(`cannot write ${n}`);
        written.push(n);
      },
      close: () => void log.push("closed"),
      abort: (reason) => void log.push(`aborted: ${(reason as Error).message}`),
    },
    { highWaterMark },
  );
  return { stream, written, log };
}

/** A stream of the naturals that writes down when it is closed. */
function naturals(log: string[], made: { count: number } = { count: 0 }): Stream<number> {
  return Stream.from(function* () {
    try {
      for (let n = 0; ; n++) {
        made.count++;
        yield n;
      }
    } finally {
      log.push("source closed");
    }
  });
}

describe("pipeTo a WritableStream", () => {
  test("everything, and closes it", async () => {
    const { stream, written, log } = target();
    await Stream.range(0, 10).pipeTo(stream);
    expect(written).toEqual([...Array(10).keys()]);
    expect(log).toEqual(["closed"]);
    expect(stream.locked).toBe(false);
  });

  test("or leaves it open, with everything written", async () => {
    const { stream, written, log } = target({ highWaterMark: 5 });
    await Stream.range(0, 3).pipeTo(stream, { end: false });
    expect(written).toEqual([0, 1, 2]);
    expect(log).toEqual([]);
    expect(stream.locked).toBe(false);
    await Stream.empty<number>().pipeTo(stream, { end: false });
    await Stream.once(3).pipeTo(stream);
    expect(written).toEqual([0, 1, 2, 3]);
    expect(log).toEqual(["closed"]);
  });

  test("an empty stream closes it, too", async () => {
    const { stream, log } = target();
    await Stream.empty<number>().pipeTo(stream);
    expect(log).toEqual(["closed"]);
    expect(stream.locked).toBe(false);
  });

  test("property: no more under way than the stream wants", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(6), fc.nat(20), async (highWaterMark, count) => {
        let most = 0;
        let made = 0;
        const { stream, written, log } = target({ highWaterMark });
        await Stream.range(0, count)
          .inspect(() => {
            most = Math.max(most, ++made - written.length);
          })
          .pipeTo(stream);
        expect(written).toHaveLength(count);
        expect(log).toEqual(["closed"]);
        expect(most).toBeLessThanOrEqual(Math.max(1, highWaterMark));
        if (count > highWaterMark && highWaterMark > 0) expect(most).toBe(highWaterMark);
      }),
      { numRuns: 30 },
    ));

  test.each([0, 1, 3])("what it cannot write, item %i, fails the pipe and closes the source", async (failAt) => {
    const { stream, written } = target({ failAt });
    const log: string[] = [];
    await expect(naturals(log).pipeTo(stream)).rejects.toThrow(`cannot write ${failAt}`);
    expect(written).toEqual([0, 1, 2, 3].slice(0, failAt));
    expect(log).toEqual(["source closed"]);
    expect(stream.locked).toBe(false);
  });

  test("so does a failure while the source is waited for", () =>
    spawn(async () => {
      let fail: (error: unknown) => void = () => {};
      const stream = new WritableStream<number>({
        start: (controller) => void (fail = (error) => controller.error(error)),
      });
      const log: string[] = [];
      const ours = Stream.from(async function* () {
        try {
          yield 1;
          await sleep(60_000);
        } finally {
          log.push("source closed");
        }
      });
      const pipe = ours.pipeTo(stream);
      pipe.catch(() => {});
      await turn();
      fail(new Error("out of paper"));
      await expect(pipe).rejects.toThrow("out of paper");
      expect(log).toEqual(["source closed"]);
      expect(stream.locked).toBe(false);
    }));

  test("a failure of closing fails the pipe", async () => {
    const stream = new WritableStream<number>({
      close() {
        throw new Error("cannot close");
      },
    });
    await expect(Stream.once(1).pipeTo(stream)).rejects.toThrow("cannot close");
    expect(stream.locked).toBe(false);
  });

  test.each([0, 1, 3])("the source fails at item %i: the stream is aborted with that", async (failAt) => {
    const { stream, log } = target();
    const failing = Stream.range(0).inspect((n) => {
      if (n === failAt) throw new Error(`item ${n}`);
    });
    await expect(failing.pipeTo(stream)).rejects.toThrow(`item ${failAt}`);
    expect(log).toEqual([`aborted: item ${failAt}`]);
    expect(stream.locked).toBe(false);
  });

  test("the source fails, and the stream is to stay open", async () => {
    const { stream, log, written } = target();
    const failing = Stream.range(0).inspect((n) => {
      if (n === 1) throw new Error("one");
    });
    await expect(failing.pipeTo(stream, { end: false })).rejects.toThrow("one");
    await Stream.once(7).pipeTo(stream);
    expect(written).toEqual([0, 7]);
    expect(log).toEqual(["closed"]);
  });

  test("cancelled in the middle: both ends are let go", async () => {
    const { stream, log, written } = target();
    const token = new CancellationToken();
    const sources: string[] = [];
    const pipe = naturals(sources).pipeTo(stream, { signal: token });
    pipe.catch(() => {});
    await until(() => written.length === 3);
    token.cancel("enough");
    await expect(pipe).rejects.toThrow(CancelledError);
    expect(log).toEqual(['aborted: the wait was cancelled: "the pipe was left"']);
    expect(sources).toEqual(["source closed"]);
    expect(stream.locked).toBe(false);
  });

  test("one that is closed, or locked", async () => {
    const log: string[] = [];
    const closed = target().stream;
    await closed.close();
    await expect(naturals(log).pipeTo(closed)).rejects.toThrow();
    const locked = target();
    const writer = locked.stream.getWriter();
    await expect(naturals(log).pipeTo(locked.stream)).rejects.toThrow(TypeError);
    await writer.write(1);
    expect(locked.written).toEqual([1]);
    expect(locked.log).toEqual([]);
    expect(log).toEqual(["source closed", "source closed"]);
  });

  test("a pipe that nobody drives locks nothing", () => {
    const { stream } = target();
    expect(() => Stream.once(1).pipeTo(1 as never)).toThrow(TypeError);
    expect(stream.locked).toBe(false);
  });

  test("through a CompressionStream and back", async () => {
    const squeeze = new CompressionStream("gzip");
    const unsqueeze = new DecompressionStream("gzip");
    const bytes = Stream.range(0, 100).map((n) => new TextEncoder().encode(`${n}\n`));
    const text = Stream.from(squeeze.readable.pipeThrough(unsqueeze) as ReadableStream<Uint8Array>).reduce(
      (text, chunk) => text + new TextDecoder().decode(chunk),
      "",
    );
    await bytes.pipeTo(squeeze.writable as WritableStream<Uint8Array>);
    expect((await text).trimEnd().split("\n").map(Number)).toEqual([...Array(100).keys()]);
  });

  test("ClosedError is what a pipe fails with when the stream is closed meanwhile", () =>
    spawn(async () => {
      // Only its own kind can: a stream that ends itself.
      const closing = {
        getWriter: () => ({
          desiredSize: 1,
          ready: Promise.resolve(),
          closed: Promise.resolve(),
          write: async () => {},
          releaseLock() {},
          abort: async () => {},
        }),
        abort: async () => {},
        locked: false,
      };
      const log: string[] = [];
      const endless = Stream.from(async function* () {
        try {
          yield 1;
          await sleep(60_000);
        } finally {
          log.push("source closed");
        }
      });
      await expect(endless.pipeTo(closing as unknown as WritableStream<number>)).rejects.toThrow(ClosedError);
      expect(log).toEqual(["source closed"]);
    }));
});
