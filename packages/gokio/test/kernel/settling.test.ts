/** The step: what ends together ends in order, whole, and without recursion. */
import { describe, expect, test } from "vitest";
import { CancelNode } from "../../src/cancel/node.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import { Registration } from "../../src/kernel/abortable.ts";
import { Cancellation, membersOf } from "../../src/kernel/cancel-source.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { afterStep, later, type Phase, SERVE, STOP, inStep as step, TELL } from "../../src/kernel/settling.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { HEAVY, turn } from "../support/turns.ts";

const DEEP = 100_000;

/** Does `body` in a step, ended as a canceller ends it, or as a waker does. */
function inStep(body: () => void, woken = false): void {
  step(body, woken ? defaultScheduler : undefined);
}

describe("a step", () => {
  const write = (log: string[], phase: Phase, name: string, then = () => {}): void =>
    later(phase, () => {
      log.push(name);
      then();
    });

  test("tells, then stops, then serves, each in the order it came", () => {
    const log: string[] = [];
    inStep(() => {
      for (const n of [1, 2]) {
        write(log, SERVE, `serve ${n}`);
        write(log, STOP, `stop ${n}`);
        write(log, TELL, `tell ${n}`);
      }
      expect(log).toEqual([]);
    });
    expect(log).toEqual(["tell 1", "tell 2", "stop 1", "stop 2", "serve 1", "serve 2"]);
  });

  test("does what a part has caused before it goes on with the next of a later phase", () => {
    const log: string[] = [];
    inStep(() => {
      write(log, STOP, "stop 1", () => {
        write(log, SERVE, "serve caused by stop 1");
        write(log, TELL, "tell caused by stop 1");
      });
      write(log, STOP, "stop 2");
      write(log, SERVE, "serve 1", () => write(log, TELL, "tell caused by serve 1"));
      write(log, SERVE, "serve 2");
    });
    expect(log).toEqual([
      "stop 1",
      "tell caused by stop 1",
      "stop 2",
      "serve 1",
      "tell caused by serve 1",
      "serve 2",
      "serve caused by stop 1",
    ]);
  });

  test("is opened by a part that comes outside of one", () => {
    const log: string[] = [];
    write(log, SERVE, "serve", () => {
      write(log, TELL, "tell");
      log.push("served");
    });
    expect(log).toEqual(["serve", "served", "tell"]);
  });

  test("ends where it began, not where somebody within it would have begun one", () => {
    const log: string[] = [];
    inStep(() => {
      inStep(() => write(log, TELL, "tell"));
      expect(log).toEqual([]);
    });
    expect(log).toEqual(["tell"]);
  });

  test("throws what one of its parts throws, once all have been done; the next step is none the worse", () => {
    const log: string[] = [];
    const broken = new Error("the first");
    const failing = (error: Error) => () => {
      throw error;
    };
    const failingStep = (): void =>
      inStep(() => {
        write(log, TELL, "tell 1", failing(broken));
        write(log, TELL, "tell 2");
        write(log, STOP, "stop", failing(new Error("the second")));
        write(log, SERVE, "serve");
        afterStep(() => log.push("user code"));
      });
    expect(failingStep).toThrow(broken);
    expect(log.splice(0)).toEqual(["tell 1", "tell 2", "stop", "serve", "user code"]);
    inStep(() => write(log, TELL, "tell"));
    write(log, SERVE, "serve");
    expect(log).toEqual(["tell", "serve"]);
  });

  test("takes 10⁵ parts, each caused by the one before, in linear time and on a flat stack", () => {
    let count = 0;
    const next = (phase: Phase): void =>
      later(phase, () => {
        if (++count < DEEP) next(((phase + 1) % 3) as Phase);
      });
    next(TELL);
    expect(count).toBe(DEEP);
  });
});

describe("user code", () => {
  test("runs at once outside of a step, and at its end within one, in order", () => {
    const log: string[] = [];
    afterStep(() => log.push("outside"));
    inStep(() => {
      afterStep(() => log.push("first"));
      afterStep(() => log.push("second"));
      later(SERVE, () => void log.push("served"));
      log.push("begun");
    });
    expect(log).toEqual(["outside", "begun", "served", "first", "second"]);
  });

  test("runs later if a wake began the step, and before who was woken then", async () => {
    const log: string[] = [];
    inStep(() => {
      afterStep(() => log.push("listener"));
      defaultScheduler.enqueue({ runsUserCode: false, run: () => void log.push("woken") });
    }, true);
    log.push("the waker goes on");
    await turn();
    expect(log).toEqual(["the waker goes on", "listener", "woken"]);
  });

  test("that began a step of its own has seen what that brought when it goes on", () => {
    const log: string[] = [];
    inStep(() => {
      afterStep(() => {
        log.push("first");
        inStep(() => afterStep(() => log.push("caused by first")));
        log.push("first goes on");
      });
    });
    expect(log).toEqual(["first", "caused by first", "first goes on"]);
  });

  test("that causes more of it, 10⁵ deep, is through when the first step is, on a flat stack", () => {
    let depth = 0;
    let deepest = 0;
    let count = 0;
    const again = (): void => {
      deepest = Math.max(deepest, ++depth);
      if (++count < DEEP) inStep(() => afterStep(again));
      depth--;
    };
    inStep(() => afterStep(again));
    expect(count).toBe(DEEP);
    expect(deepest).toBeLessThan(1000);
  });
});

