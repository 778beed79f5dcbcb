import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { CancelledError, ClosedError } from "../../src/errors.ts";
import { scope } from "../../src/group/scope.ts";
import { select } from "../../src/select/select.ts";
import type { Stream } from "../../src/stream/stream.ts";
import { toArray } from "../../src/stream/terminals.ts";
import { each } from "../../src/task/each.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { type Chain, CONSUMERS, chains, expected, type Fault, Journal, streamOf } from "./chains.ts";

/** Whatever was begun was closed, once. */
function expectClosed(journal: Journal): void {
  expect(journal.closings).toEqual(journal.beginnings.map((line) => `${line.slice(0, -1)}-`));
}

async function expectEnded(stream: Stream<number>): Promise<void> {
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await expect(stream.recv()).rejects.toBeInstanceOf(ClosedError);
  expect(stream.tryRecv()).toEqual({ done: true, value: undefined });
  await stream.close();
  await stream[Symbol.asyncDispose]();
}

describe("an error anywhere", () => {
  /** The source is -1; what `flatMap` gives for an item is 100 more than the stage. */
  const places = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.integer({ min: 100, max: 104 }));
  const faults = fc.record({ where: places, nth: fc.nat(4) });

  test.each(CONSUMERS)(
    "comes out once, where one item at a time would have it; with $name",
    (consumer) =>
      fc.assert(
        fc.asyncProperty(chains(), faults, (chain, fault: Fault) =>
          virtual(async () => {
            const journal = new Journal(fault);
            const stream = streamOf(chain, journal);
            await consumer.consume(stream, journal, Number.POSITIVE_INFINITY);
            const wanted = expected(chain, Number.POSITIVE_INFINITY, fault);
            expect(journal.lines).toEqual(wanted.lines);
            expectClosed(journal);
            if (!consumer.name.includes("forEach")) await expectEnded(stream);
            journal.end();
          }),
        ),
        { numRuns: 80 },
      ),
    HEAVY,
  );
});

/** Consumes until it is cancelled, in its own way, when `due` says so. */
interface Way {
  readonly name: string;
  readonly isGivenAway?: boolean;
  readonly isSilent?: boolean;
  leave(stream: Stream<number>, journal: Journal, due: () => Promise<void>): Promise<void>;
}

const cancelled = (error: unknown): void => {
  if (!(error instanceof CancelledError)) throw error;
};

/** `consume` in a task that is aborted. */
async function abort(
  due: () => Promise<void>,
  task: { abort(): void; settled(): PromiseLike<{ status: string }> },
): Promise<void> {
  await due();
  task.abort();
  expect((await task.settled()).status).not.toBe("failed");
}

