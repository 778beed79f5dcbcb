/**
 * Random chains of stages, and the same made of plain generators, which pull one item at a time: what a stream must not be told from.
 *
 * Both write a journal: each call of a function, each item that a source makes, each `finally`, each item that the consumer gets.
 *
 * @module
 */
import fc from "fast-check";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { ClosedError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Stream } from "../../src/stream/stream.ts";
import { forEach } from "../../src/stream/terminals.ts";
import { each, STOP } from "../../src/task/each.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";

/** How a function answers: at once, with a promise, as an async function, after a while. */
export const FLAVOURS = ["sync", "promise", "async", "slow"] as const;
export type Flavour = (typeof FLAVOURS)[number];

export const SOURCES = [
  "array",
  "set",
  "iterable",
  "generator",
  "generator function",
  "async generator",
  "async generator function",
  "async iterable",
  "unfold",
  "channel",
  "slow channel",
  "pulled stream",
] as const;
export type SourceKind = (typeof SOURCES)[number];

export const STAGES = [
  "map",
  "filter",
  "filterMap",
  "flatMap",
  "flatten",
  "take",
  "takeWhile",
  "drop",
  "dropWhile",
  "enumerate",
  "scan",
  "chunks",
  "inspect",
  "dedupe",
  // These are tasks, with a line of their own above them.
  "chain",
  "merge",
  "zip",
  "takeUntil",
  "catch",
] as const;
export type StageKind = (typeof STAGES)[number];

const INNERS = ["array", "generator", "stream", "async generator", "maker"] as const;

export interface Step {
  readonly kind: StageKind;
  readonly n: number;
  readonly flavour: Flavour;
  readonly inner: (typeof INNERS)[number];
}

/** The call that throws: the `nth` of the function of a stage, or of the source, which is number -1. */
export interface Fault {
  readonly where: number;
  readonly nth: number;
}

export interface Chain {
  readonly source: SourceKind;
  readonly items: readonly number[];
  readonly steps: readonly Step[];
}

export const FAULT = new Error("fault");

export class Journal {
  readonly lines: string[] = [];
  readonly items: number[] = [];
  readonly #fault: Fault | undefined;
  readonly #calls = new Map<number, number>();
  readonly #atEnd: (() => void)[] = [];

  constructor(fault?: Fault) {
    this.#fault = fault;
  }

  /** Notes a call, and throws if it is the one that is to fail. */
  call(where: number, what: unknown): void {
    const nth = this.#calls.get(where) ?? 0;
    this.#calls.set(where, nth + 1);
    this.lines.push(`${where}:${what}`);
    if (this.#fault?.where === where && this.#fault.nth === nth) throw FAULT;
  }

  atEnd(then: () => void): void {
    this.#atEnd.push(then);
  }

  /** Stops what feeds the sources. */
  end(): void {
    for (const then of this.#atEnd) then();
  }

  note(line: string): void {
    this.lines.push(line);
  }

  got(item: number): void {
    this.items.push(item);
    this.lines.push(`=${item}`);
  }

  /** What it says of what was begun and closed. */
  get closings(): string[] {
    return this.lines.filter((line) => line.endsWith("-")).sort();
  }
  /** The lines without those that say that something was closed. */
  get doings(): string[] {
    return this.lines.filter((line) => !line.endsWith("-"));
  }
  get beginnings(): string[] {
    return this.lines.filter((line) => line.endsWith("+")).sort();
  }
}

// ── arbitraries ──

export const flavours = fc.constantFrom(...FLAVOURS);

export const steps = (among: readonly Flavour[] = FLAVOURS): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constantFrom(...STAGES),
    n: fc.nat(4),
    flavour: fc.constantFrom(...among),
    inner: fc.constantFrom(...INNERS),
  });

export const itemLists = fc.array(fc.nat(20), { maxLength: 9 });

