import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { MisuseError } from "../../src/errors.ts";
import { ErrGroup, spawnInto } from "../../src/group/err-group.ts";
import { membersOf } from "../../src/kernel/cancel-source.ts";
import { defaultScheduler } from "../../src/kernel/scheduler.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "../support/drivers.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { moment } from "../support/moment.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("never more than the limit at once, in the order they came", () =>
    virtual(async (clock) => {
      const group = new ErrGroup({ limit: 4 });
      let running = 0;
      let most = 0;
      const order: number[] = [];
      for (let i = 0; i < 10; i++) {
        await drive(
          spawnInto(group, async () => {
            order.push(i);
            most = Math.max(most, ++running);
            await sleep(10);
            running--;
          }),
        );
      }
      await drive(wait(group));
      expect([most, clock.elapsed, order]).toEqual([4, 30, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    }));

  test("a body starts when there is room, and its spawner goes on with it", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    const log: string[] = [];
    await drive(spawnInto(group, () => go.recv()));
    const parked = [1, 2].map((n) => start(spawnInto(group, async () => void log.push(`body ${n}`))));
    await turn();
    expect([parked.map((each) => each.ended), log, group.trySpawn(async () => {})]).toEqual([
      [undefined, undefined],
      [],
      false,
    ]);
    await go.send();
    await Promise.all(parked.map((each) => each.end));
    await drive(wait(group));
    expect(log).toEqual(["body 1", "body 2"]);
  });

  test("a cancelled spawn starts nothing, and gives up its place", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    const log: string[] = [];
    group.trySpawn(() => go.recv());
    const [first, second] = [1, 2].map((n) => start(spawnInto(group, async () => void log.push(`body ${n}`))));
    await turn();
    first?.cancel();
    await go.send();
    expect([await first?.end, await second?.end]).toEqual([
      { status: "cancelled" },
      { status: "ok", value: undefined },
    ]);
    await drive(wait(group));
    expect(log).toEqual(["body 2"]);
  });

  test("the first error cancels the rest, and is what wait throws, when all cleanup is through", () =>
    virtual(async (clock) => {
      const group = new ErrGroup();
      const log: string[] = [];
      const broken = new Error("broken");
      await drive(
        spawnInto(group, function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
            log.push("cleaned");
          }
        }),
      );
      await drive(
        spawnInto(group, async () => {
          await sleep(5);
          throw broken;
        }),
      );
      expect(group.signal.aborted).toBe(false);
      await expect(drive(wait(group))).rejects.toBe(broken);
      expect([clock.elapsed, log, group.signal.aborted, group.errors]).toEqual([15, ["cleaned"], true, [broken]]);
      await expect(drive(wait(group))).rejects.toBe(broken);
    }));

  test("after an error nothing is started, those in the queue go on at once, and later failures are kept", () =>
    virtual(async () => {
      const group = new ErrGroup({ limit: 2 });
      const errors = [new Error("first"), new Error("second")];
      await drive(
        spawnInto(group, async () => {
          await sleep(5);
          throw errors[0];
        }),
      );
      await drive(
        spawnInto(group, function* () {
          try {
            yield* sleep(1000);
          } finally {
            yield* sleep(10);
            throw errors[1];
          }
        }),
      );
      let started = false;
      const body = async (): Promise<void> => {
        started = true;
      };
      await drive(spawnInto(group, body));
      await drive(spawnInto(group, body));
      await moment();
      expect([group.trySpawn(body), group.size, started]).toEqual([false, 1, false]);
      await expect(drive(wait(group))).rejects.toBe(errors[0]);
      expect([group.errors, started]).toEqual([errors, false]);
    }));

  test("a cancelled wait leaves the tasks alone", async () => {
    const group = new ErrGroup();
    const go = chan<void>();
    group.trySpawn(() => go.recv());
    const waiting = start(wait(group));
    await turn();
    waiting.cancel();
    expect((await waiting.end).status).toBe("cancelled");
    expect(group.size).toBe(1);
    await go.send();
    await drive(wait(group));
  });

  test("a limit of 0 lets nobody in, until it is changed", async () => {
    const group = new ErrGroup({ limit: 0 });
    let started = false;
    const parked = start(
      spawnInto(group, async () => {
        started = true;
      }),
    );
    await turn();
    expect([parked.ended, group.trySpawn(async () => {})]).toEqual([undefined, false]);
    group.setLimit(1);
    await parked.end;
    await drive(wait(group));
    expect(started).toBe(true);
  });
});

