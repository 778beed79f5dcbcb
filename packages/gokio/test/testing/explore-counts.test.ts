/**
 * How many schedules there are: worked out by hand, and against a naive reference that enumerates the interleavings of a model.
 *
 * @module
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  acquire,
  attempt,
  ClosedError,
  chan,
  type Permit,
  recv,
  Semaphore,
  select,
  send,
  sleep,
  spawn,
  type Task,
  yieldNow,
} from "../../src/index.ts";
import { exhaustive, explore } from "../../src/testing/index.ts";

const ALL = Number.POSITIVE_INFINITY;

async function count(body: () => unknown, preemptions = ALL): Promise<number> {
  const { schedules, complete } = await explore(body as () => Task<void>, { strategy: exhaustive({ preemptions }) });
  expect(complete).toBe(true);
  return schedules;
}

describe("worked out by hand", () => {
  // Each task has n + 1 pieces: from its start, and from each yield. The test itself is over before either starts, so a schedule is an
  // interleaving of two rows of n + 1 pieces: C(2n + 2, n + 1).
  test.each([
    [0, 2],
    [1, 6],
    [2, 20],
    [3, 70],
    [4, 252],
  ])("two tasks of %i yields: %i", async (yields, expected) => {
    const inGenerator = function* (): Task<void> {
      for (let i = 0; i < yields; i++) yield* yieldNow();
    };
    const inAsync = async (): Promise<void> => {
      for (let i = 0; i < yields; i++) await yieldNow();
    };
    for (const task of [inGenerator, inAsync]) {
      const generator = function* (): Task<void> {
        spawn<unknown>(task);
        spawn<unknown>(task);
      };
      expect(await count(generator)).toBe(expected);
      expect(
        await count(async () => {
          spawn<unknown>(task);
          spawn<unknown>(task);
        }),
      ).toBe(expected);
      // To yield is no preemption.
      expect(await count(generator, 0)).toBe(expected);
    }
  });

  // Two tasks with two operations that are ready: again two rows of 3 pieces, C(6, 3) = 20 interleavings. One of r runs has r - 1 switches, of which
  // one is free, for there the first task has ended: so r - 2 preemptions. With 2 runs there are 2, with 3 runs 2 · 2 · 1 = 4, with 4 runs
  // 2 · 2 · 2 = 8, with 5 runs 2 · 1 · 2 = 4 and with 6 runs 2.
  test.each([
    [0, 2],
    [1, 2 + 4],
    [2, 2 + 4 + 8],
    [3, 2 + 4 + 8 + 4],
    [4, 2 + 4 + 8 + 4 + 2],
    [ALL, 20],
  ])("two tasks of two ready sends, at most %d preemptions: %i", async (preemptions, expected) => {
    const inGenerator = function* (): Task<void> {
      const ch = chan<number>(4);
      const task = function* (): Task<void> {
        yield* send(ch, 1);
        yield* send(ch, 2);
      };
      spawn(task);
      spawn(task);
    };
    const inAsync = async (): Promise<void> => {
      const ch = chan<number>(4);
      const task = async (): Promise<void> => {
        await ch.send(1);
        await ch.send(2);
      };
      spawn(task);
      spawn(task);
    };
    expect(await count(inGenerator, preemptions)).toBe(expected);
    expect(await count(inAsync, preemptions)).toBe(expected);
  });

  // A select takes one of those that are ready: one schedule each, and one if none is. What is not ready makes no difference.
  test.each([
    [[], 1],
    [[0], 1],
    [[2], 1],
    [[0, 1], 2],
    [[0, 2], 2],
    [[1, 2], 2],
    [[0, 1, 2], 3],
  ])("a select of which the cases %j are ready: %i", async (ready, expected) => {
    const prepare = () => {
      const [a, b, c] = [chan<number>(1), chan<number>(1), chan<number>(1)] as const;
      for (const i of ready) [a, b, c][i]?.trySend(i);
      return select({ a: recv(a), b: recv(b), c: recv(c), late: sleep(5) });
    };
    const winners = new Set<string>();
    const inGenerator = function* (): Task<void> {
      winners.add((yield* prepare()).key);
    };
    expect(await count(inGenerator)).toBe(expected);
    expect(winners.size).toBe(expected);
    expect(await count(async () => (await prepare()).key)).toBe(expected);
  });

  test("a case that is ready to fail is ready", async () => {
    const seen = new Set<string>();
    const schedules = await count(function* (): Task<void> {
      const [a, b] = [chan<number>(1), chan<number>(1)];
      a.close();
      b.trySend(1);
      try {
        seen.add((yield* select({ a: recv(a), b: recv(b) })).key);
      } catch (error) {
        seen.add((error as ClosedError).name);
      }
    });
    expect([schedules, [...seen].sort()]).toEqual([2, ["ClosedError", "b"]]);
  });

  test("nor does what is not ready count beside it", async () => {
    const schedules = await count(function* (): Task<void> {
      const [a, b] = [chan<number>(), chan<number>()];
      a.close();
      const error = yield* attempt(select({ a: recv(a), b: recv(b) }));
      expect(error[1]).toBeInstanceOf(ClosedError);
    });
    expect(schedules).toBe(1);
  });

  test("one operation in two cases: each beginning is tried", async () => {
    const schedules = await count(function* (): Task<void> {
      const ch = chan<number>(1);
      ch.trySend(1);
      const op = recv(ch);
      yield* select({ a: op, b: op });
    });
    expect(schedules).toBe(2);
  });

  // 3! orders in which three sleepers of one deadline go on; those of another come after.
  test("equal deadlines: 6 orders of 3", async () => {
    const orders = new Set<string>();
    const schedules = await count(function* (): Task<void> {
      let order = "";
      const done = chan<void>(4);
      const sleeper = (name: string, ms: number) =>
        function* (): Task<void> {
          yield* sleep(ms);
          order += name;
          done.trySend();
        };
      spawn(sleeper("d", 20));
      for (const name of ["a", "b", "c"]) spawn(sleeper(name, 10));
      // Once all have started.
      yield* sleep(30);
      orders.add(order);
    }, 0);
    // 4! orders of starting, and 3! of waking.
    expect(schedules).toBe(24 * 6);
    expect([...orders].sort()).toEqual(["abcd", "acbd", "bacd", "bcad", "cabd", "cbad"]);
  });
});

// ── the reference ──

/** A yield; an operation that is ready; taking and giving back the only permit. */
type Op = "yield" | "ready" | "take" | "give";
type Flavour = "generator" | "async";