const WAYS: readonly Way[] = [
  {
    name: "abort of an async task in its for await",
    leave: (stream, journal, due) =>
      abort(
        due,
        spawn(async () => {
          for await (const item of stream) journal.got(item);
        }),
      ),
  },
  {
    name: "abort of a generator task in each",
    leave: (stream, journal, due) =>
      abort(
        due,
        spawn(function* () {
          yield* each(stream, (item) => journal.got(item));
        }),
      ),
  },
  {
    name: "abort of a generator task in a slow body of each",
    leave: (stream, journal, due) =>
      abort(
        due,
        spawn(function* () {
          yield* each(stream, function* (item) {
            journal.got(item);
            yield* sleep(1);
          });
        }),
      ),
  },
  {
    name: "abort of a generator task in next",
    async leave(stream, journal, due) {
      await abort(
        due,
        spawn(function* () {
          for (let item = yield* next(stream); item.done !== true; item = yield* next(stream)) journal.got(item.value);
        }),
      );
      await stream.close().catch(cancelled);
    },
  },
  {
    name: "abort of an async task in forEach",
    isGivenAway: true,
    leave: (stream, journal, due) =>
      abort(
        due,
        spawn(() => stream.forEach((item) => void journal.got(item))),
      ),
  },
  {
    name: "a scope that is left",
    async leave(stream, journal, due) {
      const left = scope(async (nursery) => {
        nursery.spawn(async () => {
          for await (const item of stream) journal.got(item);
        });
        await due();
        nursery.cancel();
      });
      await left.then(undefined, cancelled);
    },
  },
  {
    name: "timeout around a for await",
    async leave(stream, journal) {
      const loop = timeout(2, async () => {
        for await (const item of stream) journal.got(item);
      });
      await loop.then(undefined, cancelled);
    },
  },
  {
    name: "timeout around toArray",
    isSilent: true,
    isGivenAway: true,
    async leave(stream) {
      await timeout(2, toArray(stream)).then(undefined, cancelled);
    },
  },
  {
    name: "a signal of forEach",
    isGivenAway: true,
    async leave(stream, journal, due) {
      const token = new CancellationToken();
      const done = stream.forEach((item) => void journal.got(item), { signal: token }).catch(cancelled);
      await due();
      token.cancel();
      await done;
    },
  },
  {
    name: "a signal of each pull, and then a close",
    async leave(stream, journal, due) {
      const token = new CancellationToken();
      const pulling = (async () => {
        for (;;) {
          const item = await stream.next({ signal: token });
          if (item.done === true) return;
          journal.got(item.value);
        }
      })().catch(cancelled);
      await due();
      token.cancel();
      await pulling;
      await stream.close();
    },
  },
  {
    name: "a close in the middle of a pull, and another",
    async leave(stream, journal, due) {
      const pulling = (async () => {
        for (let item = await stream.next(); item.done !== true; item = await stream.next()) journal.got(item.value);
      })();
      await due();
      await Promise.all([stream.close(), stream.close()]);
      await pulling;
    },
  },
  {
    name: "a lost select, and then await using",
    async leave(stream, journal, due) {
      await using used = stream;
      const stop = chan<number>(1);
      const due2 = due().then(() => stop.trySend(0));
      for (;;) {
        const { key, value } = await select({ stop: recv(stop), item: next(used) });
        if (key === "stop" || value.done === true) break;
        journal.got(value.value);
      }
      await due2;
    },
  },
  {
    name: "return() of its iterator, with a pull under way",
    async leave(stream, journal, due) {
      const loop = stream[Symbol.asyncIterator]();
      const pulling = (async () => {
        for (let item = await loop.next(); item.done !== true; item = await loop.next()) journal.got(item.value);
      })();
      await due();
      expect(await loop.return?.()).toEqual({ done: true, value: undefined });
      await pulling;
    },
  },
];

describe("cancelled anywhere", () => {
  const moments = fc.record({ ms: fc.nat(6), microtasks: fc.nat(25) });

  test.each(WAYS)(
    "everything is closed once, nothing is left, nothing came out of order: $name",
    (way) =>
      fc.assert(
        fc.asyncProperty(chains(), moments, (chain: Chain, { ms, microtasks }) =>
          virtual(async () => {
            const journal = new Journal();
            const stream = streamOf(chain, journal);
            await way.leave(stream, journal, async () => {
              if (ms > 0) await sleep(ms);
              for (let i = 0; i < microtasks; i++) await undefined;
            });
            const told = [...journal.lines];
            expectClosed(journal);
            // toArray tells nobody of its items on the way.
            const doings = (of: Journal): string[] =>
              of.doings.filter((line) => line !== "end" && !(way.isSilent === true && line.startsWith("=")));
            const calls = doings(journal);
            expect(calls).toEqual(doings(expected(chain)).slice(0, calls.length));
            if (way.isGivenAway !== true) await expectEnded(stream);
            expect(journal.lines).toEqual(told);
            journal.end();
          }),
        ),
        { numRuns: 80 },
      ),
    HEAVY,
  );

  test(
    "a pull that is given up at any moment keeps its item for the next one",
    () =>
      fc.assert(
        fc.asyncProperty(chains(), fc.array(fc.nat(30), { maxLength: 30 }), (chain, patience) =>
          virtual(async () => {
            const journal = new Journal();
            const stream = streamOf(chain, journal);
            let round = 0;
            for (;;) {
              const token = new CancellationToken();
              const pull = stream.next({ signal: token });
              const microtasks = patience[round++];
              if (microtasks !== undefined) {
                void (async () => {
                  for (let i = 0; i < microtasks; i++) await undefined;
                  token.cancel();
                })();
              }
              const item = await pull.catch(cancelled);
              if (item === undefined) continue;
              if (item.done === true) break;
              journal.got(item.value);
            }
            expect(journal.items).toEqual(expected(chain).items);
            journal.note("end");
            expect(journal.doings).toEqual(expected(chain).doings);
            journal.end();
          }),
        ),
        { numRuns: 80 },
      ),
    HEAVY,
  );
});