/** Says how often it was disposed. */
function moved(): Disposable & { disposed: number } {
  return {
    disposed: 0,
    [Symbol.dispose]() {
      this.disposed++;
    },
  };
}

describe.each(drivers)("what was moved into a task, through $name", ({ drive, start }) => {
  const never = async (): Promise<void> => {
    throw new Error("never started");
  };

  test("is disposed in a group that was cancelled before, and wait tells that something was cut short", async () => {
    const group = new ErrGroup();
    group.cancel("before");
    const move = moved();
    await drive(spawnInto(group, never, { move }));
    await expect(drive(wait(group))).rejects.toMatchObject({ cause: "before" });
    expect([move.disposed, group.size]).toEqual([1, 0]);
  });

  test("is disposed when the group fails while the spawn is in the queue", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    group.trySpawn(async () => {
      await go.recv();
      throw new Error("broken");
    });
    const moves = [moved(), moved()];
    const parked = moves.map((move) => start(spawnInto(group, never, { move })));
    await turn();
    await go.send();
    for (const each of parked) expect((await each.end).status).toBe("ok");
    await expect(drive(wait(group))).rejects.toThrow("broken");
    expect(moves.map((each) => each.disposed)).toEqual([1, 1]);
  });

  test("is the caller's when the spawn is cancelled or refused", async () => {
    const group = new ErrGroup({ limit: 0 });
    const move = moved();
    const parked = start(spawnInto(group, never, { move }));
    await turn();
    parked.cancel();
    expect((await parked.end).status).toBe("cancelled");
    expect(group.trySpawn(never, { move })).toBe(false);
    group.cancel();
    expect(group.trySpawn(never, { move })).toBe(false);
    await turn();
    expect(move.disposed).toBe(0);
  });

  test("and cannot be disposed, fails the spawn, and nobody else", async () => {
    const group = new ErrGroup({ limit: 1 });
    const go = chan<void>();
    group.trySpawn(() => go.recv());
    const bad = start(spawnInto(group, never, { move: 5 as never }));
    const good = start(spawnInto(group, async () => {}));
    await turn();
    await go.send();
    expect(await bad.end).toMatchObject({ status: "failed", error: expect.any(TypeError) });
    expect((await good.end).status).toBe("ok");
    await drive(wait(group));
  });
});

test("{ inherit: true } takes the contexts of the spawner, though the task starts later", async () => {
  const storage = new AsyncLocalStorage<string>();
  const group = new ErrGroup({ limit: 1 });
  const go = chan<void>();
  const seen: unknown[] = [];
  const body = async (): Promise<void> => void seen.push(storage.getStore());
  await storage.run("first", () => group.spawn(() => go.recv(), { inherit: true }));
  const parked = [
    storage.run("second", () => group.spawn(body, { inherit: true })),
    storage.run("third", () => group.spawn(body)),
    storage.run("fourth", () =>
      group.spawn(
        function* () {
          yield* wait(body);
        },
        { inherit: true },
      ),
    ),
  ];
  await go.send();
  await Promise.all(parked);
  await group.wait();
  expect(seen).toEqual(["second", undefined, "fourth"]);
});

describe("the signal", () => {
  test("aborts when wait has ended, which cancels nothing else", async () => {
    const token = new CancellationToken();
    const group = new ErrGroup({ signal: token });
    const { signal } = group;
    const log: string[] = [];
    const go = chan<void>();
    await group.spawn(() => go.recv());
    const waits = [group.wait(), group.wait()].map((each, i) => each.then(() => log.push(`wait ${i}`)));
    signal.addEventListener("abort", () => log.push(`aborted, ${group.size} live`));
    await turn();
    expect(signal.aborted).toBe(false);
    await go.send();
    await Promise.all(waits);
    expect(log).toEqual(["aborted, 0 live", "wait 0", "wait 1"]);
    expect([signal.aborted, group.signal === signal, token.isCancelled]).toEqual([true, true, false]);
    expect(signal.reason).toMatchObject({ cause: "the group has ended" });
    expect([...membersOf(nodeOf(token))]).toEqual([]);
    await group.wait();
  });

  test("of a group that is used again is another", async () => {
    const group = new ErrGroup();
    const first = group.signal;
    await group.wait();
    expect(first.aborted).toBe(true);
    let inside: AbortSignal | undefined;
    await group.spawn(async () => {
      inside = group.signal;
      expect(inside.aborted).toBe(false);
    });
    await group.wait();
    expect([inside === first, inside?.aborted]).toEqual([false, true]);
  });

  test("a listener that starts the next task begins anew: everybody who waited has been let through", async () => {
    const group = new ErrGroup();
    const go = chan<void>();
    await group.spawn(() => go.recv());
    let another: AbortSignal | undefined;
    group.signal.addEventListener("abort", () => {
      expect(group.trySpawn(() => go.recv())).toBe(true);
      another = group.signal;
    });
    const waits = [group.wait(), group.wait()];
    await turn();
    await go.send();
    await Promise.all(waits);
    expect([another?.aborted, group.size]).toEqual([false, 1]);
    await go.send();
    await group.wait();
    expect(another?.aborted).toBe(true);
  });

  test("says why the group was cancelled, before wait or after", async () => {
    const group = new ErrGroup();
    const { signal } = group;
    await group.spawn(async () => {
      throw new Error("broken");
    });
    await expect(group.wait()).rejects.toThrow("broken");
    expect(signal.reason).toMatchObject({ cause: { message: "broken" } });
    const cancelled = new ErrGroup();
    cancelled.cancel("why");
    expect(cancelled.signal.reason).toMatchObject({ cause: "why" });
  });
});