interface ModelTask {
  readonly ops: readonly Op[];
  readonly at: number;
  readonly state: "ready" | "parked" | "ended";
  /** Paused before an operation, which it tries when it goes on. */
  readonly retries: boolean;
}

interface Model {
  readonly tasks: readonly ModelTask[];
  readonly isFree: boolean;
  readonly queue: readonly number[];
}

/** Counts every way in which the tasks can go on, one choice after the other. */
class Reference {
  readonly #flavour: Flavour;

  constructor(flavour: Flavour) {
    this.#flavour = flavour;
  }

  count(programs: readonly (readonly Op[])[], preemptions: number): number {
    const tasks = programs.map((ops): ModelTask => ({ ops, at: 0, state: "ready", retries: false }));
    return this.#pick({ tasks, isFree: true, queue: [] }, preemptions);
  }

  #ready(model: Model): number[] {
    return [...model.tasks.keys()].filter((i) => model.tasks[i]?.state === "ready");
  }

  #pick(model: Model, left: number): number {
    const ready = this.#ready(model);
    if (ready.length === 0) return 1;
    return ready.reduce((sum, i) => sum + this.#run(change(model, i, { state: "parked" }), i, left), 0);
  }

  /** `i` runs; it is not among those that are ready. */
  #run(model: Model, i: number, left: number): number {
    const task = model.tasks[i] as ModelTask;
    const { at } = task;
    const on = (next: Model): Model => change(next, i, { at: at + 1, retries: false });
    const op = task.ops[at];
    if (op === undefined) return this.#pick(change(model, i, { state: "ended" }), left);
    switch (op) {
      case "yield":
        return this.#pick(change(on(model), i, { state: "ready" }), left);
      case "give":
        return this.#run(on(give(model)), i, left);
      case "ready":
        return this.#pausing(model, on(model), i, left);
      case "take":
        if (!model.isFree) return this.#pick({ ...on(model), queue: [...model.queue, i] }, left);
        return this.#pausing(model, on({ ...model, isFree: false }), i, left);
    }
  }

  /** The operation is ready: goes on, or pauses, before it in a generator, after it in async code. */
  #pausing(before: Model, after: Model, i: number, left: number): number {
    let sum = this.#run(after, i, left);
    if (before.tasks[i]?.retries === true || left === 0) return sum;
    const paused =
      this.#flavour === "async"
        ? change(after, i, { state: "ready" })
        : change(before, i, { state: "ready", retries: true });
    for (const other of this.#ready(before)) {
      sum += this.#run(change(paused, other, { state: "parked" }), other, left - 1);
    }
    return sum;
  }
}

