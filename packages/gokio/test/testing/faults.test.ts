/** What goes wrong because the seed says so: it happens, it is written down, and it happens again. */
import { describe, expect, test } from "vitest";
import { BroadcastRing } from "../../src/chan/broadcast-ring.ts";
import { sending } from "../../src/chan/ends.ts";
import { MpscCore } from "../../src/chan/mpsc-core.ts";
import { dump } from "../../src/diagnostics/index.ts";
import {
  broadcast,
  Chan,
  ClosedError,
  chan,
  each,
  mpsc,
  recv,
  SendError,
  Sender,
  select,
  send,
  shield,
  sleep,
  spawn,
  yieldNow,
} from "../../src/index.ts";
import { Coroutine } from "../../src/kernel/coroutine.ts";
import { type Fault, type FaultOptions, type Sim, simulate } from "../../src/testing/index.ts";

/** Runs `body` with faults; what it gives, and what has happened. */
async function faulty<T>(
  faults: FaultOptions,
  body: (sim: Sim) => Promise<T>,
  seed: number | undefined = 1,
): Promise<[T, readonly Fault[]]> {
  let happened: readonly Fault[] = [];
  const value = await simulate(
    async (sim: Sim): Promise<T> => {
      happened = sim.faults;
      return await body(sim);
    },
    { faults, seed, leftovers: "cancel" },
  );
  return [value as T, happened];
}

const kinds = (faults: readonly Fault[]): string[] => faults.map(({ kind }) => kind);

test("whoever waits to send on a channel that may lose messages is listed with it", async () => {
  const [resources] = await faulty({ channels: { jobs: { drop: 0 } } }, async () => {
    const jobs = chan<number>(0, { name: "jobs" });
    const [tx] = mpsc<number>(1, { name: "jobs" });
    tx.trySend(1);
    for (const to of [jobs, tx]) {
      spawn(function* () {
        yield* send(to, 2);
      });
    }
    await yieldNow();
    return dump()
      .toJSON()
      .resources.map(({ description }) => description);
  });
  expect(resources).toEqual(['chan(0, "jobs")', 'mpsc(1, "jobs")']);
});

