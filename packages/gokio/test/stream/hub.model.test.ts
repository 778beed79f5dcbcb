/** Tee, share, partition and groupBy against a naive hub, under random pulls, cancellations, closes, items, ends and errors. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { Stream } from "../../src/stream/stream.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { HEAVY, turn } from "../support/turns.ts";

type Fate = "parked" | "cancelled" | "done" | "failed" | "cut" | number;
type Deal = (hub: NaiveHub, item: number) => void;

interface NaiveBranch {
  queue: number[];
  /** Pulls that wait, as indices of fates. */
  waiting: number[];
  isClosed: boolean;
  isCounted: boolean;
  /** Told by the next pull that finds the queue empty. */
  failure: "failed" | "cut" | undefined;
  isThrough: boolean;
}

/** Arrays, and no thought of how anything is waited for. */
class NaiveHub {
  readonly branches: NaiveBranch[] = [];
  readonly fates: Fate[] = [];
  readonly supply: (number | "end" | "error")[] = [];
  taken = 0;
  over: "end" | "error" | undefined;
  readonly #buffer: number;
  readonly #deal: Deal;

  constructor(buffer: number, deal: Deal) {
    this.#buffer = buffer;
    this.#deal = deal;
  }

  add(isCounted: boolean): NaiveBranch {
    const failure = this.over === "error" ? "failed" : undefined;
    const branch: NaiveBranch = { queue: [], waiting: [], isClosed: false, isCounted, failure, isThrough: false };
    this.branches.push(branch);
    return branch;
  }

  push(branch: NaiveBranch | undefined, item: number): void {
    if (branch === undefined || branch.isClosed) return;
    const pull = branch.waiting.shift();
    if (pull === undefined) branch.queue.push(item);
    else this.fates[pull] = item;
  }

  settle(): void {
    while (
      this.over === undefined &&
      this.supply.length > 0 &&
      this.branches.some((each) => each.waiting.length > 0) &&
      this.branches.every((each) => each.queue.length < this.#buffer)
    ) {
      const item = this.supply.shift() as number | "end" | "error";
      if (typeof item !== "number") this.end(item);
      else {
        this.taken++;
        this.#deal(this, item);
      }
    }
  }

  end(how: "end" | "error"): void {
    this.over = how;
    for (const branch of this.branches) {
      if (branch.isClosed) continue;
      if (how === "error") branch.failure = "failed";
      for (const pull of branch.waiting.splice(0)) this.fates[pull] = this.#outcome(branch);
    }
  }

  #outcome(branch: NaiveBranch): Fate {
    const fate = branch.isThrough ? "done" : (branch.failure ?? "done");
    branch.isThrough = true;
    return fate;
  }

  pull(branch: NaiveBranch): void {
    if (!branch.isClosed) branch.isCounted = true;
    const pull = this.fates.push("parked") - 1;
    if (branch.queue.length > 0) this.fates[pull] = branch.queue.shift() as number;
    else if (branch.isClosed || this.over !== undefined) this.fates[pull] = this.#outcome(branch);
    else branch.waiting.push(pull);
    this.settle();
  }

  cancel(pull: number): void {
    if (this.fates[pull] !== "parked") return;
    this.fates[pull] = "cancelled";
    for (const branch of this.branches) branch.waiting = branch.waiting.filter((each) => each !== pull);
  }

  close(branch: NaiveBranch): void {
    branch.isThrough = true;
    if (branch.isClosed) return;
    branch.isClosed = branch.isCounted = true;
    branch.queue = [];
    for (const pull of branch.waiting.splice(0)) this.fates[pull] = "done";
    if (!this.branches.some((each) => each.isCounted && !each.isClosed)) this.over ??= "end";
    this.settle();
  }

  cut(branch: NaiveBranch): void {
    branch.isClosed = true;
    branch.queue = [];
    branch.failure = "cut";
  }
}