export const chains = (maxLength = 5, among: readonly Flavour[] = FLAVOURS): fc.Arbitrary<Chain> =>
  fc.record({
    source: fc.constantFrom(...SOURCES),
    items: itemLists,
    steps: fc.array(steps(among), { maxLength }),
  });

export const faults = fc.record({ where: fc.integer({ min: -1, max: 4 }), nth: fc.nat(5) });

// ── what the functions do ──

const computed = {
  map: (x: number) => (x * 2 + 1) % 97,
  filter: (x: number, n: number) => x % (n + 2) !== 0,
  filterMap: (x: number) => (x % 3 === 0 ? undefined : x % 4),
  flatMap: (x: number) => Array.from({ length: x % 4 }, (_, i) => x + i),
  takeWhile: (x: number, n: number) => x % 7 !== n,
  dropWhile: (x: number, n: number) => x % 5 !== n,
  scan: (sum: number, x: number) => (sum + x) % 101,
  dedupe: (x: number) => x % 3,
  total: (chunk: readonly number[]) => chunk.reduce((sum, x) => (sum * 7 + x) % 103, 0),
};

/** `body` as a function of the given flavour. */
export function flavoured<A extends unknown[], R>(flavour: Flavour, body: (...args: A) => R): (...args: A) => R {
  if (flavour === "sync") return body;
  if (flavour === "async") return (async (...args: A) => body(...args)) as never;
  if (flavour === "slow") {
    return (async (...args: A) => {
      const answer = body(...args);
      await sleep(1);
      return answer;
    }) as never;
  }
  return ((...args: A) => {
    try {
      return Promise.resolve(body(...args));
    } catch (error) {
      return Promise.reject(error);
    }
  }) as never;
}

// ── sources ──

function* unclosed(items: readonly number[], journal: Journal): Generator<number, void> {
  for (const item of items) {
    journal.call(-1, item);
    yield item;
  }
}

function* numbers(items: readonly number[], journal: Journal, name = "S", where = -1): Generator<number, void> {
  journal.note(`${name}+`);
  try {
    for (const item of items) {
      journal.call(where, item);
      yield item;
    }
  } finally {
    journal.note(`${name}-`);
  }
}

async function* slowNumbers(items: readonly number[], journal: Journal, name = "S"): AsyncGenerator<number, void> {
  journal.note(`${name}+`);
  try {
    for (const item of items) {
      journal.call(-1, item);
      if (item % 3 === 1) await sleep(1);
      yield item;
    }
  } finally {
    journal.note(`${name}-`);
    await undefined;
  }
}

