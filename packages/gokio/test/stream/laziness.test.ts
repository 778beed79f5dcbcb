import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import {
  type Chain,
  CONSUMERS,
  type Consumer,
  chains,
  expected,
  FLAVOURS,
  Journal,
  SOURCES,
  STAGES,
  type Step,
  sourceOf,
  streamOf,
} from "./chains.ts";

/** The stream's journal is that of generators. */
async function compare(chain: Chain, consumer: Consumer, most = Number.POSITIVE_INFINITY): Promise<void> {
  await virtual(async () => {
    const journal = new Journal();
    const stream = streamOf(chain, journal);
    expect(journal.lines, "before the first pull").toEqual([]);
    if (most > 0) await consumer.consume(stream, journal, most);
    else await stream.close();
    journal.end();
    const wanted = expected(chain, most);
    expect(journal.lines).toEqual(wanted.lines);
    expect(journal.items).toEqual(wanted.items);
  });
}

describe("nobody can tell that items go through in batches", () => {
  const items = [1, 4, 2, 2, 9, 6, 3, 8, 5, 7];

  test.each(STAGES)(
    "%s: every call, item and finally, in the order of one item pulled at a time",
    async (kind) => {
      for (const flavour of FLAVOURS) {
        for (const n of [0, 1, 3]) {
          for (const inner of ["array", "generator", "stream", "async generator", "maker"] as const) {
            if (inner !== "array" && kind !== "flatMap" && kind !== "flatten") continue;
            const steps: Step[] = [{ kind, n, flavour, inner }];
            for (const source of ["generator", "async generator function"] as const) {
              for (const consumer of CONSUMERS) await compare({ source, items, steps }, consumer);
            }
          }
        }
      }
    },
    HEAVY,
  );

  test.each(CONSUMERS)(
    "any chain, with $name",
    (consumer) =>
      fc.assert(
        fc.asyncProperty(chains(), fc.option(fc.nat(6), { nil: undefined }), (chain, most) =>
          compare(chain, consumer, most),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );

  test(
    "any long chain of synchronous functions",
    () =>
      fc.assert(
        fc.asyncProperty(chains(12, ["sync"]), fc.constantFrom(...CONSUMERS), (chain, consumer) =>
          compare(chain, consumer),
        ),
        { numRuns: 100 },
      ),
    HEAVY,
  );
});

describe("nothing before it is asked for", () => {
  test.each(SOURCES)("a %s is asked for one item by one pull", (source) =>
    virtual(async () => {
      const journal = new Journal();
      const chain: Chain = { source, items: [1, 2, 3], steps: [] };
      const stream = sourceOf(chain, journal);
      const wanted = expected({ ...chain, source: source }, 1).lines;
      expect(journal.lines).toEqual([]);
      journal.got((await stream.next()).value as number);
      expect(journal.lines).toEqual(wanted.filter((line) => line !== "S-"));
      await stream.close();
      const end = await stream.next();
      expect(end).toEqual({ done: true, value: undefined });
      journal.end();
    }),
  );

  test("a stream that was never pulled makes nothing when it is closed", () =>
    virtual(async () => {
      const journal = new Journal();
      for (const source of SOURCES) {
        const step: Step = { kind: "map", n: 0, flavour: "sync", inner: "array" };
        await streamOf({ source, items: [1], steps: [step] }, journal).close();
      }
      expect(journal.lines).toEqual([]);
      journal.end();
    }));

  test("take asks for nothing after its last item, and closes at the pull after that", () =>
    virtual(async () => {
      const journal = new Journal();
      const stream = streamOf(
        { source: "generator", items: [1, 2, 3], steps: [{ kind: "take", n: 2, flavour: "sync", inner: "array" }] },
        journal,
      );
      await stream.next();
      await stream.next();
      expect(journal.lines).toEqual(["S+", "-1:1", "-1:2"]);
      expect((await stream.next()).done).toBe(true);
      expect(journal.lines).toEqual(["S+", "-1:1", "-1:2", "S-"]);
    }));
});