function fateOf({ ended }: Driven<IteratorResult<unknown, undefined>>): Fate {
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return ended.error instanceof MisuseError ? "cut" : "failed";
  if (ended.value.done === true) return "done";
  const { value } = ended.value;
  // A group is told by its key.
  return Array.isArray(value) ? (value[0] as number) : (value as number);
}

type Kind = "channel" | "sync" | "async";

/** An upstream whose items are counted, and which counts how often it was closed. */
class Upstream {
  readonly channel = chan<number | "error">(1000);
  readonly stream: Stream<number>;
  taken = 0;
  started = 0;
  closed = 0;

  constructor(kind: Kind, supply: readonly (number | "end" | "error")[]) {
    const all = this.#all(supply);
    const asynchronous = async function* () {
      yield* all;
    };
    if (kind === "channel") {
      this.stream = Stream.from(this.channel).map((item) => this.#count(item));
    } else this.stream = Stream.from(kind === "sync" ? all : asynchronous());
  }

  #count(item: number | "error"): number {
    if (item === "error") throw new Error("upstream");
    this.taken++;
    return item;
  }

  *#all(supply: readonly (number | "end" | "error")[]): Generator<number, void> {
    this.started++;
    try {
      for (const item of supply) if (item !== "end") yield this.#count(item);
    } finally {
      this.closed++;
    }
  }
}