test("an empty group is through; a group may be used again", async () => {
  const group = new ErrGroup();
  await group.wait();
  await group.spawn(async () => {});
  await group.wait();
  expect(group.size).toBe(0);
});

test("an aborted task is no failure; nothing is unhandled", async () => {
  const seen = await unhandledDuring(async () => {
    const group = new ErrGroup();
    const own = new CancellationToken();
    await group.spawn(async () => {
      throw new Error("broken");
    });
    void own;
    await expect(group.wait()).rejects.toThrow("broken");
  });
  expect(seen).toEqual([]);
});

test("the signal option cancels the group, and wait says so", () =>
  virtual(async (clock) => {
    for (const abort of [new AbortController(), tokenController()]) {
      const group = new ErrGroup({ signal: abort.signal });
      await group.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
        }
      });
      await sleep(5);
      abort.abort("enough");
      expect(group.signal.aborted).toBe(true);
      await expect(group.wait()).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    }
    expect(clock.elapsed).toBe(30);
    const late = new ErrGroup({ signal: AbortSignal.abort("before") });
    await late.spawn(() => {
      throw new Error("never started");
    });
    await expect(late.wait()).rejects.toMatchObject({ cause: "before" });
  }));

function tokenController(): { signal: CancellationToken; abort(reason: string): void } {
  const signal = new CancellationToken();
  return { signal, abort: (reason) => void signal.cancel(reason) };
}

test("a group whose work was done before it was cancelled has not failed", async () => {
  const group = new ErrGroup();
  await group.spawn(async () => {});
  await turn();
  group.cancel();
  await group.wait();
});

test("a group ends with the task that made it; disposing waits even then", () =>
  virtual(async (clock) => {
    const outer = spawn(async () => {
      await using group = new ErrGroup({ limit: 1 });
      await group.spawn(function* () {
        try {
          yield* sleep(1000);
        } finally {
          yield* sleep(10);
        }
      });
      await group.spawn(async () => {
        throw new Error("never started");
      });
    });
    await sleep(5);
    outer.abort();
    expect((await outer.settled()).status).toBe("aborted");
    expect(clock.elapsed).toBe(15);
  }));

test("a spawner that is cancelled together with its group is cancelled", () =>
  virtual(async () => {
    const log: string[] = [];
    const outer = spawn(function* () {
      const group = new ErrGroup({ limit: 1 });
      yield* spawnInto(group, () => sleep(1000));
      yield* spawnInto(group, () => sleep(1000));
      log.push("went on");
    });
    await sleep(5);
    outer.abort();
    expect((await outer.settled()).status).toBe("aborted");
    expect(log).toEqual([]);
  }));

test("setLimit while tasks live is misuse", async () => {
  const group = new ErrGroup({ limit: 1 });
  await group.spawn(async () => {});
  expect(() => group.setLimit(2)).toThrow(MisuseError);
  await group.wait();
  group.setLimit(2);
  group.setLimit(Number.POSITIVE_INFINITY);
});