function change(model: Model, i: number, changes: Partial<ModelTask>): Model {
  return { ...model, tasks: model.tasks.map((task, k) => (k === i ? { ...task, ...changes } : task)) };
}

function give(model: Model): Model {
  const [first, ...queue] = model.queue;
  return first === undefined ? { ...model, isFree: true } : { ...change(model, first, { state: "ready" }), queue };
}

function generatorBody(programs: readonly (readonly Op[])[]): () => Task<void> {
  return function* () {
    const semaphore = new Semaphore(1);
    const ch = chan<number>(100);
    for (const ops of programs) {
      spawn(function* () {
        let permit: Permit | undefined;
        for (const op of ops) {
          if (op === "yield") yield* yieldNow();
          else if (op === "ready") yield* send(ch, 0);
          else if (op === "take") permit = yield* acquire(semaphore);
          else permit?.[Symbol.dispose]();
        }
      });
    }
  };
}

function asyncBody(programs: readonly (readonly Op[])[]): () => Promise<void> {
  return async () => {
    const semaphore = new Semaphore(1);
    const ch = chan<number>(100);
    for (const ops of programs) {
      spawn(async () => {
        let permit: Permit | undefined;
        for (const op of ops) {
          if (op === "yield") await yieldNow();
          else if (op === "ready") await ch.send(0);
          else if (op === "take") permit = await semaphore.acquire();
          else permit?.[Symbol.dispose]();
        }
      });
    }
  };
}

/** Pieces of programs that leave the permit where it was. */
const piece = fc.constantFrom<readonly Op[]>(
  ["yield"],
  ["ready"],
  ["take", "give"],
  ["take", "yield", "give"],
  ["take", "ready", "give"],
);
const program = fc.array(piece, { maxLength: 2 }).map((pieces) => pieces.flat());
const programs = fc.array(program, { minLength: 2, maxLength: 3 }).filter((all) => all.flat().length <= 7);

describe("as many as a naive reference enumerates", () => {
  test.each<[Flavour, typeof asyncBody | typeof generatorBody, number]>([
    ["generator", generatorBody, 60],
    ["async", asyncBody, 20],
  ])("in %s tasks", async (flavour, bodyOf, numRuns) => {
    const reference = new Reference(flavour);
    const bound = fc.constantFrom(0, 1, 2, ALL);
    let largest = 0;
    await fc.assert(
      fc.asyncProperty(programs, bound, async (all, preemptions) => {
        const expected = reference.count(all, preemptions);
        fc.pre(expected <= 3000);
        largest = Math.max(largest, expected);
        expect(await count(bodyOf(all), preemptions)).toBe(expected);
      }),
      { numRuns, seed: 6 },
    );
    expect(largest).toBeGreaterThan(100);
  });
});