const MAX = 999;
const pull = fc.record({ kind: fc.constant("pull" as const), branch: fc.nat(MAX), driver: fc.nat(drivers.length - 1) });
const cancel = fc.record({ kind: fc.constant("cancel" as const), which: fc.nat(MAX) });
const close = fc.record({ kind: fc.constant("close" as const), branch: fc.nat(MAX) });
const feed = fc.record({ kind: fc.constant("feed" as const), items: fc.array(fc.nat(8), { maxLength: 4 }) });
const end = fc.record({ kind: fc.constant("end" as const), how: fc.constantFrom("end" as const, "error" as const) });
const add = fc.record({ kind: fc.constant("add" as const) });
const step = fc.oneof(
  { weight: 10, arbitrary: pull },
  { weight: 2, arbitrary: cancel },
  { weight: 1, arbitrary: close },
  { weight: 4, arbitrary: feed },
  { weight: 1, arbitrary: end },
  { weight: 1, arbitrary: add },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const scenario = fc.record({
  kind: fc.constantFrom<Kind>("channel", "sync", "async"),
  preset: fc.array(fc.nat(8), { maxLength: 25 }),
  how: fc.constantFrom("end" as const, "error" as const),
  buffer: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 40, size: "max" }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

/** The real thing, and what the model says of it. */
interface Setup {
  readonly streams: Stream<unknown>[];
  readonly model: NaiveHub;
  /** A branch that is added later, if there are such. */
  add?(): Stream<unknown>;
}

async function run(
  { kind, preset, how, buffer, steps }: Scenario,
  paths: Paths,
  fates: Set<Fate>,
  setUp: (source: Stream<number>, buffer: number) => Setup,
): Promise<void> {
  const supply = kind === "channel" ? [] : [...preset, how];
  const upstream = new Upstream(kind, supply);
  const { streams, model, add } = setUp(upstream.stream, buffer);
  model.supply.push(...supply);
  const pulls: Driven<IteratorResult<unknown, undefined>>[] = [];
  const begun = new Set<Stream<unknown>>();
  let isEnded = kind !== "channel";

  /** The groups that have been handed out are branches in the order in which they appeared. */
  const learn = (): void => {
    for (const { ended } of pulls) {
      const value = ended?.status === "ok" ? ended.value.value : undefined;
      if (Array.isArray(value) && !streams.includes(value[1])) streams.push(value[1]);
    }
  };

  const act = async (each: Step): Promise<void> => {
    const index = "branch" in each ? each.branch % streams.length : 0;
    const branch = model.branches[index] as NaiveBranch;
    const stream = streams[index] as Stream<unknown>;
    if (each.kind === "pull") {
      // A stream belongs to the task that pulls it first, and would be cancelled with that.
      const driver = drivers[begun.has(stream) ? each.driver : 0] as (typeof drivers)[0];
      begun.add(stream);
      pulls.push(await paths.watch(driver.start(next(stream))));
      model.pull(branch);
    } else if (each.kind === "cancel") {
      const which = each.which % Math.max(1, pulls.length);
      pulls[which]?.cancel();
      model.cancel(which);
    } else if (each.kind === "close") {
      void stream.close().catch(() => {});
      model.close(branch);
    } else if (each.kind === "add") {
      if (add === undefined) return;
      streams.push(add());
    } else if (!isEnded) {
      const items = each.kind === "feed" ? each.items : [each.how];
      for (const item of items) {
        if (item === "end") upstream.channel.close();
        else expect(upstream.channel.trySend(item)).toBe(true);
      }
      isEnded = each.kind === "end";
      model.supply.push(...items);
      model.settle();
    }
  };

  for (const each of steps) {
    await act(each);
    await turn();
    expect(pulls.map(fateOf)).toEqual(model.fates);
    expect(upstream.taken).toBe(model.taken);
    learn();
    for (const fate of model.fates) fates.add(fate);
    expect(upstream.closed).toBe(model.over === undefined ? 0 : upstream.started);
  }
  await Promise.allSettled(streams.map((stream) => stream.close()));
  await turn();
  for (const wait of pulls) wait.cancel();
  await Promise.all(pulls.map((wait) => wait.end));
}

async function check(
  runs: number,
  seed: number,
  setUp: (source: Stream<number>, buffer: number) => Setup,
  also: readonly Fate[] = [],
): Promise<void> {
  const paths = new Paths();
  const fates = new Set<Fate>();
  await fc.assert(
    fc.asyncProperty(scenario, (scenario) => run(scenario, paths, fates, setUp)),
    { numRuns: runs, seed },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled");
  expect([...fates]).toEqual(expect.arrayContaining(["done", "failed", ...also]));
}

const toAll: Deal = (hub, item) => {
  for (const branch of hub.branches) hub.push(branch, item);
};

test(
  "tee does what the naive one does",
  async () => {
    await check(250, 7001, (source, buffer) => {
      const model = new NaiveHub(buffer, toAll);
      const streams = source.tee(3, { buffer });
      for (const _ of streams) model.add(true);
      return { streams, model };
    });
  },
  HEAVY,
);

test(
  "share does what the naive one does",
  async () => {
    await check(250, 7002, (source, buffer) => {
      const model = new NaiveHub(buffer, toAll);
      const shared = source.share({ buffer });
      const add = () => {
        model.add(true);
        return shared.subscribe();
      };
      return { streams: [add()], model, add };
    });
  },
  HEAVY,
);

test(
  "partition does what the naive one does",
  async () => {
    await check(250, 7003, (source, buffer) => {
      const model = new NaiveHub(buffer, (hub, item) => hub.push(hub.branches[item % 2], item));
      for (const _ of [0, 1]) model.add(true);
      return { streams: source.partition((n) => n % 2 === 0, { buffer }), model };
    });
  },
  HEAVY,
);

test(
  "groupBy does what the naive one does",
  async () => {
    await check(
      400,
      7004,
      (source, buffer) => {
        const groups = new Map<number, NaiveBranch>();
        const model = new NaiveHub(buffer, (hub, item) => {
          const key = item % 3;
          const outer = hub.branches[0] as NaiveBranch;
          if (!groups.has(key) && !outer.isClosed) {
            groups.set(key, hub.add(false));
            hub.push(outer, key);
          }
          hub.push(groups.get(key), item);
        });
        const outer = model.add(true);
        const close = model.close.bind(model);
        model.close = (branch) => {
          if (branch === outer && !outer.isClosed && model.over === undefined) {
            for (const group of groups.values()) if (!group.isCounted) model.cut(group);
          }
          close(branch);
        };
        return { streams: [source.groupBy((n) => n % 3, { buffer })], model };
      },
      ["cut"],
    );
  },
  HEAVY,
);