/** An iterator by hand, which says when it is asked and when it is told to end. */
class Counter implements Iterator<number> {
  readonly #items: readonly number[];
  readonly #journal: Journal;
  #next = 0;
  #isDone = false;
  #isReturned = false;
  constructor(items: readonly number[], journal: Journal) {
    this.#items = items;
    this.#journal = journal;
    journal.note("S+");
  }
  next(): IteratorResult<number> {
    if (this.#next === this.#items.length) {
      this.#end();
      return { done: true, value: undefined };
    }
    const value = this.#items[this.#next++] as number;
    try {
      this.#journal.call(-1, value);
    } catch (error) {
      this.#end();
      throw error;
    }
    return { done: false, value };
  }
  #end(): void {
    this.#isDone = true;
    this.#journal.note("S-");
  }
  return(): IteratorResult<number> {
    if (this.#isReturned) this.#journal.note("S, returned twice-");
    this.#isReturned = true;
    // It may have said that it is done, and that is still on its way.
    if (!this.#isDone) this.#end();
    return { done: true, value: undefined };
  }
}

const SILENT: readonly SourceKind[] = ["array", "set", "channel", "slow channel"];

/** Whether the source says nothing, and cannot fail. */
export function isSilent({ source }: Chain): boolean {
  return SILENT.includes(source);
}

function itemsOf({ source, items }: Chain): readonly number[] {
  return source === "set" ? [...new Set(items)] : items;
}

export function sourceOf(chain: Chain, journal: Journal): Stream<number> {
  const items = itemsOf(chain);
  switch (chain.source) {
    case "array":
      return Stream.from(items);
    case "set":
      return Stream.from(new Set(items));
    case "iterable":
      return Stream.from({ [Symbol.iterator]: () => new Counter(items, journal) });
    case "generator":
      return Stream.from(numbers(items, journal));
    case "generator function":
      return Stream.from(() => numbers(items, journal));
    case "async generator":
      return Stream.from(slowNumbers(items, journal));
    case "async generator function":
      return Stream.from(() => slowNumbers(items, journal));
    case "async iterable":
      return Stream.from({
        [Symbol.asyncIterator]: () => {
          const counter = new Counter(items, journal);
          return { next: async () => counter.next(), return: async () => counter.return() };
        },
      });
    case "unfold":
      return Stream.unfold(0, (i) => {
        if (i === items.length) return undefined;
        const item = items[i] as number;
        journal.call(-1, item);
        return [item, i + 1];
      });
    case "channel": {
      const ch = chan<number>(items.length + 1);
      for (const item of items) ch.trySend(item);
      ch.close();
      return Stream.from(ch);
    }
    case "slow channel": {
      const ch = chan<number>(items.length + 1);
      const feeder = spawn(function* () {
        for (const item of items) {
          yield* sleep(item % 3);
          ch.trySend(item);
        }
        ch.close();
      });
      journal.atEnd(() => feeder.abort());
      return Stream.from(ch);
    }
    case "pulled stream":
      return Stream.from(Stream.from(numbers(items, journal)).drop(0));
  }
}

// ── the stream, and the reference ──

export function streamOf(chain: Chain, journal: Journal): Stream<number> {
  let stream = sourceOf(chain, journal);
  for (const [where, step] of chain.steps.entries()) stream = through(stream, step, where, journal);
  return stream;
}

function through(
  up: Stream<number>,
  { kind, n, flavour, inner }: Step,
  where: number,
  journal: Journal,
): Stream<number> {
  const asked = <R>(body: (x: number) => R): ((x: number) => R) =>
    flavoured(flavour, (x: number) => {
      journal.call(where, x);
      return body(x);
    });
  switch (kind) {
    case "map":
      return up.map(asked(computed.map));
    case "filter":
      return up.filter(asked((x) => computed.filter(x, n)));
    case "filterMap":
      return up.filterMap(asked(computed.filterMap));
    case "flatMap":
      return up.flatMap(asked((x) => innerOf(inner, computed.flatMap(x), where, journal)));
    case "flatten":
      return up.map(asked((x) => innerOf(inner, [x, x + n], where, journal))).flatten();
    case "take":
      return up.take(n);
    case "takeWhile":
      return up.takeWhile(asked((x) => computed.takeWhile(x, n)));
    case "drop":
      return up.drop(n);
    case "dropWhile":
      return up.dropWhile(asked((x) => computed.dropWhile(x, n)));
    case "enumerate":
      return up.enumerate().map(([i, x]) => i * 31 + x);
    case "scan":
      return up.scan(
        flavoured(flavour, (sum: number, x: number) => {
          journal.call(where, x);
          return computed.scan(sum, x);
        }),
        n,
      );
    case "chunks":
      return up.chunks(n + 1).map(
        flavoured(flavour, (chunk: number[]) => {
          journal.call(where, chunk);
          return computed.total(chunk);
        }),
      );
    case "inspect":
      return up.inspect(asked(() => {}));
    case "dedupe":
      return up.dedupe(asked(computed.dedupe));
    case "chain":
      return up.chain(Stream.from(numbers([n, n + 1], journal, `inner of ${where}`, where + 100)));
    case "merge":
      return up.merge([], Stream.empty());
    case "zip":
      return up.zip(Stream.range(0)).map(([x]) => x);
    case "takeUntil":
      return up.takeUntil(new CancellationToken());
    case "catch":
      return up.catch(() => [n, n + 1]);
  }
}

function innerOf(kind: Step["inner"], items: readonly number[], where: number, journal: Journal) {
  const name = `inner of ${where}`;
  if (kind === "array") return items;
  if (kind === "generator") return numbers(items, journal, name, where + 100);
  if (kind === "stream") return Stream.from(numbers(items, journal, name, where + 100)).map((x) => x);
  if (kind === "maker") return () => Stream.from(numbers(items, journal, name, where + 100));
  return (async function* () {
    yield* numbers(items, journal, name, where + 100);
  })();
}

export function referenceOf(chain: Chain, journal: Journal): Iterable<number> {
  const items = itemsOf(chain);
  let up: Iterable<number> = numbers(items, journal);
  if (isSilent(chain)) up = items;
  else if (chain.source === "unfold") up = unclosed(items, journal);
  for (const [where, step] of chain.steps.entries()) up = plainly(up, step, where, journal);
  return up;
}

/** Stages without a function. */
const UNASKED: readonly StageKind[] = ["take", "drop", "enumerate", "chunks", "chain", "merge", "zip", "takeUntil"];

function* plainly(
  up: Iterable<number>,
  { kind, n, inner }: Step,
  where: number,
  journal: Journal,
): Generator<number, void> {
  let index = 0;
  let sum = n;
  let isOpen = false;
  let last: number | undefined;
  let chunk: number[] = [];
  if (kind === "take" && n === 0) return;
  if (kind === "catch") {
    try {
      for (const x of up) yield x;
    } catch {
      yield* [n, n + 1];
    }
    return;
  }
  for (const x of up) {
    if (!UNASKED.includes(kind) && !isOpen) journal.call(where, x);
    switch (kind) {
      case "map":
        yield computed.map(x);
        break;
      case "filter":
        if (computed.filter(x, n)) yield x;
        break;
      case "filterMap": {
        const made = computed.filterMap(x);
        if (made !== undefined) yield made;
        break;
      }
      case "flatMap":
      case "flatten": {
        const list = kind === "flatMap" ? computed.flatMap(x) : [x, x + n];
        yield* inner === "array" ? list : numbers(list, journal, `inner of ${where}`, where + 100);
        break;
      }
      case "take":
        yield x;
        if (++index === n) return;
        break;
      case "takeWhile":
        if (!computed.takeWhile(x, n)) return;
        yield x;
        break;
      case "drop":
        if (index++ >= n) yield x;
        break;
      case "dropWhile":
        isOpen ||= !computed.dropWhile(x, n);
        if (isOpen) yield x;
        break;
      case "enumerate":
        yield index++ * 31 + x;
        break;
      case "scan":
        sum = computed.scan(sum, x);
        yield sum;
        break;
      case "chunks":
        chunk.push(x);
        if (chunk.length < n + 1) break;
        journal.call(where, chunk);
        yield computed.total(chunk);
        chunk = [];
        break;
      case "inspect":
      case "chain":
      case "merge":
      case "zip":
      case "takeUntil":
        yield x;
        break;
      case "dedupe":
        if (computed.dedupe(x) !== last) yield x;
        last = computed.dedupe(x);
        break;
    }
  }
  if (chunk.length > 0) {
    journal.call(where, chunk);
    yield computed.total(chunk);
  }
  if (kind === "chain") yield* numbers([n, n + 1], journal, `inner of ${where}`, where + 100);
}

/** The journal of a consumer who takes `most` items of the reference and then leaves. */
export function expected(chain: Chain, most = Number.POSITIVE_INFINITY, fault?: Fault): Journal {
  const journal = new Journal(fault);
  if (most === 0) return journal;
  try {
    for (const item of referenceOf(chain, journal)) {
      journal.got(item);
      if (journal.items.length === most) return journal;
    }
    journal.note("end");
  } catch (error) {
    journal.note(`failed: ${(error as Error).message}`);
  }
  return journal;
}

// ── consumers ──

/** Takes `most` items, and then leaves the stream; whatever happens is in the journal, and the stream is closed when it is done. */
export interface Consumer {
  readonly name: string;
  consume(stream: Stream<number>, journal: Journal, most: number): Promise<void>;
}

async function noting(journal: Journal, body: () => Promise<boolean>): Promise<void> {
  try {
    if (await body()) journal.note("end");
  } catch (error) {
    journal.note(`failed: ${(error as Error).message}`);
  }
}

const LEFT = new Error("left");

export const CONSUMERS: readonly Consumer[] = [
  {
    name: "for await",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        for await (const item of stream) {
          journal.got(item);
          if (journal.items.length === most) return false;
        }
        return true;
      }),
  },
  {
    name: "for await, left with a throw",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        try {
          for await (const item of stream) {
            journal.got(item);
            if (journal.items.length === most) throw LEFT;
          }
        } catch (error) {
          if (error !== LEFT) throw error;
          return false;
        }
        return true;
      }),
  },
  {
    name: "next",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        for (let item = await stream.next(); item.done !== true; item = await stream.next()) {
          journal.got(item.value);
          if (journal.items.length === most) {
            await stream.close();
            return false;
          }
        }
        return true;
      }),
  },
  {
    name: "recv, with await using",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        await using used = stream;
        try {
          for (;;) {
            journal.got(await used.recv());
            if (journal.items.length === most) return false;
          }
        } catch (error) {
          if (!(error instanceof ClosedError)) throw error;
          return true;
        }
      }),
  },
  {
    name: "yield* next",
    consume: (stream, journal, most) =>
      noting(journal, () =>
        Promise.resolve(
          spawn(function* () {
            for (let item = yield* next(stream); item.done !== true; item = yield* next(stream)) {
              journal.got(item.value);
              if (journal.items.length === most) return false;
            }
            return true;
          }),
        ).finally(() => stream.close()),
      ),
  },
  {
    name: "yield* each",
    consume: (stream, journal, most) =>
      noting(journal, () =>
        Promise.resolve(
          spawn(function* () {
            let isLeft = false;
            yield* each(stream, (item) => {
              journal.got(item);
              isLeft = journal.items.length === most;
              return isLeft ? STOP : undefined;
            });
            return !isLeft;
          }),
        ),
      ),
  },
  {
    name: "select with lost rounds",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        const losing = chan<number>(1);
        for (let round = 0; ; round++) {
          const won = select({ item: next(stream), lost: recv(losing) }).then((result) => result);
          // Lost at once, or somewhat later, or not at all.
          if (round % 3 !== 2) {
            for (let i = 0; i < (round * 7) % 5; i++) await undefined;
            losing.trySend(round);
          }
          const { key, value } = await won;
          losing.tryRecv();
          if (key === "lost") continue;
          if (value.done === true) return true;
          journal.got(value.value);
          if (journal.items.length === most) {
            await stream.close();
            return false;
          }
        }
      }),
  },
  {
    name: "forEach",
    consume: (stream, journal, most) =>
      noting(journal, async () => {
        try {
          await stream.forEach((item) => {
            journal.got(item);
            if (journal.items.length === most) throw LEFT;
          });
        } catch (error) {
          if (error !== LEFT) throw error;
          return false;
        }
        return true;
      }),
  },
  {
    name: "yield* forEach, async",
    consume: (stream, journal, most) =>
      noting(journal, () =>
        Promise.resolve(
          spawn(function* () {
            try {
              yield* forEach(stream, async (item) => {
                journal.got(item);
                await undefined;
                if (journal.items.length === most) throw LEFT;
              });
            } catch (error) {
              if (error !== LEFT) throw error;
              return false;
            }
            return true;
          }),
        ),
      ),
  },
];
