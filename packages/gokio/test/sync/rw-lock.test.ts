import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { CancelledError, MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { holding } from "../../src/sync/holding.ts";
import { RwLock, read, write } from "../../src/sync/rw-lock.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

function granted<G>(wait: Driven<G>): G {
  if (wait.ended?.status !== "ok") throw new Error(`the wait ended otherwise: ${JSON.stringify(wait.ended)}`);
  return wait.ended.value;
}

const statuses = (waits: readonly Driven<unknown>[]): unknown[] => waits.map((wait) => wait.ended?.status);

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("readers share, and keep a writer out", async () => {
    const lock = new RwLock("v1");
    const readers = [await drive(read(lock)), await drive(read(lock))];
    const writer = start(write(lock));
    await turn();
    expect([readers.map((guard) => guard.value), writer.ended]).toEqual([["v1", "v1"], undefined]);
    readers[0]?.[Symbol.dispose]();
    await turn();
    expect(writer.ended).toBe(undefined);
    readers[1]?.[Symbol.dispose]();
    await turn();
    granted(writer).value = "v2";
    granted(writer)[Symbol.dispose]();
    expect((await drive(read(lock))).value).toBe("v2");
  });

  test("a writer keeps everybody out", async () => {
    const lock = new RwLock(0);
    const writer = await drive(write(lock));
    const waits: Driven<Disposable>[] = [start<Disposable>(read(lock))];
    await turn();
    waits.push(start<Disposable>(write(lock)));
    await turn();
    expect(statuses(waits)).toEqual([undefined, undefined]);
    expect([lock.tryRead(), lock.tryWrite()]).toEqual([undefined, undefined]);
    writer[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", undefined]);
    granted(waits[0] as Driven<Disposable>)[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok"]);
  });

  test("a reader that comes while a writer waits queues behind it", async () => {
    const lock = new RwLock(0);
    const reader = await drive(read(lock));
    const writer = start(write(lock));
    await turn();
    const late = start(read(lock));
    await turn();
    expect([late.ended, lock.tryRead()]).toEqual([undefined, undefined]);
    reader[Symbol.dispose]();
    await turn();
    expect([writer.ended?.status, late.ended]).toEqual(["ok", undefined]);
    granted(writer)[Symbol.dispose]();
    await turn();
    expect(late.ended?.status).toBe("ok");
  });

  test("readers at the head enter together, up to the next writer", async () => {
    const lock = new RwLock(0);
    const writer = await drive(write(lock));
    const waits: Driven<Disposable>[] = [];
    for (const op of [read, read, write, read]) {
      waits.push(start<Disposable>(op(lock)));
      await turn();
    }
    writer[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", undefined, undefined]);
    for (const each of waits.slice(0, 2)) granted(each)[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", "ok", undefined]);
    granted(waits[2] as Driven<Disposable>)[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  test("when a waiting writer is cancelled, the readers behind it enter", async () => {
    const lock = new RwLock(0);
    const reader = await drive(read(lock));
    const writer = start(write(lock));
    await turn();
    const waits = [start(read(lock)), start(read(lock))];
    await turn();
    writer.cancel();
    expect(await writer.end).toEqual({ status: "cancelled" });
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok"]);
    for (const guard of [reader, ...waits.map(granted)]) guard[Symbol.dispose]();
    lock.tryWrite()?.[Symbol.dispose]();
  });

  test("one that was admitted is not cancelled any more", async () => {
    const lock = new RwLock(0);
    const writer = await drive(write(lock));
    const wait = start(read(lock));
    await turn();
    writer[Symbol.dispose]();
    wait.cancel();
    expect((await wait.end).status).toBe("ok");
    expect(lock.tryWrite()).toBe(undefined);
    granted(wait)[Symbol.dispose]();
    expect(lock.tryWrite()).not.toBe(undefined);
  });

  test("a writer that goes on as a reader lets readers in, and no writer", async () => {
    const lock = new RwLock(1);
    const writer = await drive(write(lock));
    const waits: Driven<Disposable>[] = [];
    for (const op of [read, write, read]) {
      waits.push(start<Disposable>(op(lock)));
      await turn();
    }
    writer.value = 2;
    const reader = writer.downgrade();
    await turn();
    expect(statuses(waits)).toEqual(["ok", undefined, undefined]);
    expect(reader.value).toBe(2);
    expect(() => writer.value).toThrow(MisuseError);
    writer[Symbol.dispose]();
    expect(reader.value).toBe(2);
    reader[Symbol.dispose]();
    granted(waits[0] as Driven<Disposable>)[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", undefined]);
    granted(waits[1] as Driven<Disposable>)[Symbol.dispose]();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", "ok"]);
  });

  test("guards disposed twice leave once, and are spent", async () => {
    const lock = new RwLock(0);
    const [a, b] = [await drive(read(lock)), await drive(read(lock))];
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    expect(lock.tryWrite()).toBe(undefined);
    expect(() => a.value).toThrow("this guard was disposed");
    b[Symbol.dispose]();
    const writer = await drive(write(lock));
    writer[Symbol.dispose]();
    const other = await drive(write(lock));
    writer[Symbol.dispose]();
    expect(lock.tryRead()).toBe(undefined);
    expect(() => writer.downgrade()).toThrow(MisuseError);
    expect(() => {
      writer.value = 1;
    }).toThrow(MisuseError);
    expect(other.value).toBe(0);
  });
});

describe("the methods", () => {
  test("are eager, the free functions lazy", async () => {
    const lock = new RwLock(0);
    const op = write(lock);
    const reading = lock.read();
    expect(lock.tryWrite()).toBe(undefined);
    (await reading)[Symbol.dispose]();
    (await op)[Symbol.dispose]();
    const writing = lock.write();
    expect(lock.tryRead()).toBe(undefined);
    (await writing)[Symbol.dispose]();
  });

  test("take a signal", async () => {
    const lock = new RwLock(0);
    const token = new CancellationToken();
    const writer = await lock.write({ signal: token });
    const parked = [lock.read({ signal: token }), lock.write({ signal: token })];
    token.cancel();
    for (const each of parked) await expect(each).rejects.toThrow(CancelledError);
    writer[Symbol.dispose]();
    await expect(lock.read({ signal: token })).rejects.toThrow(CancelledError);
    expect(lock.tryWrite()).not.toBe(undefined);
  });

  test("withRead and withWrite hold the lock for as long as the body runs", async () => {
    await virtual(async (clock) => {
      const lock = new RwLock<string[]>([]);
      const reads = [1, 2].map(() => lock.withRead(() => sleep(10)));
      const writes = [1, 2].map((i) =>
        lock.withWrite(async (guard) => {
          await sleep(10);
          guard.value = [...guard.value, `writer ${i} at ${clock.elapsed}`];
        }),
      );
      await Promise.all([...reads, ...writes]);
      expect(await lock.withRead((guard) => guard.value)).toEqual(["writer 1 at 20", "writer 2 at 30"]);
      const task = spawn(function* () {
        return yield* holding(read(lock), (guard) => guard.value.length);
      });
      expect(await task).toBe(2);
    });
  });

  test("what is no lock is refused", () => {
    expect(() => read({} as never)).toThrow("lock must be a RwLock, not an object");
    expect(() => write(null as never)).toThrow(TypeError);
    expect(() => new RwLock(0).withRead(1 as never)).toThrow(TypeError);
    expect(() => new RwLock(0).withWrite(1 as never)).toThrow(TypeError);
  });
});

test("writers do not starve under a stream of readers, nor readers under writers", async () => {
  const lock = new RwLock(0);
  let reads = 0;
  let stop = false;
  const reader = function* () {
    while (!stop) {
      using _ = yield* read(lock);
      reads++;
      yield* yieldNow();
    }
  };
  const readers = Array.from({ length: 10 }, () => spawn(reader));
  const writers = Array.from({ length: 3 }, () =>
    spawn(function* () {
      for (let i = 0; i < 20; i++) {
        const before = reads;
        using guard = yield* write(lock);
        // Only the ten that were in front of it can have read meanwhile.
        expect(reads - before).toBeLessThanOrEqual(40);
        guard.value++;
      }
    }),
  );
  for (const writer of writers) await writer;
  stop = true;
  for (const task of readers) await task;
  expect(await lock.withRead((guard) => guard.value)).toBe(60);
  expect(reads).toBeGreaterThan(60);
});

test("a lost select and a timeout leave the queue to those behind", async () => {
  await virtual(async () => {
    const lock = new RwLock(0);
    const reader = await lock.read();
    const writing = timeout(10, write(lock)).then(String, (error) => (error as Error).name);
    const behind = lock.read();
    expect(await writing).toBe("TimeoutError");
    (await behind)[Symbol.dispose]();
    const both = spawn(async () => await select({ write: write(lock), late: sleep(5) }));
    await sleep(1);
    const last = lock.read();
    expect((await both).key).toBe("late");
    (await last)[Symbol.dispose]();
    reader[Symbol.dispose]();
    expect(lock.tryWrite()).not.toBe(undefined);
  });
});

test("requests that operations delegate to are admitted", async () => {
  const rw = new RwLock(0);
  const held = await rw.write();
  const waits = [new Delegate(read(rw)).then(), new Delegate(read(rw)).then(), new Delegate(write(rw)).then()];
  held[Symbol.dispose]();
  for (const wait of waits) (await wait)[Symbol.dispose]();
  expect(rw.tryWrite()).not.toBe(undefined);
});
