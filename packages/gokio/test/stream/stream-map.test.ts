/** Streams by key, pulled as one. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { ClosedError, MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { StreamMap } from "../../src/stream/stream-map.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const END = { done: true, value: undefined };

async function take<T>(from: { recv(): Promise<T> }, count: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < count) items.push(await from.recv());
  return items;
}

async function* every(ms: number, name = "tick"): AsyncGenerator<string, void> {
  for (;;) {
    await sleep(ms);
    yield name;
  }
}

describe.each(drivers)("a StreamMap through $name", ({ drive, start }) => {
  test("gives each stream its turn, and takes out those that end", async () => {
    const map = new StreamMap<string, number>();
    map.insert("a", [1, 2, 3]);
    map.insert("b", [10]);
    map.insert("c", [100, 200]);
    const seen: unknown[] = [];
    for (let i = 0; i < 6; i++) seen.push((await drive(next(map))).value);
    expect(seen.toSorted()).toEqual([
      ["a", 1],
      ["a", 2],
      ["a", 3],
      ["b", 10],
      ["c", 100],
      ["c", 200],
    ]);
    expect(await drive(next(map))).toEqual(END);
    expect([map.size, [...map.keys()]]).toEqual([0, []]);
    await expect(drive(recv(map))).rejects.toThrow(ClosedError);
  });

  test("goes on after its end, when something is put in", async () => {
    const map = new StreamMap<string, number>();
    expect(await drive(next(map))).toEqual(END);
    map.insert("a", [1]);
    expect(await drive(recv(map))).toEqual(["a", 1]);
    expect(await drive(next(map))).toEqual(END);
  });

  test("asks a stream that is put in while somebody waits, and not one that is taken out", async () => {
    const map = new StreamMap<string, number>();
    const [a, b] = [chan<number>(), chan<number>()];
    map.insert("a", a);
    const first = start(recv(map));
    await turn();
    map.insert("b", b);
    await turn();
    const rest = map.remove("a") as Stream<number>;
    await turn();
    expect(a.trySend(1)).toBe(false);
    await b.send(2);
    expect(await first.end).toEqual({ status: "ok", value: ["b", 2] });
    const last = start(next(map));
    await turn();
    await map.remove("b")?.close();
    expect(await last.end).toEqual({ status: "ok", value: END });
    const pull = rest.recv();
    await a.send(3);
    expect(await pull).toBe(3);
    await rest.close();
  });

  test("a cancelled pull has taken nothing from any", async () => {
    const map = new StreamMap<string, number>();
    const channels = { a: chan<number>(), b: chan<number>() };
    for (const [key, ch] of Object.entries(channels)) map.insert(key, ch);
    const pull = start(recv(map));
    await turn();
    pull.cancel();
    await pull.end;
    expect(channels.a.trySend(1)).toBe(false);
    expect(channels.b.trySend(1)).toBe(false);
    await map.close();
  });

  test("the error of a stream reaches one pull, and the others go on", async () => {
    const map = new StreamMap<string, number>();
    const ch = chan<number>();
    map.insert("bad", [1, 2]);
    map.insert(
      "worse",
      Stream.from([1]).map((): number => {
        throw new ClosedError("something else");
      }),
    );
    map.insert("ch", ch);
    const outcomes: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      outcomes.push(
        await drive(next(map)).then(
          (item) => item.value,
          (error) => error.message,
        ),
      );
    }
    expect(outcomes).toContain("something else is closed");
    expect(map.has("worse")).toBe(false);
    const pull = start(next(map));
    await turn();
    await ch.send(5);
    expect(await pull.end).toEqual({ status: "ok", value: { done: false, value: ["ch", 5] } });
    ch.close();
    expect(await drive(next(map))).toEqual(END);
  });

  test("receivers are served in order, and told the end together", async () => {
    const map = new StreamMap<string, number>();
    const ch = chan<number>(4);
    map.insert("a", ch);
    const pulls = [start(next(map)), start(next(map)), start(next(map))];
    await turn();
    for (const n of [1, 2]) await ch.send(n);
    await turn();
    ch.close();
    expect(await Promise.all(pulls.map(({ end }) => end))).toEqual([
      { status: "ok", value: { done: false, value: ["a", 1] } },
      { status: "ok", value: { done: false, value: ["a", 2] } },
      { status: "ok", value: END },
    ]);
  });
});

describe("a StreamMap", () => {
  test("is fair to streams that always have an item at hand, in strict turns", async () => {
    const map = new StreamMap<string, number>();
    for (const key of ["a", "b", "c"]) map.insert(key, Stream.range(0));
    expect((await take(map, 7)).map(([key, n]) => key + n)).toEqual(["a0", "b0", "c0", "a1", "b1", "c1", "a2"]);
    await map.close();
  });

  test("one that always has an item at hand keeps no async one from its turns", () =>
    virtual(async () => {
      const map = new StreamMap<string, unknown>();
      map.insert("busy", Stream.repeat(0));
      map.insert("slow", every(5));
      let slow = 0;
      for (let pulled = 0; slow < 3; pulled++) {
        const [key] = await map.recv();
        if (key === "slow") slow++;
        if (pulled % 4 === 0) await sleep(1);
        expect(pulled).toBeLessThan(200);
      }
      await map.close();
    }));

  test("gives items as they come", () =>
    virtual(async (clock) => {
      const map = new StreamMap<string, string>();
      map.insert("five", every(5, "five"));
      map.insert("seven", every(7, "seven"));
      const seen: string[] = [];
      for await (const [key, name] of map) {
        expect(name).toBe(key);
        seen.push(`${key} ${clock.elapsed}`);
        if (seen.length === 5) break;
      }
      // Each sleeps from when it is asked on.
      expect(seen).toEqual(["five 5", "seven 7", "five 10", "seven 14", "five 15"]);
      expect(map.size).toBe(2);
      await map.close();
    }));

  test("asks nothing of anybody before it is asked, and one item of each then", async () => {
    const pulled = [0, 0];
    const counting = (index: number) => Stream.range(0).inspect(() => void (pulled[index] = (pulled[index] ?? 0) + 1));
    const map = new StreamMap<number, number>();
    map.insert(0, counting(0));
    map.insert(1, counting(1));
    await turn();
    expect(pulled).toEqual([0, 0]);
    await map.recv();
    expect(pulled).toEqual([1, 0]);
    await select({ item: recv(map) });
    await turn();
    expect(Math.max(...pulled)).toBeLessThanOrEqual(2);
    await map.close();
  });

  test("a pull that loses a select is kept", () =>
    virtual(async () => {
      const map = new StreamMap<string, string>();
      map.insert("a", every(10));
      for (let i = 0; i < 3; i++) expect((await select({ item: recv(map), late: sleep(3) })).key).toBe("late");
      await sleep(10);
      expect((await select({ item: recv(map), late: sleep(3) })).key).toBe("item");
      await map.close();
    }));

  test("gives back the stream it had, which goes on where it was", async () => {
    const map = new StreamMap<string, number>();
    expect(map.insert("a", Stream.range(0))).toBe(undefined);
    expect(await map.recv()).toEqual(["a", 0]);
    const before = map.insert("a", Stream.range(10)) as Stream<number>;
    expect(await before.recv()).toBe(1);
    expect(await map.recv()).toEqual(["a", 10]);
    map.insert("b", before);
    expect((await take(map, 2)).toSorted()).toEqual([
      ["a", 11],
      ["b", 2],
    ]);
    expect(map.remove("c")).toBe(undefined);
    await map.close();
  });

  test("is no child of the task that pulls it first", () =>
    virtual(async () => {
      const map = new StreamMap<string, string>();
      map.insert("a", every(10));
      const task = spawn(function* () {
        for (;;) yield* recv(map);
      });
      await sleep(15);
      task.abort();
      expect(await map.recv()).toEqual(["a", "tick"]);
      const items = Stream.from(map).take(2);
      expect(await items.toArray()).toHaveLength(2);
      expect(map.size).toBe(1);
      await map.close();
    }));

  test("close closes every stream, and throws what cleanup threw", () =>
    virtual(async (clock) => {
      const map = new StreamMap<string, number>();
      const failing = (ms: number) =>
        Stream.from(async function* () {
          try {
            yield 1;
            yield 2;
          } finally {
            await sleep(ms);
            throw new Error(`cleanup ${ms}`);
          }
        });
      for (const ms of [5, 10]) map.insert(`${ms}`, failing(ms));
      await take(map, 2);
      const error = await map.close().catch((error) => error);
      expect(clock.elapsed).toBe(10);
      expect(error).toBeInstanceOf(AggregateError);
      expect(error.errors.map((each: Error) => each.message)).toEqual(["cleanup 5", "cleanup 10"]);
      await map.close();
    }));

  test("close tells who waits", async () => {
    const map = new StreamMap<string, number>();
    map.insert("a", chan<number>());
    const [pull, next] = [map.recv(), map.next()];
    const refused = expect(pull).rejects.toThrow(ClosedError);
    await turn();
    await map.close();
    await refused;
    expect(await next).toEqual(END);
  });

  test("await using closes it, in a task that was aborted, too", () =>
    virtual(async () => {
      const log: string[] = [];
      const task = spawn(async () => {
        await using map = new StreamMap<string, string>();
        map.insert(
          "a",
          Stream.from(every(5)).onCancel(() => log.push("closed")),
        );
        await map.recv();
        await map.recv();
        log.push("not reached");
      });
      await sleep(7);
      task.abort();
      await task.settled();
      expect(log).toEqual(["closed"]);
    }));

  test("code of a stream may put in and take out", async () => {
    const map = new StreamMap<string, number>();
    map.insert(
      "a",
      Stream.range(0, 2).inspect((n) => {
        if (n === 0) map.insert("b", [10]);
        else void map.remove("a")?.close();
      }),
    );
    const seen: unknown[] = [];
    for await (const item of map) seen.push(item);
    expect(seen).toEqual([
      ["a", 0],
      ["b", 10],
    ]);
  });

  test("refuses what is no stream, and a stream that was given away", async () => {
    const map = new StreamMap<string, number>();
    map.insert("a", [1]);
    expect(() => map.insert("a", 7 as never)).toThrow(TypeError);
    const given = Stream.from([1]);
    given.map((n) => n);
    expect(() => map.insert("a", given)).toThrow(MisuseError);
    expect(await map.recv()).toEqual(["a", 1]);
  });

  test("ten thousand streams are read to their ends", async () => {
    const map = new StreamMap<number, number>();
    for (let i = 0; i < 2_000; i++) map.insert(i, [i, i]);
    let sum = 0;
    for await (const [key, n] of map) {
      expect(n).toBe(key);
      sum += n;
    }
    expect(sum).toBe(2 * 1_999_000);
  });
});
