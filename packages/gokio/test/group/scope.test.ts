import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { CancelledError, MisuseError, SendError } from "../../src/errors.ts";
import { type Scope, scope } from "../../src/group/scope.ts";
import { running } from "../../src/kernel/current.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { tasksOf } from "../../src/kernel/task-list.ts";
import { select } from "../../src/select/select.ts";
import { task } from "../../src/select/task-case.ts";
import type { Task } from "../../src/task/body.ts";
import { type JoinHandle, settled } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { TaskLocal } from "../../src/task/task-local.ts";
import { use } from "../../src/task/use.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

/** Bodies of scopes are written as generators; each test runs them in each way there is to run a scope. */
type Program = (s: Scope) => Task<unknown>;

const ways: { name: string; run(program: Program): JoinHandle<unknown> }[] = [
  {
    name: "an awaited scope with an async body",
    // The body's generator runs in a child, joined at once: an async body whose waits are the scope's.
    run: (program) => spawn(async () => await scope(async (s) => await asAsync(program(s)))),
  },
  { name: "an awaited scope with a generator body", run: (program) => spawn(async () => await scope(program)) },
  {
    name: "a yielded scope with a generator body",
    run: (program) =>
      spawn(function* () {
        return yield* scope(program);
      }),
  },
  {
    name: "a yielded scope with an async body",
    run: (program) =>
      spawn(function* () {
        return yield* scope(async (s) => await asAsync(program(s)));
      }),
  },
];

/** Drives a generator body with awaits only. */
async function asAsync(body: Task<unknown>): Promise<unknown> {
  let step: "next" | "throw" = "next";
  let value: unknown;
  const run = body as unknown as Generator<PromiseLike<unknown>, unknown, unknown>;
  for (;;) {
    const { done, value: yielded } = run[step](value);
    if (done === true) return yielded;
    try {
      value = await yielded;
      step = "next";
    } catch (error) {
      value = error;
      step = "throw";
    }
  }
}

/** Waits, in a program: by `yield*` in a generator task, by handing the operation to {@link asAsync} else. */
function* on<T>(op: Operation<T>): Task<T> {
  return running === undefined ? ((yield op as never) as T) : yield* op;
}

