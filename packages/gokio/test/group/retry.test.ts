import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { type RetryOptions, retry } from "../../src/group/retry.ts";
import type { LazyCall } from "../../src/task/call.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { virtual } from "../support/virtual.ts";

const ways = [
  { name: "awaited", run: <T>(call: LazyCall<T>) => spawn(async () => await call) },
  {
    name: "yielded",
    run: <T>(call: LazyCall<T>) =>
      spawn(function* () {
        return yield* call;
      }),
  },
];

const bodies: { name: string; body: (fails: (attempt: number) => void) => (attempt: number) => Promise<string> }[] = [
  {
    name: "an async body",
    body: (fails) => async (attempt) => {
      fails(attempt);
      await sleep(1);
      return `ok at ${attempt}`;
    },
  },
  {
    name: "a generator body",
    body: (fails) =>
      function* (attempt: number) {
        fails(attempt);
        yield* sleep(1);
        return `ok at ${attempt}`;
      } as never,
  },
  {
    name: "an operation",
    body: (fails) => (attempt) => {
      fails(attempt);
      const ch = chan<string>(1);
      ch.trySend(`ok at ${attempt}`);
      return recv(ch) as never;
    },
  },
];

describe.each(ways)("$name", ({ run }) => {
  test.each(bodies)("$name is repeated until it succeeds", ({ body }) =>
    virtual(async () => {
      const attempts: number[] = [];
      const fails = (attempt: number): void => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error(`attempt ${attempt}`);
      };
      expect(await run(retry(body(fails)))).toBe("ok at 3");
      expect(attempts).toEqual([1, 2, 3]);
    }),
  );

  test("pauses grow by the factor, up to the longest", () =>
    virtual(async (clock) => {
      const times: number[] = [];
      const failed = run(
        retry(
          async () => {
            times.push(clock.elapsed);
            throw new Error(`attempt ${times.length}`);
          },
          { attempts: 6, backoff: { base: 10, factor: 3, max: 100 } },
        ),
      );
      await expect(Promise.resolve(failed)).rejects.toThrow("attempt 6");
      expect(times).toEqual([0, 10, 40, 130, 230, 330]);
    }));

  test("jitter is the host's randomness, and shortens a pause by at most its part", () =>
    virtual(async (clock) => {
      const pauses: number[] = [];
      let last = 0;
      const failed = run(
        retry(
          async () => {
            pauses.push(clock.elapsed - last);
            last = clock.elapsed;
            throw new Error("again");
          },
          { attempts: 200, backoff: { base: 1000, factor: 1, jitter: 0.5 } },
        ),
      );
      await failed.settled();
      pauses.shift();
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(1000);
      expect(new Set(pauses).size).toBeGreaterThan(100);
      expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(400);
    }));

  test("the same seed gives the same pauses", async () => {
    const elapsed = (seed: number): Promise<number> =>
      virtual(
        async (clock) => {
          const fail = async (): Promise<never> => {
            throw new Error("again");
          };
          await run(retry(fail, { attempts: 5, backoff: { jitter: 1 } })).settled();
          return clock.elapsed;
        },
        { seed },
      );
    expect(await elapsed(1)).toBe(await elapsed(1));
    expect(await elapsed(1)).not.toBe(await elapsed(2));
  });

  test("retryIf decides, by error and attempt", () =>
    virtual(async () => {
      const seen: unknown[] = [];
      const failed = run(
        retry(
          async (attempt) => {
            throw new Error(attempt === 3 ? "fatal" : "busy");
          },
          {
            attempts: 10,
            retryIf: (error, attempt) => {
              seen.push(attempt);
              return (error as Error).message === "busy";
            },
          },
        ),
      );
      await expect(Promise.resolve(failed)).rejects.toThrow("fatal");
      expect(seen).toEqual([1, 2, 3]);
    }));

  test("an abort ends the attempt, and there is no other", () =>
    virtual(async (clock) => {
      for (const ms of [5, 15]) {
        let attempts = 0;
        const start = clock.elapsed;
        const task = run(
          retry(
            async () => {
              attempts++;
              await sleep(10);
              throw new Error("again");
            },
            { attempts: 10, backoff: { base: 10 } },
          ),
        );
        await sleep(ms);
        task.abort();
        expect((await task.settled()).status).toBe("aborted");
        expect([attempts, clock.elapsed - start]).toEqual([1, ms]);
      }
    }));

  test("the signal ends the attempt or the pause, cleanup first", () =>
    virtual(async (clock) => {
      for (const ms of [5, 25]) {
        const token = new CancellationToken();
        const start = clock.elapsed;
        let attempts = 0;
        const task = run(
          retry(
            function* () {
              attempts++;
              try {
                yield* sleep(10);
              } finally {
                yield* sleep(10);
              }
              throw new Error("again");
            },
            { attempts: 10, backoff: { base: 10 }, signal: token },
          ),
        );
        await sleep(ms);
        token.cancel("enough");
        await expect(Promise.resolve(task)).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
        expect([attempts, clock.elapsed - start]).toEqual([1, ms === 5 ? 15 : 25]);
      }
    }));

  test("a timeout inside the body is a failure like another", () =>
    virtual(async () => {
      const value = await run(
        retry(async (attempt) => {
          await timeout(10, sleep(attempt === 1 ? 100 : 1));
          return attempt;
        }),
      );
      expect(value).toBe(2);
    }));

  test("the attempt's own signal aborts with it", () =>
    virtual(async () => {
      const signals: AbortSignal[] = [];
      const task = run(
        retry(async (_attempt, self) => {
          signals.push(self.signal);
          await sleep(100);
        }),
      );
      await sleep(5);
      expect(signals[0]?.aborted).toBe(false);
      task.abort();
      await task.settled();
      expect(signals.map((each) => each.aborted)).toEqual([true]);
    }));
});

