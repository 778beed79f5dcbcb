import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { CancelledError, ClosedError, MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { acquire } from "../../src/sync/acquire.ts";
import type { Permit } from "../../src/sync/permit.ts";
import { Semaphore } from "../../src/sync/semaphore.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { Delegate } from "../support/delegate.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { HEAVY, quiet, turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

function granted<T>(wait: Driven<T>): T {
  if (wait.ended?.status !== "ok") throw new Error(`the wait ended otherwise: ${JSON.stringify(wait.ended)}`);
  return wait.ended.value;
}

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("what is there is granted at once, and given back on dispose", async () => {
    const sem = new Semaphore(5);
    const permit = await drive(acquire(sem, 3));
    expect([permit.count, sem.available, sem.total]).toEqual([3, 2, 5]);
    permit[Symbol.dispose]();
    expect([permit.count, sem.available]).toEqual([0, 5]);
  });

  test("a permit disposed twice is given back once", async () => {
    const sem = new Semaphore(2);
    const permit = await drive(acquire(sem, 2));
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    permit.forget();
    expect([sem.available, sem.total]).toEqual([2, 2]);
  });

  test("requests are served in the order they came, and a small one never overtakes a large one", async () => {
    const sem = new Semaphore(4);
    const held = [await drive(acquire(sem)), await drive(acquire(sem)), await drive(acquire(sem))];
    const large = start(acquire(sem, 3));
    await turn();
    const small = start(acquire(sem, 1));
    await turn();
    // One is idle, and fits the small request.
    expect([sem.available, large.ended, small.ended]).toEqual([1, undefined, undefined]);
    expect(sem.tryAcquire()).toBe(undefined);
    held[0]?.[Symbol.dispose]();
    await turn();
    expect([sem.available, large.ended, small.ended]).toEqual([2, undefined, undefined]);
    held[1]?.[Symbol.dispose]();
    await turn();
    expect([sem.available, large.ended?.status, small.ended]).toEqual([0, "ok", undefined]);
    held[2]?.[Symbol.dispose]();
    await turn();
    expect([sem.available, small.ended?.status]).toEqual([0, "ok"]);
    granted(large)[Symbol.dispose]();
    granted(small)[Symbol.dispose]();
    expect(sem.available).toBe(4);
  });

  test("one release serves as many as fit", async () => {
    const sem = new Semaphore(3);
    const all = await drive(acquire(sem, 3));
    const waits: Driven<Permit>[] = [];
    for (const n of [1, 1, 2]) {
      waits.push(start(acquire(sem, n)));
      await turn();
    }
    all[Symbol.dispose]();
    await turn();
    expect(waits.map((wait) => wait.ended?.status)).toEqual(["ok", "ok", undefined]);
    expect(sem.available).toBe(1);
    granted(waits[0] as Driven<Permit>)[Symbol.dispose]();
    await turn();
    expect(waits[2]?.ended?.status).toBe("ok");
    expect(sem.available).toBe(0);
  });

  test("a cancelled head leaks nothing, and those behind it are served", async () => {
    const sem = new Semaphore(2);
    const held = await drive(acquire(sem));
    const large = start(acquire(sem, 2));
    await turn();
    const small = start(acquire(sem, 1));
    await turn();
    large.cancel();
    expect(await large.end).toEqual({ status: "cancelled" });
    await turn();
    expect(small.ended?.status).toBe("ok");
    expect(sem.available).toBe(0);
    held[Symbol.dispose]();
    granted(small)[Symbol.dispose]();
    expect(sem.available).toBe(2);
  });

  test("one cancelled in the middle gives up its place only", async () => {
    const sem = new Semaphore(1);
    const held = await drive(acquire(sem));
    const waits: Driven<Permit>[] = [];
    for (let i = 0; i < 3; i++) {
      waits.push(start(acquire(sem)));
      await turn();
    }
    waits[1]?.cancel();
    held[Symbol.dispose]();
    await turn();
    expect(waits.map((wait) => wait.ended?.status)).toEqual(["ok", "cancelled", undefined]);
    granted(waits[0] as Driven<Permit>)[Symbol.dispose]();
    await turn();
    expect(waits[2]?.ended?.status).toBe("ok");
  });

  test("one that was served is not cancelled any more", async () => {
    const sem = new Semaphore(1);
    const held = await drive(acquire(sem));
    const wait = start(acquire(sem));
    await turn();
    held[Symbol.dispose]();
    wait.cancel();
    expect((await wait.end).status).toBe("ok");
    expect(sem.available).toBe(0);
  });

  test("closing fails those who wait and those who come; permits that are out stay valid", async () => {
    const sem = new Semaphore(2);
    const held = await drive(acquire(sem, 2));
    const wait = start(acquire(sem));
    await turn();
    sem.close();
    sem.close();
    const ended = await wait.end;
    expect(ended.status).toBe("failed");
    expect((ended as { error: unknown }).error).toBeInstanceOf(ClosedError);
    expect(sem.isClosed).toBe(true);
    held[Symbol.dispose]();
    expect(sem.available).toBe(2);
    await expect(drive(acquire(sem))).rejects.toThrow("semaphore(2) is closed");
    expect(() => sem.tryAcquire()).toThrow(ClosedError);
  });

  test("permits can be added, and forgotten", async () => {
    const sem = new Semaphore(1);
    const first = await drive(acquire(sem));
    const wait = start(acquire(sem));
    await turn();
    sem.addPermits(2);
    await turn();
    expect(wait.ended?.status).toBe("ok");
    expect([sem.available, sem.total]).toEqual([1, 3]);
    first.forget();
    first[Symbol.dispose]();
    granted(wait)[Symbol.dispose]();
    expect([sem.available, sem.total, first.count]).toEqual([2, 2, 0]);
  });

  test("a request for more than is left, after some were forgotten, waits for new ones", async () => {
    const sem = new Semaphore(2);
    const held = await drive(acquire(sem));
    const wait = start(acquire(sem, 2));
    await turn();
    held.forget();
    await turn();
    expect([wait.ended, sem.available, sem.total]).toEqual([undefined, 1, 1]);
    expect(() => acquire(sem, 3)).toThrow(RangeError);
    sem.addPermits(1);
    expect((await wait.end).status).toBe("ok");
  });

  test("with all permits forgotten, or none to begin with, requests wait for new ones", async () => {
    const emptied = new Semaphore(1);
    (await drive(acquire(emptied))).forget();
    for (const sem of [emptied, new Semaphore(0)]) {
      expect([sem.total, sem.tryAcquire()]).toEqual([0, undefined]);
      const wait = start(acquire(sem));
      await turn();
      expect(wait.ended).toBe(undefined);
      sem.addPermits(1);
      expect(await wait.end).toMatchObject({ status: "ok", value: { count: 1 } });
    }
  });

  test("by way of an operation that delegates", async () => {
    const sem = new Semaphore(2);
    const held = await drive(acquire(sem, 2));
    const wait = start(new Delegate(acquire(sem, 2)));
    await turn();
    held[Symbol.dispose]();
    expect(await wait.end).toMatchObject({ status: "ok", value: { count: 2 } });
  });

  test(
    "2 × 10⁴ waiters are served",
    async () => {
      const sem = new Semaphore(1);
      const held = await drive(acquire(sem));
      const waits = Array.from({ length: 20_000 }, () =>
        drive(acquire(sem)).then((permit) => permit[Symbol.dispose]()),
      );
      await quiet();
      held[Symbol.dispose]();
      await Promise.all(waits);
      expect(sem.available).toBe(1);
    },
    HEAVY,
  );
});

