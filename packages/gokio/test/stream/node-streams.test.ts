import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, PassThrough, Readable, Transform, Writable } from "node:stream";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn, until } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const folder = mkdtempSync(join(tmpdir(), "gokio-streams-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The listeners that are ours to remove. */
function listenersOf(stream: Readable | Writable): number {
  return ["readable", "error", "close", "drain", "finish"].reduce((sum, name) => sum + stream.listenerCount(name), 0);
}

interface Tap {
  readonly stream: Readable;
  readonly log: string[];
}

/** A Readable of the numbers below `count`, each of which takes a turn. */
function tap(count: number, { failAt = -1, highWaterMark = 1 } = {}): Tap {
  const log: string[] = [];
  let n = 0;
  const stream = new Readable({
    objectMode: true,
    highWaterMark,
    async read() {
      await turn();
      if (n === failAt) this.destroy(new Error(`chunk ${n}`));
      else if (n === count) this.push(null);
      else {
        log.push(`read ${n}`);
        this.push(n++);
      }
    },
    destroy(error, done) {
      setImmediate(() => {
        log.push("destroyed");
        done(error);
      });
    },
  });
  return { stream, log };
}

describe("from a Readable", () => {
  test("its chunks, and no listener stays", async () => {
    const { stream, log } = tap(3);
    const before = listenersOf(stream);
    const ours = Stream.from(stream);
    expect(listenersOf(stream)).toBe(before);
    expect(await ours.toArray()).toEqual([0, 1, 2]);
    expect(listenersOf(stream)).toBe(before);
    await until(() => log.at(-1) === "destroyed");
  });

  test("a file", async () => {
    const file = join(folder, "numbers");
    const lines = [...Array(50_000).keys()].join("\n");
    writeFileSync(file, lines);
    const stream = createReadStream(file, { encoding: "utf8", highWaterMark: 1000 });
    const text = await Stream.from<string>(stream).reduce((text, chunk) => text + chunk, "");
    expect(text).toBe(lines);
    const left = createReadStream(file, { highWaterMark: 16 });
    for await (const chunk of Stream.from<Buffer>(left)) {
      expect(chunk).toHaveLength(16);
      break;
    }
    expect(left.closed).toBe(true);
    expect(listenersOf(left)).toBe(0);
    await expect(Stream.from(createReadStream(join(folder, "none"))).toArray()).rejects.toThrow("ENOENT");
  });

  test.each(["break", "throw", "close", "take", "unpulled", "cancel"])(
    "left by %s: destroyed, and waited for",
    async (how) => {
      const { stream, log } = tap(100);
      const ours = Stream.from<number>(stream);
      if (how === "break") {
        for await (const n of ours) if (n === 1) break;
      } else if (how === "throw") {
        const failing = ours.forEach((n) => {
          if (n === 1) throw new Error("stop");
        });
        await expect(failing).rejects.toThrow("stop");
      } else if (how === "take") await ours.take(2).toArray();
      else if (how === "unpulled") await ours.close();
      else if (how === "close") {
        const pull = ours.next();
        await turn();
        await ours.close();
        await pull;
      } else {
        const token = new CancellationToken();
        const all = ours.inspect((n) => void (n === 3 && token.cancel("enough"))).toArray({ signal: token });
        await expect(all).rejects.toThrow(CancelledError);
      }
      expect(log.filter((line) => line === "destroyed")).toHaveLength(1);
      expect(stream.destroyed).toBe(true);
      expect(listenersOf(stream)).toBe(0);
    },
  );

  test.each([0, 1, 2])("its error at chunk %i", async (failAt) => {
    const { stream } = tap(3, { failAt });
    const seen: number[] = [];
    await expect(Stream.from<number>(stream).forEach((n) => void seen.push(n))).rejects.toThrow(`chunk ${failAt}`);
    expect(seen).toEqual([0, 1, 2].slice(0, failAt));
    expect(listenersOf(stream)).toBe(0);
  });

  test("one that is closed before its end has failed", async () => {
    const stream = new PassThrough({ objectMode: true });
    stream.write(1);
    const ours = Stream.from<number>(stream);
    expect(await ours.recv()).toBe(1);
    const pull = ours.next();
    await turn();
    stream.destroy();
    await expect(pull).rejects.toThrow("closed before its end");
    const failed = new PassThrough();
    failed.on("error", () => {});
    failed.destroy(new Error("earlier"));
    await turn();
    await expect(Stream.from(failed).next()).rejects.toThrow("earlier");
  });

  test("one that has ended is empty", async () => {
    const stream = Readable.from([1]);
    for await (const _ of stream);
    expect(await Stream.from(stream).toArray()).toEqual([]);
  });

  test("an error of destroying is thrown where it is left", async () => {
    const stream = new Readable({
      read() {},
      destroy: (_error, done) => done(new Error("cannot destroy")),
    });
    const ours = Stream.from(stream);
    expect(ours.tryRecv()).toBeUndefined();
    await expect(ours.close()).rejects.toThrow("cannot destroy");
    expect(listenersOf(stream)).toBe(0);
  });

  test("one that does not emit `close` is not waited for in vain", async () => {
    const stream = new Readable({ read() {}, emitClose: false });
    const ours = Stream.from(stream);
    ours.tryRecv();
    await ours.close();
    expect(stream.destroyed).toBe(true);
  });

  test("what it has at hand is there at once", async () => {
    const stream = new PassThrough({ objectMode: true });
    const ours = Stream.from<number>(stream);
    expect(ours.tryRecv()).toBeUndefined();
    stream.write(1);
    await turn();
    expect(ours.tryRecv()).toEqual({ done: false, value: 1 });
    await ours.close();
  });

  test("a pull that loses a select loses no chunk", () =>
    virtual(async () => {
      const stream = new PassThrough({ objectMode: true });
      const ours = Stream.from<number>(stream);
      expect((await select({ item: recv(ours), late: sleep(1) })).key).toBe("late");
      stream.write(1);
      await turn();
      stream.end(2);
      expect(await ours.toArray()).toEqual([1, 2]);
    }));

  test("only what is asked for is read, and what fits into its own buffer", async () => {
    const { stream, log } = tap(100, { highWaterMark: 4 });
    const ours = Stream.from<number>(stream);
    await ours.next();
    for (let i = 0; i < 20; i++) await turn();
    expect(log.length).toBeLessThanOrEqual(5);
    await ours.close();
  });
});

describe("to Node", () => {
  test("Readable.from", async () => {
    const stream = Readable.from(Stream.range(0, 5));
    const seen: number[] = [];
    for await (const n of stream) seen.push(n);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    const log: string[] = [];
    const left = Readable.from(Stream.range(0).onCancel(() => void log.push("left")));
    for await (const n of left) if (n === 2) break;
    await until(() => log.length === 1);
  });
});

interface Target {
  readonly stream: Writable;
  readonly written: number[];
  readonly log: string[];
}

function target({ highWaterMark = 1, failAt = -1, ...rest } = {}): Target {
  const written: number[] = [];
  const log: string[] = [];
  const stream = new Writable({
    objectMode: true,
    highWaterMark,
    async write(n: number, _encoding, done) {
      await turn();
      if (n === failAt) done(new Error(`cannot write ${n}`));
      else {
        written.push(n);
        done();
      }
    },
    final(done) {
      setImmediate(() => {
        log.push("finished");
        done();
      });
    },
    destroy(error, done) {
      setImmediate(() => {
        log.push(error === null ? "destroyed" : `destroyed: ${error.message}`);
        done(error);
      });
    },
    ...rest,
  });
  return { stream, written, log };
}

function naturals(log: string[]): Stream<number> {
  return Stream.from(function* () {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      log.push("source closed");
    }
  });
}

/** A stream that gives one item, and then waits. */
function slow(log: string[]): Stream<number> {
  return Stream.from(async function* () {
    try {
      yield 1;
      await sleep(60_000);
    } finally {
      log.push("source closed");
    }
  });
}

describe("pipeTo a Writable", () => {
  test("everything, and ends it", async () => {
    const { stream, written, log } = target();
    await Stream.range(0, 10).pipeTo(stream);
    expect(written).toEqual([...Array(10).keys()]);
    expect(log).toEqual(["finished"]);
    expect(listenersOf(stream)).toBe(0);
  });

  test("or leaves it open, with everything written", async () => {
    const { stream, written, log } = target({ highWaterMark: 5 });
    await Stream.range(0, 3).pipeTo(stream, { end: false });
    expect(written).toEqual([0, 1, 2]);
    await Stream.empty<number>().pipeTo(stream, { end: false });
    expect(log).toEqual([]);
    expect(listenersOf(stream)).toBe(0);
    await Stream.empty<number>().pipeTo(stream);
    expect(log).toEqual(["finished"]);
  });

  test("a file, and back", async () => {
    const file = join(folder, "squares");
    await Stream.range(0, 1000)
      .map((n) => `${n * n}\n`)
      .pipeTo(createWriteStream(file));
    expect(readFileSync(file, "utf8").split("\n", 4)).toEqual(["0", "1", "4", "9"]);
    const none = createWriteStream(join(folder, "no", "such"));
    await expect(Stream.range(0, 3).map(String).pipeTo(none)).rejects.toThrow("ENOENT");
  });

  test("property: no more under way than the stream wants", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(20), async (highWaterMark, count) => {
        let made = 0;
        let most = 0;
        const { stream, written } = target({ highWaterMark });
        await Stream.range(0, count)
          .inspect(() => {
            most = Math.max(most, ++made - written.length);
          })
          .pipeTo(stream);
        expect(written).toHaveLength(count);
        expect(most).toBe(Math.min(count, highWaterMark));
      }),
      { numRuns: 30 },
    ));

  test.each([0, 1, 3])("what it cannot write, item %i, fails the pipe and closes the source", async (failAt) => {
    const { stream, written, log } = target({ failAt });
    const sources: string[] = [];
    await expect(naturals(sources).pipeTo(stream)).rejects.toThrow(`cannot write ${failAt}`);
    expect(written).toEqual([0, 1, 2, 3].slice(0, failAt));
    expect(sources).toEqual(["source closed"]);
    expect(log).toEqual([`destroyed: cannot write ${failAt}`]);
    expect(listenersOf(stream)).toBe(0);
  });

  test("a failure of the last chunk, and of finishing", async () => {
    const { stream } = target({ failAt: 2, highWaterMark: 10 });
    await expect(Stream.range(0, 3).pipeTo(stream)).rejects.toThrow("cannot write 2");
    const open = target({ failAt: 2, highWaterMark: 10 }).stream;
    await expect(Stream.range(0, 3).pipeTo(open, { end: false })).rejects.toThrow("cannot write 2");
    const unfinished = target({ final: (done: (error: Error) => void) => done(new Error("cannot finish")) } as never);
    await expect(Stream.range(0, 3).pipeTo(unfinished.stream)).rejects.toThrow("cannot finish");
    expect(listenersOf(unfinished.stream)).toBe(0);
  });

  test.each(["failed", "closed"])("one that has %s while the source is waited for", (how) =>
    spawn(async () => {
      const { stream, written } = target();
      const log: string[] = [];
      const pipe = slow(log).pipeTo(stream);
      pipe.catch(() => {});
      await until(() => written.length === 1);
      stream.destroy(how === "failed" ? new Error("broken") : undefined);
      await expect(pipe).rejects.toThrow(how === "failed" ? "broken" : ClosedError);
      expect(log).toEqual(["source closed"]);
      expect(listenersOf(stream)).toBe(0);
    }),
  );

  test("one that is destroyed in the middle of a write, and emits nothing", async () => {
    let goOn = (): void => {};
    const stream = new Writable({
      objectMode: true,
      highWaterMark: 2,
      emitClose: false,
      write(_chunk, _encoding, done) {
        goOn = done;
      },
    });
    const log: string[] = [];
    const pipe = naturals(log).pipeTo(stream);
    pipe.catch(() => {});
    await turn();
    stream.destroy();
    goOn();
    await expect(pipe).rejects.toThrow(ClosedError);
    expect(log).toEqual(["source closed"]);
  });

  test.each(["destroyed", "ended", "failed"])("one that was %s before", async (how) => {
    const { stream } = target();
    stream.on("error", () => {});
    if (how === "ended") {
      stream.end();
      await once(stream, "finish");
    } else stream.destroy(how === "failed" ? new Error("earlier") : undefined);
    await turn();
    await turn();
    const log: string[] = [];
    await expect(naturals(log).pipeTo(stream)).rejects.toThrow(how === "failed" ? "earlier" : ClosedError);
    expect(log).toEqual(["source closed"]);
  });

  test.each([0, 1, 3])(
    "the source fails at item %i: it is destroyed with that, and nothing is unhandled",
    async (failAt) => {
      const { stream, log } = target();
      const failing = Stream.range(0).inspect((n) => {
        if (n === failAt) throw new Error(`item ${n}`);
      });
      await expect(failing.pipeTo(stream)).rejects.toThrow(`item ${failAt}`);
      expect(log).toEqual([`destroyed: item ${failAt}`]);
      expect(listenersOf(stream)).toBe(0);
    },
  );

  test("the source fails with what is no error; the stream that is to stay open is left as it is", async () => {
    const { stream, log } = target();
    const failing = (): Stream<number> =>
      Stream.range(0).inspect(() => {
        throw "text";
      });
    await expect(failing().pipeTo(stream, { end: false })).rejects.toBe("text");
    expect(log).toEqual([]);
    await expect(failing().pipeTo(stream)).rejects.toBe("text");
    expect(log).toEqual(["destroyed: the pipe failed"]);
  });

  test("cancelled in the middle: both ends are let go", async () => {
    const { stream, written, log } = target();
    const token = new CancellationToken();
    const sources: string[] = [];
    const pipe = naturals(sources).pipeTo(stream, { signal: token });
    pipe.catch(() => {});
    await until(() => written.length === 3);
    token.cancel("enough");
    await expect(pipe).rejects.toThrow(CancelledError);
    expect(sources).toEqual(["source closed"]);
    expect(log).toEqual(['destroyed: the wait was cancelled: "the pipe was left"']);
    expect(listenersOf(stream)).toBe(0);
  });

  test("cancelled while it finishes", async () => {
    const { stream } = target({ final: () => {} } as never);
    const token = new CancellationToken();
    const pipe = Stream.range(0, 2).pipeTo(stream, { signal: token });
    pipe.catch(() => {});
    await until(() => stream.writableEnded);
    await turn();
    token.cancel();
    await expect(pipe).rejects.toThrow(CancelledError);
    expect(stream.destroyed).toBe(true);
    expect(listenersOf(stream)).toBe(0);
  });

  test("the process's own output is never ended", async () => {
    const { stream, log } = target();
    Object.assign(stream, { _isStdio: true });
    await Stream.range(0, 2).pipeTo(stream);
    expect(log).toEqual([]);
    expect(stream.writableEnded).toBe(false);
  });

  test("through a Transform", async () => {
    const double = new Transform({ objectMode: true, transform: (n, _encoding, done) => done(null, n * 2) });
    const doubled = Stream.from<number>(double).toArray();
    await Stream.range(0, 100).pipeTo(double);
    expect(await doubled).toEqual([...Array(100).keys()].map((n) => n * 2));
  });
});

