/** Looking at the next item of a stream. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { peek } from "../../src/stream/ops/peekable.ts";
import { Stream } from "../../src/stream/stream.ts";
import { sleep } from "../../src/time/sleep.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const END = { done: true, value: undefined };

describe.each(drivers)("peek through $name", ({ drive, start }) => {
  test("takes nothing", async () => {
    const seen: number[] = [];
    const items = Stream.from([1, 2])
      .inspect((n) => seen.push(n))
      .peekable();
    expect(await drive(peek(items))).toEqual({ done: false, value: 1 });
    expect(await drive(peek(items))).toEqual({ done: false, value: 1 });
    expect(seen).toEqual([1]);
    expect(await items.toArray()).toEqual([1, 2]);
  });

  test("tells the end", async () => {
    const items = Stream.from([] as number[]).peekable();
    expect(await drive(peek(items))).toEqual(END);
    expect(await drive(peek(items))).toEqual(END);
  });

  test("tells of an error, once", async () => {
    const items = Stream.from([1])
      .map((): number => {
        throw new Error("one");
      })
      .peekable();
    await expect(drive(peek(items))).rejects.toThrow("one");
    expect(await items.next()).toEqual(END);
  });

  test("waits with those who pull, and sees what they get", async () => {
    const ch = chan<number>();
    const items = Stream.from(ch).peekable();
    const before = items.peek();
    const looks = [start(peek(items)), start(peek(items))];
    const pulls = [items.recv(), items.recv()];
    await turn();
    await ch.send(7);
    expect(await before).toEqual({ done: false, value: 7 });
    expect(await Promise.all(looks.map(({ end }) => end))).toEqual([
      { status: "ok", value: { done: false, value: 7 } },
      { status: "ok", value: { done: false, value: 7 } },
    ]);
    expect(await pulls[0]).toBe(7);
    const last = start(peek(items));
    await turn();
    ch.close();
    await expect(pulls[1]).rejects.toThrow(ClosedError);
    expect(await last.end).toEqual({ status: "ok", value: END });
  });

  test("a cancelled one leaves nothing behind", async () => {
    const ch = chan<number>();
    const items = Stream.from(ch).peekable();
    // So that the stream is nobody's.
    await items.tryRecv();
    const look = start(peek(items));
    await turn();
    look.cancel();
    await look.end;
    expect(ch.trySend(1)).toBe(false);
    const pull = items.recv();
    await turn();
    expect(ch.trySend(2)).toBe(true);
    expect(await pull).toBe(2);
    await items.close();
  });
});

describe("a peekable stream", () => {
  test("keeps an item that came for a peek that lost", () =>
    virtual(async () => {
      const items = Stream.from(async function* () {
        await sleep(5);
        yield 1;
      }).peekable();
      expect((await select({ item: peek(items), late: sleep(3) })).key).toBe("late");
      await sleep(10);
      expect(await items.peek()).toEqual({ done: false, value: 1 });
      expect((await select({ item: recv(items), late: sleep(3) })).key).toBe("item");
      await items.close();
    }));

  test("goes on, after a peek, in another stream", async () => {
    const items = Stream.range(0, 4).peekable();
    await items.peek();
    expect(await items.map((n) => n * 2).toArray()).toEqual([0, 2, 4, 6]);
  });

  test("an error that wakes a peek and a pull reaches the pull, and the peek is told the end", () =>
    virtual(async () => {
      const ch = chan<number>();
      const items = Stream.from(ch)
        .map((): number => {
          throw new Error("bad");
        })
        .peekable();
      const looks = [items.peek(), items.peek()];
      const pull = items.recv();
      await sleep(1);
      const failed = expect(pull).rejects.toThrow("bad");
      await ch.send(1);
      await failed;
      expect(await Promise.all(looks)).toEqual([END, END]);
    }));

  test("an error that wakes peeks reaches the first", () =>
    virtual(async () => {
      const ch = chan<number>();
      const items = Stream.from(ch)
        .map((): number => {
          throw new Error("bad");
        })
        .peekable();
      const looks = Promise.allSettled([items.peek(), items.peek()]);
      await sleep(1);
      await ch.send(1);
      expect((await looks).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    }));

  test("refuses what cannot be peeked at", () => {
    expect(() => peek(Stream.from([1]) as never)).toThrow(TypeError);
    expect(() => peek(undefined as never)).toThrow(TypeError);
  });

  test("gives what the array gives, wherever one peeks", async () => {
    const script = fc.array(fc.constantFrom("peek", "pull", "look and cancel"), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), script, fc.boolean(), async (array, script, isAsync) => {
        const asynchronous = async function* () {
          yield* array;
        };
        const items = Stream.from(isAsync ? asynchronous() : array).peekable();
        let at = 0;
        for (const step of script) {
          const expected = at < array.length ? { done: false, value: array[at] } : END;
          if (step === "look and cancel") {
            const look: Driven<unknown> = (drivers[2] as (typeof drivers)[2]).start(peek(items));
            look.cancel();
            await look.end;
          } else {
            expect(await (step === "peek" ? items.peek() : items.next())).toEqual(expected);
            if (step === "pull") at++;
          }
        }
        await items.close();
      }),
      { numRuns: 200, seed: 7020 },
    );
  });
});