describe("permits", () => {
  test("are split and merged, and each is given back once", async () => {
    const sem = new Semaphore(5);
    const all = await sem.acquire(5);
    const two = all.split(2);
    expect([all.count, two.count, sem.available]).toEqual([3, 2, 0]);
    two[Symbol.dispose]();
    expect(sem.available).toBe(2);
    const again = await sem.acquire(2);
    all.merge(again);
    expect([all.count, again.count]).toEqual([5, 0]);
    again[Symbol.dispose]();
    expect(sem.available).toBe(0);
    const one = all.split(1);
    one.forget();
    all[Symbol.dispose]();
    expect([sem.available, sem.total]).toEqual([4, 4]);
  });

  test("are not split beyond what they are, nor merged with others'", async () => {
    const sem = new Semaphore(3);
    const permit = await sem.acquire(2);
    expect(() => permit.split(3)).toThrow("n must be a whole number from 1 to 2, not 3");
    expect(() => permit.split(0)).toThrow(RangeError);
    const strange = await new Semaphore(1).acquire();
    expect(() => permit.merge(strange)).toThrow(MisuseError);
    expect(() => permit.merge(permit)).toThrow(MisuseError);
    expect(() => permit.merge({} as never)).toThrow("other must be a Permit, not an object");
    const spent = await sem.acquire();
    spent[Symbol.dispose]();
    expect(() => permit.merge(spent)).toThrow(MisuseError);
    expect(() => spent.merge(permit)).toThrow(MisuseError);
    expect(() => spent.split(1)).toThrow(RangeError);
    permit[Symbol.dispose]();
    expect(sem.available).toBe(3);
  });
});