describe.each(ways)("$name", ({ run }) => {
  test("gives the body's value, when the last child has ended", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const value = await run(function* (s) {
        s.spawn(function* () {
          yield* sleep(20);
          log.push("child");
        });
        s.spawn(async () => {
          await sleep(10);
          log.push("async child");
        });
        expect(s.size).toBe(2);
        yield* on(sleep(1));
        return "value";
      });
      expect([value, clock.elapsed, log]).toEqual(["value", 20, ["async child", "child"]]);
    }));

  test("a failing child cancels the body and its siblings, and is what the scope throws", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const broken = new Error("broken");
      const failed = run(function* (s) {
        s.spawn(async () => {
          await sleep(5);
          throw broken;
        });
        s.spawn(function* () {
          try {
            yield* sleep(100);
          } finally {
            yield* sleep(20);
            log.push("generator cleaned");
          }
        });
        s.spawn(async () => {
          try {
            await sleep(100);
          } finally {
            await shield(async () => void (await sleep(10)));
            log.push("async cleaned");
          }
        });
        try {
          yield* on(sleep(1000));
          log.push("not reached");
        } finally {
          log.push("body left");
        }
      });
      await expect(failed).rejects.toBe(broken);
      expect([clock.elapsed, log]).toEqual([25, ["body left", "async cleaned", "generator cleaned"]]);
    }));

  test("a failing body cancels the children, and is what the scope throws", () =>
    virtual(async (clock) => {
      const broken = new Error("body");
      let cleaned = -1;
      const failed = run(function* (s) {
        s.spawn(function* () {
          try {
            yield* sleep(100);
          } finally {
            yield* sleep(10);
            cleaned = clock.elapsed;
          }
        });
        yield* on(sleep(5));
        throw broken;
      });
      await expect(failed).rejects.toBe(broken);
      expect(cleaned).toBe(15);
    }));

  test("several failures are all reported, once", () =>
    virtual(async () => {
      const errors = [new Error("first"), new Error("second"), new Error("third")];
      const failed = run(function* (s) {
        s.spawn(async () => {
          throw errors[0];
        });
        s.spawn(function* () {
          try {
            yield* sleep(100);
          } finally {
            throw errors[1];
          }
        });
        try {
          yield* on(sleep(100));
        } finally {
          throw errors[2];
        }
      });
      const error = (await failed.settled()) as { error: AggregateError };
      expect(error.error).toBeInstanceOf(AggregateError);
      expect(new Set(error.error.errors)).toEqual(new Set(errors));
      expect(error.error.errors).toHaveLength(3);
      expect(error.error.errors[0]).toBe(errors[0]);
    }));

  test("a failure that was joined fails the scope all the same, and counts once", () =>
    virtual(async () => {
      const broken = new Error("broken");
      const failed = run(function* (s) {
        const child = s.spawn(async () => {
          throw broken;
        });
        s.spawn(async () => await child);
        expect(yield* on(settled(child))).toEqual({ status: "failed", error: broken });
      });
      await expect(failed).rejects.toBe(broken);
    }));

  test("an aborted child is no failure", () =>
    virtual(async () => {
      const value = await run(function* (s) {
        const child = s.spawn(() => sleep(1000));
        yield* on(sleep(1));
        child.abort();
        expect(yield* on(settled(child))).toMatchObject({ status: "aborted" });
        return "fine";
      });
      expect(value).toBe("fine");
    }));

  test("aborting the task aborts every child, and waits for their cleanup", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const outer = run(function* (s) {
        for (const ms of [10, 30]) {
          s.spawn(function* () {
            try {
              yield* sleep(1000);
            } finally {
              yield* sleep(ms);
              log.push(`cleaned ${ms}`);
            }
          });
        }
        yield* on(sleep(1000));
      });
      await sleep(5);
      outer.abort("enough");
      expect(await outer.settled()).toEqual({ status: "aborted", reason: "enough" });
      expect([clock.elapsed, log]).toEqual([35, ["cleaned 10", "cleaned 30"]]);
    }));

  test("an abort that comes when only children are left reaches them, too", () =>
    virtual(async (clock) => {
      const outer = run(function* (s) {
        s.spawn(function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
          }
        });
        return "lost";
      });
      await sleep(5);
      outer.abort();
      expect((await outer.settled()).status).toBe("aborted");
      expect(clock.elapsed).toBe(15);
    }));

  test("cleanup that fails during an abort is not lost", () =>
    virtual(async () => {
      const broken = new Error("cleanup");
      const outer = run(function* (s) {
        s.spawn(function* () {
          try {
            yield* sleep(1000);
          } finally {
            throw broken;
          }
        });
        yield* on(sleep(1000));
      });
      await sleep(5);
      outer.abort();
      expect(await outer.settled()).toEqual({ status: "failed", error: broken });
    }));

  test("cancel() ends what runs; a body that ends by itself keeps its value", () =>
    virtual(async (clock) => {
      const value = await run(function* (s) {
        s.spawn(() => sleep(1000));
        yield* on(sleep(1));
        expect([s.cancel("done with"), s.cancel("again")]).toEqual([true, false]);
        expect(s.signal.aborted).toBe(true);
        const born = s.spawn(() => {
          throw new Error("it was never to start");
        });
        void born;
        return "value";
      });
      expect([value, clock.elapsed]).toEqual(["value", 1]);
    }));

  test("cancel() reaches the body at its next wait, and the scope throws", () =>
    virtual(async () => {
      const failed = run(function* (s) {
        s.cancel("enough");
        yield* on(sleep(1));
        return "not reached";
      });
      await expect(failed).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    }));

  test("children may spawn siblings while the scope ends; after that, it is misuse", () =>
    virtual(async () => {
      let leaked: Scope | undefined;
      const log: string[] = [];
      await run(function* (s) {
        leaked = s;
        s.spawn(async () => {
          await sleep(5);
          s.spawn(async () => {
            await sleep(5);
            log.push("grandchild");
          });
        });
        return 0;
      });
      expect(log).toEqual(["grandchild"]);
      expect(() => leaked?.spawn(async () => {})).toThrow(MisuseError);
      expect(() => leaked?.produce(1, async () => {})).toThrow(MisuseError);
    }));

  test("children have the task-locals of who spawned them", () =>
    virtual(async () => {
      const local = new TaskLocal<string>({ default: "none" });
      const seen: unknown[] = [];
      const program: Program = function* (s) {
        s.spawn(async () => seen.push(local.get()));
        s.spawn(function* () {
          seen.push(local.get());
        });
        return undefined;
      };
      await local.run("inside", () => run(program));
      expect(seen).toEqual(["inside", "inside"]);
    }));

  test("nothing is left unhandled by a failing scope", async () => {
    const unhandled = await unhandledDuring(() =>
      run(function* (s) {
        for (let i = 0; i < 5; i++) {
          s.spawn(async () => {
            throw new Error(`child ${i}`);
          });
        }
        return yield* on(sleep(1000));
      }).settled(),
    );
    expect(unhandled).toEqual([]);
  });

  test("20,000 children", async () => {
    let count = 0;
    await run(function* (s) {
      for (let i = 0; i < 20_000; i++) {
        s.spawn(function* () {
          count++;
        });
      }
      return undefined;
    });
    expect(count).toBe(20_000);
  });

  test("20,000 children cancelled by one", async () => {
    let cleaned = 0;
    const never = chan<never>();
    const failed = run(function* (s) {
      for (let i = 0; i < 20_000; i++) {
        s.spawn(function* () {
          try {
            yield* recv(never);
          } finally {
            cleaned++;
          }
        });
      }
      s.spawn(() => {
        throw new Error("one");
      });
      return undefined;
    });
    await expect(failed).rejects.toThrow("one");
    expect(cleaned).toBe(20_000);
  });
});