describe("tasks", () => {
  test("are cancelled where they wait, in either flavour; the body is not", async () => {
    const [seen, faults] = await faulty({ cancelTasks: 1 }, async () => {
      const seen: string[] = [];
      const jobs = chan<number>(0, { name: "jobs" });
      const handles = [
        spawn(
          async () => {
            await jobs.recv().catch((error) => seen.push(error.name));
          },
          { name: "async" },
        ),
        spawn(
          function* () {
            try {
              yield* recv(jobs);
            } finally {
              seen.push("unwound");
            }
          },
          { name: "generator" },
        ),
      ];
      await sleep(10);
      for (const handle of handles) seen.push((await handle.settled()).status);
      return seen;
    });
    expect(seen).toEqual(["unwound", "AbortError", "aborted", "aborted"]);
    expect(faults.map(({ at, kind, what }) => [at, kind, what.replace(/\d+/, "n")])).toEqual([
      [0, "cancelled", 'task n (async) was cancelled in recv on chan(0, "jobs")'],
      [0, "cancelled", 'task n (generator) was cancelled in recv on chan(0, "jobs")'],
    ]);
  });

  test("of other names are not", async () => {
    const [seen] = await faulty({ cancelTasks: { p: 1, names: ["weak"] } }, async () => {
      const handles = ["weak", "strong", undefined].map((name) => spawn(async () => sleep(1), { name }));
      return Promise.all(handles.map(async (handle) => (await handle.settled()).status));
    });
    expect(seen).toEqual(["aborted", "ok", "ok"]);
  });

  test("are cancelled at any wait, sooner or later", async () => {
    const reached = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const [waits] = await faulty(
        { cancelTasks: 0.3 },
        async () => {
          let waits = 0;
          const task = spawn(function* () {
            for (; waits < 6; waits++) yield* sleep(1);
          });
          await task.settled();
          return waits;
        },
        seed,
      );
      reached.add(waits);
    }
    expect([...reached].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("that were woken meanwhile are left alone", async () => {
    const [seen, faults] = await faulty({ cancelTasks: 1 }, async () => {
      const ch = chan<number>();
      const receiver = spawn(async () => {
        const got = ch.recv();
        // In the same step as it parks: the value is there before the fault could be.
        ch.trySend(5);
        return await got;
      });
      return receiver.settled();
    });
    expect([seen, faults]).toEqual([{ status: "ok", value: 5 }, []]);
  });

  test("keep what a shield protects", async () => {
    const [seen, faults] = await faulty({ cancelTasks: 1 }, async () => {
      const task = spawn(function* () {
        return yield* shield(function* () {
          yield* sleep(5);
          return "kept";
        });
      });
      return task.settled();
    });
    expect(kinds(faults)).toEqual(["cancelled"]);
    expect(seen.status).not.toBe("failed");
  });
});

describe("timers", () => {
  test("fire late, all that are due by then together, and never too late for an advance", async () => {
    const [seen, faults] = await faulty({ lateTimers: { p: 1, maxMs: 50 } }, async (sim) => {
      const seen: number[] = [];
      for (let i = 0; i < 20; i++) {
        const before = sim.elapsed;
        await sleep(10);
        seen.push(sim.elapsed - before);
      }
      const before = sim.elapsed;
      spawn(async () => sleep(90));
      await sim.advance(100);
      expect(sim.elapsed - before).toBe(100);
      return seen;
    });
    for (const ms of seen) expect(ms > 10 && ms <= 60).toBe(true);
    expect(new Set(seen).size).toBeGreaterThan(5);
    expect(new Set(kinds(faults))).toEqual(new Set(["late"]));
    expect(faults[0]?.what).toBe(`the clock went ${(seen[0] as number) - 10} ms too far`);
  });

  test("are on time where they are not to be late", async () => {
    const [elapsed, faults] = await faulty({ lateTimers: { p: 0, maxMs: 50 } }, async (sim) => {
      await sleep(10);
      return sim.elapsed;
    });
    expect([elapsed, faults]).toEqual([10, []]);
  });
});

describe("messages", () => {
  const lossy: FaultOptions = { channels: { net: { drop: 1 } } };
  const slow: FaultOptions = { channels: { net: { delay: { p: 1, maxMs: 20 } } } };

  test("on a chan are lost, however they are sent", async () => {
    const [seen, faults] = await faulty(lossy, async () => {
      const net = chan<number>(0, { name: "net" });
      await net.send(1);
      await send(net, 2);
      await spawn(function* () {
        yield* send(net, 3);
      });
      const won = await select({ sent: send(net, 4), late: sleep(1) });
      return [net.trySend(5), won.key, net.length, net.tryRecv()];
    });
    expect(seen).toEqual([true, "sent", 0, undefined]);
    expect(kinds(faults)).toEqual(Array(5).fill("dropped"));
    expect(faults[0]?.what).toMatch(/^a message of task \d+ \(the body\) on chan\(0, "net"\) was lost$/);
  });

  test("on an mpsc are lost, those sent with a permit included, and no slot is", async () => {
    const [seen, faults] = await faulty(lossy, async () => {
      const [tx, rx] = mpsc<number>(1, { name: "net" });
      await tx.send(1);
      const sent = tx.trySend(2);
      const permit = await tx.reserve();
      permit.send(3);
      const free = tx.available;
      tx[Symbol.dispose]();
      return [sent, free, await rx.next()];
    });
    expect(seen).toEqual([true, 1, { done: true, value: undefined }]);
    expect(kinds(faults)).toEqual(["dropped", "dropped", "dropped"]);
  });

  test("on a broadcast are lost for all", async () => {
    const [seen] = await faulty(lossy, async () => {
      const tx = broadcast<number>(4, { name: "net" });
      const [a, b] = [tx.subscribe(), tx.subscribe()];
      const told = tx.send(1);
      tx[Symbol.dispose]();
      return [told, await a.next(), await b.next()];
    });
    const end = { done: true, value: undefined };
    expect(seen).toEqual([2, end, end]);
  });

  test.each(["chan", "mpsc", "permit", "broadcast"])("are under way for a while, and arrive: %s", async (kind) => {
    const [seen, faults] = await faulty(slow, async (sim) => {
      const ends = {
        chan: () => {
          const net = chan<string>(0, { name: "net" });
          return [net, () => net.send("it"), () => {}] as const;
        },
        mpsc: () => {
          const [tx, rx] = mpsc<string>(1, { name: "net" });
          return [rx, () => tx.send("it"), () => tx[Symbol.dispose]()] as const;
        },
        permit: () => {
          const [tx, rx] = mpsc<string>(1, { name: "net" });
          return [rx, async () => (await tx.reserve()).send("it"), () => tx[Symbol.dispose]()] as const;
        },
        broadcast: () => {
          const tx = broadcast<string>(4, { name: "net" });
          return [tx.subscribe(), async () => void tx.send("it"), () => tx[Symbol.dispose]()] as const;
        },
      };
      const [rx, sendIt, close] = ends[kind as "chan"]();
      await sendIt();
      const sentAt = sim.elapsed;
      // A message under way keeps its channel open, as its sender would.
      close();
      return [sentAt, await rx.recv(), sim.elapsed];
    });
    const [sentAt, got, at] = seen as [number, string, number];
    expect([sentAt, got]).toEqual([0, "it"]);
    expect(at >= 1 && at <= 20).toBe(true);
    expect(kinds(faults)).toEqual(["delayed"]);
    expect(faults[0]?.what).toMatch(new RegExp(`was ${at} ms under way$`));
  });

  test("that come too late for a closed channel are lost", async () => {
    const [seen] = await faulty(slow, async () => {
      const net = chan<number>(1, { name: "net" });
      await net.send(1);
      net.close();
      await sleep(100);
      return net.next();
    });
    expect(seen).toEqual({ done: true, value: undefined });
  });

  test("may overtake one another", async () => {
    const [seen] = await faulty({ channels: { net: { delay: { p: 0.5, maxMs: 20 } } } }, async () => {
      const net = chan<number>(100, { name: "net" });
      for (let n = 0; n < 20; n++) {
        await net.send(n);
        await sleep(1);
      }
      await sleep(50);
      return Array.from({ length: net.length }, () => net.tryRecv()?.value as number);
    });
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
  });

  test("are safe where nothing is to happen: other channels, other simulations, outside", async () => {
    const outside = chan<number>(8, { name: "net" });
    const [[, faults]] = await Promise.all([
      faulty(lossy, async () => {
        for (const name of ["other", undefined, "ne", 'net"']) {
          const ch = chan<number>(8, { name });
          await ch.send(1);
          expect(ch.length).toBe(1);
        }
        for (let i = 0; i < 20; i++) await sleep(1);
      }),
      simulate(async () => {
        const net = chan<number>(8, { name: "net" });
        for (let i = 0; i < 8; i++) {
          await net.send(i);
          await sleep(1);
        }
        expect(net.length).toBe(8);
      }),
      (async () => {
        for (let i = 0; i < 8; i++) {
          await outside.send(i);
          await yieldNow();
        }
      })(),
    ]);
    expect([faults, outside.length]).toEqual([[], 8]);
  });

  test("cannot be sent where nobody is, as ever", async () => {
    const [errors, faults] = await faulty(lossy, async () => {
      const net = chan<number>(0, { name: "net" });
      net.close();
      const [tx, rx] = mpsc<number>(1, { name: "net" });
      rx.close();
      const sends = [() => net.send(1), () => tx.send(1), async () => net.trySend(1), async () => tx.trySend(1)];
      return Promise.all(sends.map(async (each) => each().then(String, (error) => error instanceof SendError)));
    });
    expect([errors, faults]).toEqual([[true, true, true, true], []]);
  });

  test("a send that has to wait does so, and can be cancelled", async () => {
    const [seen] = await faulty({ channels: { net: { drop: 0 } } }, async () => {
      const net = chan<number>(0, { name: "net" });
      const won = await select({ sent: send(net, 1), late: sleep(5) });
      const waiting = spawn(async () => net.send(2));
      const got = await net.recv();
      await waiting;
      const blocked = spawn(async () => net.send(3).catch((error) => error instanceof ClosedError));
      await sleep(1);
      net.close();
      return [won.key, got, await blocked];
    });
    expect(seen).toEqual(["late", 2, true]);
  });

  test("on a channel whose name needs quoting, or is long", async () => {
    for (const name of ['a "quoted" name', "long ".repeat(30)]) {
      const [length] = await faulty({ channels: { [name]: { drop: 1 } } }, async () => {
        const ch = chan<number>(1, { name });
        const [tx, rx] = mpsc<number>(1, { name });
        await ch.send(1);
        await tx.send(1);
        return ch.length + rx.length;
      });
      expect(length).toBe(0);
    }
  });
});

describe("faults", () => {
  const program = async (sim: Sim): Promise<string> => {
    const seen: string[] = [];
    const net = chan<number>(2, { name: "net" });
    for (const name of ["a", "b", "c"]) {
      spawn(
        function* () {
          yield* each(net, (n) => void seen.push(`${name}${n}@${sim.elapsed}`));
        },
        { name, daemon: true },
      );
    }
    for (let n = 0; n < 20; n++) {
      const won = await select({ sent: send(net, n), tick: sleep(1) });
      seen.push(won.key);
      await sleep(3);
    }
    return `${seen.join(" ")} ${JSON.stringify(sim.faults).replace(/task \d+/g, "task")}`;
  };
  const faults: FaultOptions = {
    cancelTasks: 0.1,
    lateTimers: { p: 0.2, maxMs: 5 },
    channels: { net: { drop: 0.2, delay: { p: 0.2, maxMs: 10 } } },
  };
  const run = (seed: number): Promise<string> => simulate(program, { seed, faults });

  test("are those of the seed", async () => {
    for (const seed of [1, 2, 3]) expect(await run(seed)).toBe(await run(seed));
    const runs = await Promise.all(Array.from({ length: 20 }, (_, seed) => run(seed)));
    expect(new Set(runs).size).toBe(20);
    const kinds = ["cancelled", "late", "dropped", "delayed"];
    expect(kinds.filter((kind) => runs.some((each) => each.includes(kind)))).toEqual(kinds);
  });

  test("are listed in the error, the last ones if there are many", async () => {
    const failing = simulate(
      async () => {
        const net = chan<number>(0, { name: "net" });
        for (let n = 0; n < 25; n++) {
          await net.send(n);
          await sleep(1);
        }
        throw new Error("boom");
      },
      { seed: 5, faults: { channels: { net: { drop: 1 } } } },
    );
    const error: Error = await failing.catch((error) => error);
    expect(error.message).toContain('"v1-5"');
    expect(error.message).toMatch(/\nfaults:\n {2}… 5 before these\n {2}at 5 ms: a message of task \d+ \(the body\)/);
    expect(error.message.match(/was lost/g)).toHaveLength(20);
  });

  test("leave nothing behind", async () => {
    const methods = () => [
      Chan.prototype[sending],
      Chan.prototype.trySend,
      Sender.prototype[sending],
      Sender.prototype.trySend,
      MpscCore.prototype.fill,
      BroadcastRing.prototype.send,
      Coroutine.prototype.park,
    ];
    const before = methods();
    let during = before;
    await faulty(faults, async () => {
      during = methods();
    });
    expect(during.every((method, i) => method !== before[i])).toBe(true);
    expect(methods()).toEqual(before);
    await faulty({}, async () => expect(methods()).toEqual(before));
  });
});
