import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { Stream } from "../../src/stream/stream.ts";
import { count, every, find, first, forEach, last, reduce, some, toArray, toMap } from "../../src/stream/terminals.ts";
import { drivers } from "../support/drivers.ts";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import {
  type Chain,
  CONSUMERS,
  chains,
  expected,
  FLAVOURS,
  type Flavour,
  flavoured,
  itemLists,
  Journal,
  SOURCES,
  STAGES,
  type Step,
  streamOf,
} from "./chains.ts";

const sources = fc.constantFrom(...SOURCES);
const flavours = fc.constantFrom(...FLAVOURS);

/** What comes out of a stream of `source`, by a consumer of its choice. */
async function itemsBy(consumer: number, chain: Chain): Promise<number[]> {
  const journal = new Journal();
  const consumed = CONSUMERS[consumer % CONSUMERS.length] as (typeof CONSUMERS)[number];
  await consumed.consume(streamOf(chain, journal), journal, Number.POSITIVE_INFINITY);
  journal.end();
  expect(journal.lines.at(-1)).toBe("end");
  return journal.items;
}

describe("stages give what generators give", () => {
  test.each(STAGES)(
    "%s",
    (kind) =>
      fc.assert(
        fc.asyncProperty(sources, itemLists, fc.nat(4), flavours, fc.nat(), (source, items, n, flavour, consumer) =>
          virtual(async () => {
            const steps: Step[] = [{ kind, n, flavour, inner: "array" }];
            const chain: Chain = { source, items, steps };
            expect(await itemsBy(consumer, chain)).toEqual(expected(chain).items);
          }),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );

  test(
    "any chain of them",
    () =>
      fc.assert(
        fc.asyncProperty(chains(7), fc.nat(), (chain, consumer) =>
          virtual(async () => {
            expect(await itemsBy(consumer, chain)).toEqual(expected(chain).items);
          }),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );

  test(
    "a chain that is continued after it has been pulled",
    () =>
      fc.assert(
        fc.asyncProperty(chains(3), fc.nat(3), (chain, pulls) =>
          virtual(async () => {
            const journal = new Journal();
            const stream = streamOf(chain, journal);
            const items: number[] = [];
            for (let i = 0; i < pulls; i++) {
              const item = await stream.next();
              if (item.done !== true) items.push(item.value);
            }
            items.push(...(await stream.map((x) => x).toArray()));
            expect(items).toEqual(expected(chain).items);
            journal.end();
          }),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );
});

describe("several streams", () => {
  const several = fc.array(chains(2), { minLength: 1, maxLength: 4 });

  const made = (list: readonly Chain[], journal: Journal): [Stream<number>, ...Stream<number>[]] =>
    list.map((chain) => streamOf(chain, journal)) as [Stream<number>, ...Stream<number>[]];

  /** Runs `body` with the streams of `list` and what they give. */
  const check = (body: (streams: [Stream<number>, ...Stream<number>[]], items: number[][]) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(several, (list) =>
        virtual(async () => {
          const journal = new Journal();
          await body(
            made(list, journal),
            list.map((chain) => expected(chain).items),
          );
          expect(journal.closings).toEqual(journal.beginnings.map((line) => `${line.slice(0, -1)}-`));
          journal.end();
        }),
      ),
      { numRuns: 100 },
    );

  test(
    "chain: one after the other",
    () =>
      check(async ([stream, ...others], items) => {
        expect(await stream.chain(...others).toArray()).toEqual(items.flat());
      }),
    HEAVY,
  );

  test(
    "merge: all of them, those of each in order",
    () =>
      check(async (streams, items) => {
        const [stream, ...others] = streams.map((each, of) => each.map((item) => ({ of, item })));
        const merged = await (stream as Stream<{ of: number; item: number }>).merge(...others).toArray();
        for (const [of, list] of items.entries()) {
          expect(merged.filter((each) => each.of === of).map(({ item }) => item)).toEqual(list);
        }
        expect(merged).toHaveLength(items.flat().length);
      }),
    HEAVY,
  );

  test(
    "zip: rows, as many as the shortest has",
    () =>
      check(async ([stream, ...others], items) => {
        const rows = Math.min(...items.map((list) => list.length));
        const wanted = Array.from({ length: rows }, (_, row) => items.map((list) => list[row]));
        expect(await stream.zip(...others).toArray()).toEqual(wanted);
      }),
    HEAVY,
  );

  test(
    "combineLatest: each row has one more item of one stream, from the first of each to the last of each",
    () =>
      check(async ([stream, ...others], items) => {
        // Items that tell where they stand.
        const numbered = [stream, ...others].map((each) => each.enumerate().map(([at]) => at));
        const [one, ...more] = numbered as [Stream<number>, ...Stream<number>[]];
        const rows: number[][] = await one.combineLatest(...more).toArray();
        if (items.some((list) => list.length === 0)) {
          expect(rows).toEqual([]);
          return;
        }
        expect(rows.at(-1)).toEqual(items.map((list) => list.length - 1));
        for (const [i, row] of rows.entries()) {
          const steps = row.map((at, of) => at - (rows[i - 1]?.[of] ?? at));
          expect(steps.filter((step) => step !== 0)).toEqual(i === 0 ? [] : [1]);
        }
      }),
    HEAVY,
  );

  test(
    "takeUntil: what comes before the cancellation, and then the end",
    () =>
      fc.assert(
        fc.asyncProperty(chains(3), fc.nat(8), (chain, after) =>
          virtual(async () => {
            const journal = new Journal();
            const token = new CancellationToken();
            const items: number[] = [];
            if (after === 0) token.cancel();
            for await (const item of streamOf(chain, journal).takeUntil(token)) {
              items.push(item);
              if (items.length === after) token.cancel();
            }
            expect(items).toEqual(expected(chain).items.slice(0, after));
            expect(journal.closings).toEqual(journal.beginnings.map((line) => `${line.slice(0, -1)}-`));
            journal.end();
          }),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );

  test(
    "retry: the items of each attempt up to its failure, and catch: those of the other after them",
    () =>
      fc.assert(
        fc.asyncProperty(itemLists, fc.array(fc.nat(8), { maxLength: 4 }), flavours, async (items, failures, flavour) =>
          virtual(async () => {
            let attempt = 0;
            const failing = (): Stream<number> => {
              const until = failures[attempt++];
              return Stream.from(items).map(
                flavoured(flavour, (item: number, index: number) => {
                  if (index === until) throw new Error("down");
                  return item;
                }),
              );
            };
            const wanted: number[] = [];
            let isDown = true;
            // The attempts are counted anew after an item: two failures without one in between are one too many.
            for (let left = 2, at = 0; left > 0; at++) {
              const until = failures[at] ?? items.length;
              wanted.push(...items.slice(0, until));
              isDown = until < items.length;
              if (!isDown) break;
              left = until > 0 ? 1 : left - 1;
            }
            const retried = Stream.from(failing).retry({ attempts: 2, backoff: { base: 1 } });
            const caught = retried.catch((error) => {
              expect((error as Error).message).toBe("down");
              return [-1, -2];
            });
            expect(await caught.toArray()).toEqual(isDown ? [...wanted, -1, -2] : wanted);
          }),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );
});

describe.each(drivers)("to one value, through $name", ({ drive }) => {
  /** The operation's value is that of the array. */
  const check = <R>(
    operation: (stream: Stream<number>, flavour: Flavour) => Operation<R>,
    plain: (items: number[]) => unknown,
  ): Promise<void> =>
    fc.assert(
      fc.asyncProperty(chains(2), flavours, (chain, flavour) =>
        virtual(async () => {
          const journal = new Journal();
          expect(await drive(operation(streamOf(chain, journal), flavour))).toEqual(plain(expected(chain).items));
          expect(journal.closings).toEqual(journal.beginnings.map((line) => `${line.slice(0, -1)}-`));
          journal.end();
        }),
      ),
      { numRuns: 40 },
    );
  const isBig = (item: number): boolean => item > 9;

  test(
    "toArray",
    () =>
      check(
        (stream) => toArray(stream),
        (items) => items,
      ),
    HEAVY,
  );
  test(
    "reduce, with the index",
    () =>
      check(
        (stream, flavour) =>
          reduce(
            stream,
            flavoured(flavour, (sum: number, item: number, i: number) => sum * 3 + item + i),
            1,
          ),
        (items) => items.reduce((sum, item, i) => sum * 3 + item + i, 1),
      ),
    HEAVY,
  );
  test(
    "forEach",
    () => {
      let seen: number[] = [];
      return check(
        (stream, flavour) => {
          const list: number[] = [];
          seen = list;
          return forEach(
            stream,
            flavoured(flavour, (item: number, i: number) => list.push(item, i)),
          );
        },
        (items) => {
          expect(seen).toEqual(items.flatMap((item, i) => [item, i]));
          return undefined;
        },
      );
    },
    HEAVY,
  );
  test(
    "first and last",
    async () => {
      await check(
        (stream) => first(stream),
        (items) => items[0],
      );
      await check(
        (stream) => last(stream),
        (items) => items.at(-1),
      );
    },
    HEAVY,
  );
  test(
    "count",
    () =>
      check(
        (stream) => count(stream),
        (items) => items.length,
      ),
    HEAVY,
  );
  test(
    "some, every and find",
    async () => {
      await check(
        (stream, flavour) => some(stream, flavoured(flavour, isBig)),
        (items) => items.some(isBig),
      );
      await check(
        (stream, flavour) => every(stream, flavoured(flavour, isBig)),
        (items) => items.every(isBig),
      );
      await check(
        (stream, flavour) => find(stream, flavoured(flavour, isBig)),
        (items) => items.find(isBig),
      );
    },
    HEAVY,
  );
  test(
    "toMap: the last of each key",
    () =>
      check(
        (stream, flavour) =>
          toMap(
            stream,
            flavoured(flavour, (item: number) => item % 4),
          ),
        (items) => new Map(items.map((item) => [item % 4, item])),
      ),
    HEAVY,
  );
});

test("the methods start what the functions of the same name do", () =>
  virtual(async () => {
    const four = (): Stream<number> => Stream.range(1, 5);
    expect(await four().toArray()).toEqual([1, 2, 3, 4]);
    expect(await four().reduce((sum, n) => sum + n, 10)).toBe(20);
    const seen: number[] = [];
    await four().forEach((n) => void seen.push(n));
    expect(seen).toEqual([1, 2, 3, 4]);
    expect([await four().first(), await four().last(), await four().count()]).toEqual([1, 4, 4]);
    expect([await four().some((n) => n > 3), await four().every((n) => n > 3)]).toEqual([true, false]);
    expect(await four().find((n) => n > 2)).toBe(3);
    expect(await four().toMap((n) => n % 2)).toEqual(
      new Map([
        [1, 3],
        [0, 4],
      ]),
    );
  }));

test("an item that is asked for by nobody else is taken by one only: first, find, some and every stop there", () =>
  virtual(async () => {
    for (const stop of [
      (stream: Stream<number>) => stream.first(),
      (stream: Stream<number>) => stream.find((n) => n === 0),
      (stream: Stream<number>) => stream.some((n) => n === 0),
      (stream: Stream<number>) => stream.every((n) => n !== 0),
    ]) {
      const made: number[] = [];
      await stop(Stream.range(0).inspect((n) => made.push(n)));
      expect(made).toEqual([0]);
    }
  }));