/** Cannot be cancelled properly: taking its waiter off fails. */
class Broken extends Operation<string> {
  waiter: Waiter<string> | undefined = undefined;

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<string>): void {
    this.waiter = waiter;
  }

  override unlink(): void {
    throw new Error("a broken operation");
  }

  override describe(): string {
    return "something broken";
  }
}

describe("an operation whose unlink throws", () => {
  test("keeps nobody else from being told, and surfaces at the canceller", () => {
    const node = new CancelNode();
    const child = new CancelNode(node);
    const told: string[] = [];
    node.add(new Registration(() => told.push("before")));
    node.add(
      new Registration(() => {
        throw new Error("a broken member");
      }),
    );
    node.add(new Registration(() => told.push("after")));
    child.add(new Registration(() => told.push("below")));
    expect(() => node.cancelWith(new Cancellation("why"))).toThrow("a broken member");
    expect(told.sort()).toEqual(["after", "before", "below"]);
    expect([...membersOf(node), ...membersOf(child)]).toEqual([]);
  });

  test("leaves the other tasks of a group aborted, and the rest of the program as it was", async () => {
    const broken = new Broken();
    const group = new JoinSet<unknown>();
    const ch = chan<number>();
    const before = group.spawn(async () => await ch.recv());
    const bad = group.spawn(function* () {
      return yield* broken;
    });
    const after = [group.spawn(() => recv(ch)), group.spawn(async () => await ch.recv())];
    await turn();
    expect(() => group.abortAll("why")).toThrow("a broken operation");
    for (const each of [before, ...after]) expect(await each.settled()).toEqual({ status: "aborted", reason: "why" });
    expect(ch.trySend(1)).toBe(false);

    const token = new CancellationToken();
    const other = ch.recv({ signal: token });
    expect(token.cancel("unrelated")).toBe(true);
    await expect(other).rejects.toMatchObject({ name: "AbortError", cause: "unrelated" });

    broken.waiter?.wake("ended after all");
    await bad.settled();
  });
});

describe("30,000 selects, each a case of the next, in tasks:", () => {
  const NESTED = 30_000;

  interface Nest {
    started: number;
    cleaned: number;
    body(depth: number): () => Generator<any, unknown, any>;
  }

  function nest(flavour: "generator" | "async"): Nest {
    const counts = {
      started: 0,
      cleaned: 0,
      body(depth: number): () => Generator<any, unknown, any> {
        if (flavour === "async") {
          return (async () => {
            counts.started++;
            try {
              if (depth === 0) await sleep(60_000);
              else await select({ inner: task(counts.body(depth - 1)) });
            } finally {
              counts.cleaned++;
            }
          }) as never;
        }
        return function* () {
          counts.started++;
          try {
            if (depth === 0) yield* sleep(60_000);
            else yield* select({ inner: task(counts.body(depth - 1)) });
          } finally {
            counts.cleaned++;
          }
        };
      },
    };
    return counts;
  }

  test.each(["generator", "async"] as const)(
    "cancelled, all clean up before the outermost ends (%s)",
    async (flavour) => {
      const nested = nest(flavour);
      const outermost = spawn(nested.body(NESTED));
      while (nested.started <= NESTED) await turn();
      expect(outermost.abort("why")).toBe(true);
      expect(await outermost.settled()).toEqual({ status: "aborted", reason: "why" });
      expect(nested.cleaned).toBe(NESTED + 1);
    },
    HEAVY,
  );

  test(
    "beaten, all clean up before the winner's value arrives",
    async () => {
      const nested = nest("generator");
      const ch = chan<string>();
      const outermost = spawn(function* () {
        return yield* select({ message: recv(ch), work: task(nested.body(NESTED)) });
      });
      while (nested.started <= NESTED) await turn();
      expect(ch.trySend("it")).toBe(true);
      expect(await outermost).toEqual({ key: "message", value: "it" });
      expect(nested.cleaned).toBe(NESTED + 1);
    },
    HEAVY,
  );
});