describe("in its surroundings", () => {
  test("a timeout around a scope", () =>
    virtual(async (clock) => {
      const body = (s: Scope) => {
        s.spawn(function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
          }
        });
        return sleep(500);
      };
      await expect(Promise.resolve(timeout(20, () => scope(body)))).rejects.toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(30);
    }));

  test("a scope as a case of a select: as a task", () =>
    virtual(async (clock) => {
      const won = await select({
        work: task(() =>
          scope((s) => {
            s.spawn(function* () {
              try {
                yield* sleep(1000);
              } finally {
                yield* sleep(10);
              }
            });
          }),
        ),
        tick: sleep(5),
      });
      expect([won.key, clock.elapsed]).toEqual(["tick", 15]);
    }));

  test("nested scopes: an inner failure goes outwards", () =>
    virtual(async () => {
      const log: string[] = [];
      const failed = scope(async (outer) => {
        outer.spawn(function* () {
          try {
            yield* sleep(1000);
          } finally {
            log.push("outer's child");
          }
        });
        await scope(async (inner) => {
          inner.spawn(async () => {
            await sleep(1);
            throw new Error("inner");
          });
          await sleep(1000);
        });
      });
      await expect(Promise.resolve(failed)).rejects.toThrow("inner");
      expect(log).toEqual(["outer's child"]);
    }));

  test("an inner failure can be handled, and the outer scope goes on", () =>
    virtual(async () => {
      const value = await spawn(function* () {
        return yield* scope(function* (outer) {
          const other = outer.spawn(function* () {
            yield* sleep(50);
            return "other";
          });
          try {
            yield* scope(function* (inner) {
              inner.spawn(() => {
                throw new Error("inner");
              });
              yield* sleep(1000);
            });
          } catch (error) {
            return [(error as Error).message, (yield* settled(other)).status];
          }
          return [];
        });
      });
      expect(value).toEqual(["inner", "ok"]);
    }));

  test("outside of every task", () =>
    virtual(async (clock) => {
      await scope((s) => {
        s.spawn(() => sleep(10));
      });
      expect(clock.elapsed).toBe(10);
      await expect(
        Promise.resolve(
          scope((s) => {
            s.spawn(() => sleep(1000));
            throw new Error("at once");
          }),
        ),
      ).rejects.toThrow("at once");
    }));

  test("an aborted generator never sees the scope's cancellation", () =>
    virtual(async () => {
      const seen: unknown[] = [];
      const outer = spawn(function* () {
        try {
          yield* scope(function* (s) {
            s.spawn(() => sleep(1000));
          });
        } catch (error) {
          seen.push(error);
        }
      });
      await sleep(1);
      outer.abort();
      expect((await outer.settled()).status).toBe("aborted");
      expect(seen).toEqual([]);
    }));

  test("children of a daemon are daemons", async () => {
    const outer = spawn(() => scope((s) => void s.spawn(() => recv(chan()))), { daemon: true });
    await turn();
    const { defaultScheduler } = await import("../../src/kernel/scheduler.ts");
    expect([...tasksOf(defaultScheduler.tasks)].map((each) => each.daemon)).toEqual([true, true]);
    outer.abort();
    await outer.settled();
  });

  test("the signal aborts with the scope, and with the task around it", () =>
    virtual(async () => {
      let signal: AbortSignal | undefined;
      const outer = spawn(() =>
        scope(async (s) => {
          signal = s.signal;
          await sleep(1000);
        }),
      );
      await sleep(1);
      expect(signal?.aborted).toBe(false);
      outer.abort("why");
      expect(signal?.aborted).toBe(true);
      expect(signal?.reason).toBeInstanceOf(CancelledError);
      await outer.settled();
    }));

  test("bad input", () => {
    expect(() => scope(5 as never)).toThrow(TypeError);
  });
});

