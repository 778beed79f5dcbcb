/** The StreamMap against a naive one, under random pulls, cancellations, insertions, removals, items, ends and errors. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Chan, chan } from "../../src/chan/chan.ts";
import { next } from "../../src/chan/ends.ts";
import { Stream } from "../../src/stream/stream.ts";
import { StreamMap } from "../../src/stream/stream-map.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { HEAVY, turn } from "../support/turns.ts";

const KEYS = 4;
type Item = number | "error";
type Pull = Driven<IteratorResult<[number, number], undefined>>;

/** A stream that is fed by hand. */
interface Feed {
  readonly channel: Chan<Item>;
  /** What was put in and not taken out. */
  left: Item[];
  isEnded: boolean;
}

const key = fc.nat(KEYS - 1);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant("pull" as const), driver: fc.nat(drivers.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("cancel" as const), which: fc.nat(99) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("insert" as const), key }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("remove" as const), key }) },
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant("feed" as const), key, count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("end" as const), key }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("fail" as const), key }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/**
 * The reference: which stream a pull is served by is not said, but it has to be one that had an item, and that item its next. Turns are the business of
 * the tests beside this one.
 */
async function run(steps: readonly Step[], paths: Paths): Promise<void> {
  const map = new StreamMap<number, number>();
  const feeds = new Map<number, Feed>();
  const pulls: Pull[] = [];
  const seen = new Set<Pull>();
  let fed = 0;

  const settle = (): void => {
    for (const pull of pulls) {
      if (pull.ended === undefined || seen.has(pull)) continue;
      seen.add(pull);
      if (pull.ended.status === "cancelled") continue;
      if (pull.ended.status === "failed") {
        const failed = [...feeds].find(([, feed]) => feed.left[0] === "error");
        expect(failed).not.toBe(undefined);
        feeds.delete((failed as [number, Feed])[0]);
      } else if (pull.ended.value.done !== true) {
        const [key, item] = pull.ended.value.value;
        expect(feeds.get(key)?.left.shift()).toBe(item);
      } else expect([...feeds.values()].filter(({ left, isEnded }) => left.length > 0 || !isEnded)).toEqual([]);
    }
    const isWaiting = pulls.some(({ ended }) => ended === undefined);
    // Nobody waits for what is there, nor for what never comes.
    const open = [...feeds.values()].filter(({ left, isEnded }) => left.length > 0 || !isEnded);
    if (isWaiting) {
      expect(open.length).toBeGreaterThan(0);
      expect(open.every(({ left }) => left.length === 0)).toBe(true);
      expect(map.size).toBe(open.length);
    }
    for (const key of map.keys()) expect(feeds.has(key)).toBe(true);
    for (const [key, { left, isEnded }] of feeds) if (left.length > 0 || !isEnded) expect(map.has(key)).toBe(true);
  };

  for (const each of steps) {
    const feed = "key" in each ? feeds.get(each.key) : undefined;
    if (each.what === "pull")
      pulls.push(await paths.watch((drivers[each.driver] as (typeof drivers)[0]).start(next(map))));
    else if (each.what === "cancel") pulls[each.which % Math.max(1, pulls.length)]?.cancel();
    else if (each.what === "insert") {
      const channel = chan<Item>(100);
      const stream = Stream.from(channel).map((item) => {
        if (item === "error") throw new Error("failed");
        return item;
      });
      void map.insert(each.key, stream)?.close();
      feeds.set(each.key, { channel, left: [], isEnded: false });
    } else if (each.what === "remove") {
      void map.remove(each.key)?.close();
      feeds.delete(each.key);
    } else if (feed !== undefined && !feed.isEnded) {
      const items: Item[] = each.what === "feed" ? Array.from({ length: each.count }, () => fed++) : [];
      if (each.what === "fail") items.push("error");
      for (const item of items) expect(feed.channel.trySend(item)).toBe(true);
      feed.left.push(...items);
      feed.isEnded = each.what !== "feed";
      if (feed.isEnded) feed.channel.close();
    }
    await turn();
    settle();
  }
  for (const pull of pulls) pull.cancel();
  await Promise.all(pulls.map((pull) => pull.end));
  // One may have failed without having been asked again.
  await map.close().catch(() => {});
}

test(
  "the StreamMap does what the naive one does",
  async () => {
    const paths = new Paths();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), (steps) => run(steps, paths)),
      { numRuns: 400, seed: 7030 },
    );
    paths.expectSeen("ready", "parked", "handedOver", "cancelled", "failed");
  },
  HEAVY,
);