test("bad input", async () => {
  for (const limit of [-1, 1.5, Number.NaN]) expect(() => new ErrGroup({ limit })).toThrow(RangeError);
  expect(() => new ErrGroup({ limit: "4" as never })).toThrow(TypeError);
  expect(() => new ErrGroup({ signal: {} as never })).toThrow(TypeError);
  expect(() => new ErrGroup(null as never)).toThrow("options must be an object, not null");
  const group = new ErrGroup();
  expect(() => group.spawn(5 as never)).toThrow(TypeError);
  expect(() => group.trySpawn(5 as never)).toThrow(TypeError);
  expect(() => spawnInto({} as never, async () => {})).toThrow(TypeError);
  expect(() => group.setLimit(-1)).toThrow(RangeError);
});

test("a group that has come to rest is no member of anything, nor listens to its signal", async () => {
  const members = () => [...membersOf(defaultScheduler.root)].length;
  const before = members();
  const token = new CancellationToken();
  for (let i = 0; i < 100; i++) {
    const group = new ErrGroup({ limit: 2, signal: token });
    for (let n = 0; n < 5; n++) await group.spawn(async () => void (await turn()));
    if (i % 2 === 0) void group.signal;
    await group.wait();
  }
  expect([members(), [...membersOf(nodeOf(token))].length]).toEqual([before, 0]);
});

test("10,000 spawns, each waiting for the one before it", async () => {
  const group = new ErrGroup({ limit: 1 });
  let count = 0;
  const all = Array.from({ length: 10_000 }, () => group.spawn(async () => void count++));
  await Promise.all(all);
  await group.wait();
  expect(count).toBe(10_000);
  await expect(recv(chan(), { signal: AbortSignal.abort() })).rejects.toThrow();
});

test("those in the queue go on as soon as the group is cancelled", () =>
  virtual(async (clock) => {
    const group = new ErrGroup({ limit: 1 });
    await group.spawn(function* () {
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(10);
      }
    });
    const parked = group.spawn(async () => {}).then(() => clock.elapsed);
    await sleep(5);
    group.cancel("enough");
    expect(await parked).toBe(5);
    await expect(group.wait()).rejects.toMatchObject({ cause: "enough" });
    expect(clock.elapsed).toBe(15);
  }));

test("a group nobody waits for lets go of its surroundings, too", async () => {
  const token = new CancellationToken();
  const group = new ErrGroup({ signal: token });
  await group.spawn(async () => {});
  expect([...membersOf(nodeOf(token))]).toHaveLength(1);
  await turn();
  expect([...membersOf(nodeOf(token))]).toHaveLength(0);
});

describe("with nothing left, a group is no member of anything", () => {
  const members = () => [...membersOf(defaultScheduler.root)].length;

  test("when it refuses to start a task", () => {
    const token = new CancellationToken();
    const before = members();
    expect(new ErrGroup({ limit: 0, signal: token }).trySpawn(async () => {})).toBe(false);
    expect([members(), [...membersOf(nodeOf(token))]]).toEqual([before, []]);
  });

  test("when a spawn in the queue is cancelled", async () => {
    const [token, own] = [new CancellationToken(), new CancellationToken()];
    const before = members();
    const group = new ErrGroup({ limit: 0, signal: token });
    const parked = group.spawn(async () => {}, { signal: own });
    expect([...membersOf(nodeOf(token))]).toHaveLength(1);
    own.cancel();
    await expect(parked).rejects.toThrow();
    expect([members(), [...membersOf(nodeOf(token))]]).toEqual([before, []]);
  });

  test("when it is cancelled at rest", () => {
    const token = new CancellationToken();
    const before = members();
    const group = new ErrGroup({ signal: token });
    const { signal } = group;
    expect([...membersOf(nodeOf(token))]).toHaveLength(1);
    group.cancel();
    expect([signal.aborted, members(), [...membersOf(nodeOf(token))]]).toEqual([true, before, []]);
  });

  test("but one with spawns in the queue is, though somebody has waited", async () => {
    const token = new CancellationToken();
    const group = new ErrGroup({ limit: 0, signal: token });
    const parked = group.spawn(async () => {});
    await group.wait();
    token.cancel("enough");
    await parked;
    await expect(group.wait()).rejects.toMatchObject({ cause: "enough" });
  });
});

test("a task of the group that waits for room in it is told of the cancellation before it is served", () =>
  virtual(async () => {
    const log: string[] = [];
    const group = new ErrGroup({ limit: 1 });
    await group.spawn(async () => {
      await group
        .spawn(async () => {})
        .then(
          () => log.push("went on"),
          (error) => log.push(error.name),
        );
    });
    await moment();
    group.cancel();
    await group.wait().catch(() => {});
    expect(log).toEqual(["AbortError"]);
  }));
