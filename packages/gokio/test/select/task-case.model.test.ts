/** Random selects with running work: nothing lost, nobody left, whatever wins and whoever cancels. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { type TaskCase, task } from "../../src/select/task-case.ts";
import type { Task } from "../../src/task/body.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { onTaskError } from "../../src/task/unjoined.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const ms = fc.integer({ min: 0, max: 12 });
const maybe = fc.option(ms, { nil: undefined });
const work = fc.record({
  async: fc.boolean(),
  ms,
  cleanup: ms,
  fails: fc.constantFrom("no", "no", "body", "cleanup"),
});
const scenario = fc.record({
  works: fc.array(work, { minLength: 1, maxLength: 3 }),
  nested: fc.boolean(),
  limit: maybe,
  send: maybe,
  abort: maybe,
  async: fc.boolean(),
});
type Work = typeof work extends fc.Arbitrary<infer W> ? W : never;

class Ledger {
  live = 0;
  readonly thrown: unknown[] = [];

  fail(what: string): never {
    const error = new Error(what);
    this.thrown.push(error);
    throw error;
  }
}

function caseOf(ledger: Ledger, { async, ms, cleanup, fails }: Work): TaskCase<string> {
  const body = function* (): Task<string> {
    ledger.live++;
    let through = false;
    try {
      yield* sleep(ms);
      through = true;
      if (fails === "body") ledger.fail("body");
      return "worked";
    } finally {
      try {
        // With an error on its way out, a wait that is cancelled would drop it; that is how generators are.
        if (!(through && fails === "body")) yield* sleep(cleanup);
      } finally {
        ledger.live--;
        if (fails === "cleanup" && !through) ledger.fail("cleanup");
      }
    }
  };
  const asyncBody = async (): Promise<string> => {
    ledger.live++;
    let through = false;
    try {
      await sleep(ms);
      through = true;
      if (fails === "body") ledger.fail("body");
      return "worked";
    } finally {
      await shield(() => sleep(cleanup));
      ledger.live--;
      if (fails === "cleanup" && !through) ledger.fail("cleanup");
    }
  };
  return async ? task(asyncBody) : task(body);
}

test("whatever wins, nothing is lost and nobody is left", async () => {
  const seen = { worked: 0, received: 0, limited: 0, aborted: 0, failed: 0, reported: 0 };
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(), async (plan, seed) => {
      const reported: unknown[] = [];
      using _ = onTaskError((error) => {
        reported.push(error);
        return true;
      });
      const ledger = new Ledger();
      const ch = chan<string>();
      const outcome: { value?: unknown; error?: unknown; live?: number } = {};
      let sent = false;
      await virtual(
        async () => {
          const build = (): Operation<unknown> => {
            const [first, ...rest] = plan.works.map((each) => caseOf(ledger, each));
            const inner = select({ first, ch: recv(ch) });
            const cases = Object.fromEntries(rest.map((each, i) => [`work${i}`, each]));
            const op = plan.nested ? select({ inner, ...cases }) : select({ first, ch: recv(ch), ...cases });
            return plan.limit === undefined ? op : timeout(plan.limit + 0.5, op as Operation<unknown>);
          };
          const ended = (result: typeof outcome): void => void Object.assign(outcome, result, { live: ledger.live });
          const running = plan.async
            ? spawn(async () => {
                await build().then(
                  (value) => ended({ value }),
                  (error) => ended({ error }),
                );
              })
            : spawn(function* () {
                try {
                  ended({ value: yield* build() });
                } catch (error) {
                  ended({ error });
                } finally {
                  // Unwound: the wait was over by now, and so was everything in it.
                  if (outcome.live === undefined) ended({});
                }
              });
          const sender = spawn(function* () {
            if (plan.send === undefined) return;
            yield* sleep(plan.send + 0.25);
            sent = ch.trySend("message");
          });
          const aborter = spawn(function* () {
            if (plan.abort === undefined) return;
            yield* sleep(plan.abort + 0.75);
            running.abort("aborted");
          });
          await running.settled();
          for (const each of [sender, aborter]) await each[Symbol.asyncDispose]();
        },
        { seed },
      );
      for (let i = 0; i < 3; i++) await turn();
      expect([ledger.live, outcome.live]).toEqual([0, 0]);
      const got = JSON.stringify(outcome.value) ?? "";
      // A message that was taken arrived, and one that was not is nowhere.
      expect(got.includes("message")).toBe(sent);
      const error = outcome.error;
      // Each failure went to one place: the select that threw it, or the report.
      const thrown = ledger.thrown.includes(error) ? [error] : [];
      expect(new Set([...thrown, ...reported])).toEqual(new Set(ledger.thrown));
      expect(thrown.length + reported.length).toBe(ledger.thrown.length);
      if (got.includes("worked")) seen.worked++;
      else if (sent) seen.received++;
      else if (thrown.length > 0) seen.failed++;
      else if ((error as Error | undefined)?.name === "TimeoutError") seen.limited++;
      else seen.aborted++;
      seen.reported += reported.length;
    }),
    { numRuns: 1000, seed: 7 },
  );
  for (const [path, count] of Object.entries(seen)) expect([path, count > 5]).toEqual([path, true]);
}, 60_000);