const END = { done: true, value: undefined };

describe("produce", () => {
  test("workers fill a channel that closes when the last has ended", () =>
    virtual(async () => {
      const got = await scope(async (s) => {
        let first = 0;
        const numbers = s.produce<number>(2, { workers: 3, name: "numbers" }, async (tx) => {
          for (let n = first++; n < 10; n = first++) {
            await sleep(n % 3);
            await tx.send(n);
          }
        });
        const values: number[] = [];
        for await (const n of numbers) values.push(n);
        return values.sort((a, b) => a - b);
      });
      expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }));

  test("in generators, through a pipeline of four workers", () =>
    virtual(async (clock) => {
      const sum = await spawn(function* () {
        return yield* scope(function* (s) {
          const jobs = s.produce<number>(0, function* (tx) {
            for (let n = 1; n <= 20; n++) yield* send(tx, n);
          });
          const results = s.produce<number>(4, { workers: 4 }, async (tx) => {
            for await (const n of jobs) {
              await sleep(10);
              await tx.send(n * n);
            }
          });
          let total = 0;
          for (;;) {
            const item = yield* next(results);
            if (item.done === true) return total;
            total += item.value;
          }
        });
      });
      expect([sum, clock.elapsed]).toEqual([2870, 50]);
    }));

  test("who receives never takes a failure for the end", () =>
    virtual(async () => {
      const log: string[] = [];
      const consume = async (numbers: AsyncIterable<number>): Promise<void> => {
        for await (const _ of numbers);
        log.push("the end was seen");
      };
      const failed = scope(async (s) => {
        const numbers = s.produce<number>(0, async (tx) => {
          await tx.send(1);
          await sleep(1);
          throw new Error("half way");
        });
        s.spawn(() => consume(numbers));
        await consume(numbers);
      });
      await expect(Promise.resolve(failed)).rejects.toThrow("half way");
      expect(log).toEqual([]);
    }));

  test("a worker may close the channel itself, and cancelling the scope ends blocked workers", () =>
    virtual(async () => {
      await scope(async (s) => {
        const closed = s.produce<number>(0, async (tx) => {
          (tx as unknown as { close(): void }).close();
        });
        expect(await closed.next()).toEqual({ done: true, value: undefined });
        const endless = s.produce<number>(0, async (tx) => {
          for (let n = 0; ; n++) await tx.send(n);
        });
        expect(await endless.recv()).toBe(0);
        s.cancel();
      });
    }));

  test("who disposes what it receives from wants no more: sends fail, and the producers end well", () =>
    virtual(async () => {
      const log: unknown[] = [];
      const value = await scope(async (s) => {
        using numbers = s.produce<number>(2, { workers: 3 }, async (tx) => {
          try {
            for (let n = 0; ; n++) await tx.send(n);
          } catch (error) {
            log.push((error as Error).name);
            throw error;
          }
        });
        expect([numbers.capacity, numbers.isClosed]).toEqual([2, false]);
        for await (const n of numbers) if (n === 3) break;
        expect(numbers.length).toBe(2);
        return "left";
      });
      expect([value, log]).toEqual(["left", ["SendError", "SendError", "SendError"]]);
    }));

  test("through a pipeline of generators: each stage lets go of the one before it", () =>
    virtual(async () => {
      const ended: string[] = [];
      const first = await spawn(function* () {
        return yield* scope(function* (s) {
          const naturals = s.produce<number>(0, function* (tx) {
            try {
              for (let n = 0; ; n++) yield* send(tx, n);
            } finally {
              ended.push("naturals");
            }
          });
          const squares = s.produce<number>(0, function* (tx) {
            yield* use(naturals, function* (source) {
              for (;;) {
                const n = yield* recv(source);
                yield* send(tx, n * n);
              }
            });
          });
          return yield* use(squares, function* (source) {
            for (;;) {
              const square = yield* recv(source);
              if (square > 50) return square;
            }
          });
        });
      });
      expect([first, ended]).toEqual([64, ["naturals"]]);
    }));

  test("disposing twice, or after the end, does nothing; other receivers are told the end", () =>
    virtual(async () => {
      await scope(async (s) => {
        const endless = s.produce<number>(0, async (tx) => {
          for (let n = 0; ; n++) await tx.send(n);
        });
        expect(await endless.recv()).toBe(0);
        endless[Symbol.dispose]();
        endless[Symbol.dispose]();
        expect([endless.isClosed, await endless.next(), endless.tryRecv()]).toEqual([true, END, END]);
        const few = s.produce<number>(1, (tx) => tx.send(1));
        expect([await few.recv(), await few.next()]).toEqual([1, END]);
        few[Symbol.dispose]();
      });
    }));

  test("what else a producer fails with then fails the scope, and so does a send that failed before", () =>
    virtual(async () => {
      const after = scope(async (s) => {
        const numbers = s.produce<number>(0, async (tx) => {
          await tx.send(1).catch(() => {
            throw new Error("of its own");
          });
        });
        await sleep(1);
        numbers[Symbol.dispose]();
      });
      await expect(Promise.resolve(after)).rejects.toThrow("of its own");
      const before = scope(async (s) => {
        s.produce<number>(0, async (tx) => {
          (tx as unknown as { close(): void }).close();
          await tx.send(1);
        });
      });
      await expect(Promise.resolve(before)).rejects.toThrow(SendError);
    }));

  test("bodies get self, whatever their parameters look like", () =>
    scope(async (s) => {
      const rest = s.produce<boolean>(1, { name: "rest" }, async (tx, ...more: { name?: string | undefined }[]) =>
        tx.send(more[0]?.name === "rest"),
      );
      const fallback = s.produce<boolean>(1, { name: "default" }, function* (tx, self = { name: "none" } as never) {
        yield* send(tx, self.name === "default");
      });
      expect([await rest.recv(), await fallback.recv()]).toEqual([true, true]);
    }));

  test("{ inherit: true } carries the caller's contexts along", async () => {
    const storage = new AsyncLocalStorage<string>();
    const produced = (inherit: boolean) =>
      scope(async (s) => {
        const stores = storage.run("caller", () =>
          s.produce<string | undefined>(1, { inherit }, async (tx) => tx.send(storage.getStore())),
        );
        return await stores.recv();
      });
    expect([await produced(true), await produced(false)]).toEqual(["caller", undefined]);
  });

  test("bad input", () =>
    scope((s) => {
      expect(() => s.produce(-1, async () => {})).toThrow(RangeError);
      expect(() => s.produce(1, { workers: 0 }, async () => {})).toThrow(RangeError);
      expect(() => s.produce(1, 5 as never)).toThrow(TypeError);
      expect(() => s.produce(1, null as never, async () => {})).toThrow("options must be an object, not null");
      expect(() => s.spawn(5 as never)).toThrow(TypeError);
      expect(s.size).toBe(0);
    }));
});