describe("the methods", () => {
  test("are eager, the free function is lazy and can be driven again", async () => {
    const sem = new Semaphore(3);
    void sem.acquire();
    expect(sem.available).toBe(2);
    const op = acquire(sem);
    expect(sem.available).toBe(2);
    await op;
    await op;
    expect(sem.available).toBe(0);
  });

  test("acquire takes a signal", async () => {
    const sem = new Semaphore(1);
    const token = new CancellationToken();
    const held = await sem.acquire(1, { signal: token });
    const parked = sem.acquire(1, { signal: token });
    token.cancel("enough");
    await expect(parked).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    held[Symbol.dispose]();
    await expect(sem.acquire(1, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect(sem.available).toBe(1);
  });

  test("tryAcquire never waits", () => {
    const sem = new Semaphore(2);
    const permit = sem.tryAcquire(2);
    expect([permit?.count, sem.tryAcquire()]).toEqual([2, undefined]);
    permit?.[Symbol.dispose]();
    expect(sem.tryAcquire()?.count).toBe(1);
  });

  test("a timeout gives up the place", async () => {
    await virtual(async (clock) => {
      const sem = new Semaphore(1);
      const held = await sem.acquire();
      await expect(timeout(50, acquire(sem))).rejects.toMatchObject({ name: "TimeoutError" });
      expect(clock.elapsed).toBe(50);
      held[Symbol.dispose]();
      expect(sem.available).toBe(1);
    });
  });

  test("with holds the permits for as long as the body runs", async () => {
    await virtual(async () => {
      const sem = new Semaphore(3);
      let running = 0;
      let most = 0;
      const work = (): Promise<number> =>
        sem.with(async (permit) => {
          most = Math.max(most, ++running);
          await sleep(10);
          running--;
          return permit.count;
        });
      expect(await Promise.all(Array.from({ length: 10 }, work))).toEqual(Array(10).fill(1));
      expect([most, sem.available]).toEqual([3, 3]);
      expect(await sem.with(() => sem.available, 2)).toBe(1);
      await expect(sem.with(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
      expect(sem.available).toBe(3);
    });
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])("refuses a total of %d", (total) => {
    expect(() => new Semaphore(total)).toThrow(RangeError);
  });

  test("bad counts are refused at the call, and name the argument", () => {
    const sem = new Semaphore(2);
    expect(() => sem.acquire(3)).toThrow("n must be a whole number from 1 to 2, not 3");
    expect(() => sem.acquire(0)).toThrow(RangeError);
    expect(() => acquire(sem, 1.5)).toThrow(RangeError);
    expect(() => sem.tryAcquire(3)).toThrow(RangeError);
    expect(() => sem.with(() => 1, 3)).toThrow(RangeError);
    expect(() => sem.addPermits(-1)).toThrow(RangeError);
    expect(() => sem.addPermits(Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
    expect(() => new Semaphore("2" as never)).toThrow(TypeError);
    expect(() => new Semaphore(2 ** 60)).toThrow(/^total must be a whole number from 0 to 9007199254740991, not 11529/);
    expect(() => new Semaphore(-1)).toThrow("total must be a whole number from 0 to 9007199254740991, not -1");
    expect(() => acquire({} as never)).toThrow("from must be a Semaphore or a RateLimiter, not an object");
    expect(() => acquire(undefined as never)).toThrow(TypeError);
    expect(() => sem.with("body" as never)).toThrow("body must be a function");
    expect(sem.available).toBe(2);
  });
});

describe("in a select", () => {
  test("two requests on one semaphore: one is granted", async () => {
    const sem = new Semaphore(2);
    const held = await sem.acquire(2);
    const won = spawn(function* () {
      return yield* select({ two: acquire(sem, 2), one: acquire(sem, 1) });
    });
    await turn();
    held[Symbol.dispose]();
    const { key, value } = await won;
    expect(sem.available).toBe(key === "two" ? 0 : 1);
    value[Symbol.dispose]();
    expect(sem.available).toBe(2);
  });

  test("a loser has taken nothing, and those behind it are served", async () => {
    const [a, b] = [new Semaphore(2), new Semaphore(1)];
    const [heldA, heldB] = [await a.acquire(), await b.acquire()];
    const won = spawn(function* () {
      return yield* select({ a: acquire(a, 2), b: acquire(b) });
    });
    await turn();
    const behind = a.acquire();
    heldB[Symbol.dispose]();
    expect((await won).key).toBe("b");
    (await behind)[Symbol.dispose]();
    heldA[Symbol.dispose]();
    expect(a.available).toBe(2);
  });

  test("a chain of selects, each of which frees the next, does not overflow the stack", async () => {
    const count = 20_000;
    const sems = Array.from({ length: count + 1 }, () => new Semaphore(2));
    const held = await Promise.all(sems.map((sem) => sem.acquire()));
    const won = sems.slice(1).map((sem, i) =>
      spawn(function* () {
        const before = sems[i] as Semaphore;
        // The first case is granted when the select before this one leaves its second.
        return (yield* select({ one: acquire(before), two: acquire(sem, 2) })).key;
      }),
    );
    await yieldNow();
    held[0]?.[Symbol.dispose]();
    await turn();
    for (const permit of held) permit[Symbol.dispose]();
    expect((await won[0]) === "one").toBe(true);
    await Promise.all(won);
  });
});