describe("sockets on the loopback", () => {
  async function pair(): Promise<[Socket, Socket, () => Promise<void>]> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [served] = (await once(server, "connection")) as [Socket];
    const close = async (): Promise<void> => {
      client.destroy();
      served.destroy();
      server.close();
      await once(server, "close");
    };
    return [client, served, close];
  }

  test("from one to the other; who does not read holds the writer back", async () => {
    const [client, served, close] = await pair();
    const chunk = Buffer.alloc(64 * 1024);
    const count = 500;
    let made = 0;
    const pipe = Stream.range(0, count)
      .map(() => {
        made++;
        return chunk;
      })
      .pipeTo(client);
    const seen = Stream.from<Buffer>(served);
    const first = (await seen.recv()).length;
    for (let i = 0; i < 100; i++) await turn();
    // The buffers of the machine are between them.
    expect(made).toBeLessThan(count);
    const rest = await seen.reduce((sum, bytes) => sum + bytes.length, 0);
    await pipe;
    expect(first + rest).toBe(count * chunk.length);
    await close();
  });

  test("left in the middle of a pull, a socket is closed", async () => {
    const [client, served, close] = await pair();
    const closed = once(served, "close");
    const ours = Stream.from<Buffer>(client);
    const pull = ours.next();
    await turn();
    await ours.close();
    expect((await pull).done).toBe(true);
    expect(client.destroyed).toBe(true);
    served.resume();
    await closed;
    await close();
  });

  test("a peer that goes fails the pipe", async () => {
    const [client, served, close] = await pair();
    const log: string[] = [];
    const pipe = naturals(log)
      .map(() => Buffer.alloc(64 * 1024))
      .pipeTo(client);
    pipe.catch(() => {});
    await once(served, "readable");
    served.resetAndDestroy();
    await expect(pipe).rejects.toThrow();
    expect(log).toEqual(["source closed"]);
    await close();
  });

  test("a Duplex is both", async () => {
    const echo = new PassThrough({ objectMode: true });
    const both = Duplex.from({ readable: echo, writable: echo });
    const all = Stream.from<number>(both).toArray();
    await Stream.range(0, 3).pipeTo(both);
    expect(await all).toEqual([0, 1, 2]);
  });
});