test("a signal that was aborted before lets nothing start", async () => {
  let started = false;
  const call = retry(
    async () => {
      started = true;
      await sleep(0);
    },
    { signal: AbortSignal.abort("before"), attempts: 5 },
  );
  await expect(Promise.resolve(call)).rejects.toMatchObject({ name: "AbortError" });
  expect(started).toBe(false);
});

test("a base of 0 is no pause, however many attempts there are", () =>
  virtual(async (clock) => {
    let attempts = 0;
    const value = await retry(
      () => {
        if (++attempts < 1100) throw new Error("busy");
        return attempts;
      },
      { attempts: Number.POSITIVE_INFINITY, backoff: { base: 0 } },
    );
    expect([value, clock.elapsed]).toEqual([1100, 0]);
  }));

test("a pause that has grown beyond every number is the longest one", () =>
  virtual(async (clock) => {
    const failing = retry(
      () => {
        throw new Error("busy");
      },
      { attempts: 4, backoff: { base: 1, factor: 1e200, max: 7 } },
    );
    await expect(Promise.resolve(failing)).rejects.toThrow("busy");
    expect(clock.elapsed).toBe(15);
  }));

test("bad input", () => {
  const body = async (): Promise<void> => {};
  const bad: RetryOptions[] = [
    { attempts: 0 },
    { attempts: 1.5 },
    { backoff: { base: -1 } },
    { backoff: { factor: 0.5 } },
    { backoff: { factor: Number.NaN } },
    { backoff: { max: Number.NaN } },
    { backoff: { jitter: 1.1 } },
    { backoff: { jitter: -0.1 } },
  ];
  for (const options of bad) expect(() => retry(body, options)).toThrow(RangeError);
  expect(() => retry(body, { backoff: { jitter: "1" as never } })).toThrow(TypeError);
  expect(() => retry(body, { retryIf: 5 as never })).toThrow(TypeError);
  expect(() => retry(body, { signal: {} as never })).toThrow(TypeError);
  expect(() => retry(5 as never)).toThrow(TypeError);
  expect(() => retry(body, null as never)).toThrow("options must be an object, not null");
  expect(() => retry(body, { backoff: null as never })).toThrow("backoff must be an object, not null");
});
