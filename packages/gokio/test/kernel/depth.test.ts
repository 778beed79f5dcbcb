/** Long queues and long chains: linear time, and a stack that does not grow. */
import { describe, expect, test } from "vitest";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { type Chan, chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { select } from "../../src/select/select.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { HEAVY, quiet } from "../support/turns.ts";
import { Turnstile } from "./fakes.ts";

const COUNT = 100_000;

describe.each(["generator", "async"] as const)("in the %s flavour", (flavour) => {
  test(
    "10⁵ blocked senders drain, in order",
    async () => {
      const ch = chan<number>();
      for (let i = 0; i < COUNT; i++) {
        if (flavour === "async") spawn(async () => ch.send(i));
        else
          spawn(function* () {
            yield* send(ch, i);
          });
      }
      await quiet();
      for (let i = 0; i < COUNT; i++) {
        const got = ch.tryRecv();
        if (got?.value !== i) throw new Error(`${got?.value} instead of ${i}`);
      }
      await quiet();
    },
    HEAVY,
  );

  test(
    "a chain of 10⁵ tasks that each wake the next",
    async () => {
      const links: Chan<number>[] = Array.from({ length: COUNT + 1 }, () => chan<number>());
      for (let i = 0; i < COUNT; i++) {
        const [from, to] = [links[i], links[i + 1]] as [Chan<number>, Chan<number>];
        if (flavour === "async") spawn(async () => to.send((await from.recv()) + 1));
        else
          spawn(function* () {
            yield* send(to, (yield* recv(from)) + 1);
          });
      }
      await quiet();
      await links[0]?.send(0);
      expect(await links[COUNT]?.recv()).toBe(COUNT);
    },
    HEAVY,
  );

  test(
    "a chain of 10⁵ tasks that each join the next",
    async () => {
      let last: JoinHandle<number> = spawn(async () => {
        await sleep(1);
        return 0;
      });
      for (let i = 0; i < COUNT; i++) {
        const before = last;
        if (flavour === "async") last = spawn(async () => (await before) + 1);
        else
          last = spawn(function* () {
            return (yield* join(before)) + 1;
          });
      }
      expect(await last).toBe(COUNT);
    },
    HEAVY,
  );

  test(
    "10⁵ waits on one token end at one cancellation",
    async () => {
      const token = new CancellationToken();
      const ch = chan<number>();
      const outcomes: JoinHandle<string>[] = [];
      for (let i = 0; i < COUNT; i++) {
        const task =
          flavour === "async"
            ? spawn(async () => ch.recv({ signal: token }).then(String, (error: Error) => error.name))
            : spawn(function* () {
                try {
                  return String(yield* recv(ch, { signal: token }));
                } catch (error) {
                  return (error as Error).name;
                }
              });
        outcomes.push(task);
      }
      await quiet();
      token.cancel();
      for (const outcome of outcomes) if ((await outcome) !== "AbortError") throw new Error("not cancelled");
      expect(ch.trySend(1)).toBe(false);
    },
    HEAVY,
  );
});

test(
  "a chain of tokens 10⁵ deep is cancelled, with what hangs on its end",
  async () => {
    const root = new CancellationToken();
    let leaf = root;
    for (let i = 0; i < COUNT; i++) leaf = leaf.child();
    const wait = chan<number>().recv({ signal: leaf });
    root.cancel("all");
    await expect(wait).rejects.toMatchObject({ cause: "all" });
    expect(leaf.isCancelled).toBe(true);
  },
  HEAVY,
);

test(
  "a chain of 10⁵ selects, each of which leaves the queue that the next is in, settles from one cancellation",
  async () => {
    const turnstiles = Array.from({ length: COUNT + 1 }, () => new Turnstile());
    const token = new CancellationToken();
    const first = timeout(Number.POSITIVE_INFINITY, turnstiles[0] as Turnstile);
    const left = select({ first, stop: cancelled(token) }).then(({ key }) => key);
    const selects: Promise<string>[] = [];
    for (let i = 0; i < COUNT; i++) {
      selects.push(select({ here: turnstiles[i], there: turnstiles[i + 1] }).then(({ key }) => key));
    }
    await quiet();
    token.cancel();
    expect(await left).toBe("stop");
    expect(new Set(await Promise.all(selects))).toEqual(new Set(["here"]));
    expect(turnstiles.every((each) => each.waiters.size === 0)).toBe(true);
  },
  HEAVY,
);

test(
  "10⁵ receivers parked on one channel are cancelled from the middle outwards, in linear time",
  async () => {
    const ch = chan<number>();
    const tokens: CancellationToken[] = [];
    const waits: Promise<string>[] = [];
    for (let i = 0; i < COUNT; i++) {
      const token = new CancellationToken();
      tokens.push(token);
      const wait = ch.next({ signal: token }).then(
        () => "woken",
        () => "cancelled",
      );
      waits.push(wait);
    }
    for (let i = 0; i < COUNT / 2; i++) {
      tokens[COUNT / 2 + i]?.cancel();
      tokens[COUNT / 2 - i - 1]?.cancel();
    }
    expect(new Set(await Promise.all(waits))).toEqual(new Set(["cancelled"]));
    expect(ch.trySend(1)).toBe(false);
  },
  HEAVY,
);
