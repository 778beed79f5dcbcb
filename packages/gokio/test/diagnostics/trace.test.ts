/** Tracing: what is known with it and not without, at which rate, and for how long. */
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { snapshot } from "../../src/diagnostics/model.ts";
import { isTracing, rateOf, trace, whileTracing } from "../../src/diagnostics/trace.ts";
import { select } from "../../src/select/select.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { moment } from "../support/moment.ts";
import { virtual } from "../support/virtual.ts";

const HERE = /^packages\/gokio\/test\/diagnostics\/trace\.test\.ts:\d+:\d+$/;

describe("while it is on", () => {
  test("ages, durations and counts are known of what was made and parked since", () =>
    virtual(async ({ host }) => {
      const ch = chan<number>();
      const before = spawn(function* () {
        while (true) yield* recv(ch);
      });
      await moment();
      using _tracing = trace();
      const generator = spawn(function* () {
        for (let i = 0; i < 3; i++) yield* recv(ch);
        yield* sleep(60_000);
      });
      const promises = spawn(async () => {
        for (let i = 0; i < 2; i++) await sleep(0);
        await sleep(60_000);
      });
      await moment();
      before.abort();
      for (let i = 0; i < 3; i++) await ch.send(i);
      await moment();
      host.skip(500);
      const known = snapshot().tasks.map(({ id, age, polls, waits: [wait] }) => [id, age, polls, wait?.duration]);
      expect(known).toEqual([
        [generator.id, 500, 4, 500],
        [promises.id, 500, expect.any(Number), expect.any(Number)],
      ]);
      generator.abort();
      promises.abort();
      await Promise.all([generator.settled(), promises.settled()]);
    }));

  test("of an async task, each of its waits that has gone on counts, also in its blocks", () =>
    virtual(async () => {
      using _tracing = trace({ sites: false });
      const ch = chan<number>();
      const one = spawn(async () => {
        await ch.recv();
        await Promise.all([ch.recv(), ch.recv()]);
        await ch.recv();
      });
      await moment();
      for (let i = 0; i < 3; i++) {
        await ch.send(i);
        await moment();
      }
      expect(snapshot().tasks[0]?.polls).toBe(4);
      await ch.send(3);
      await one;
    }));

  test("who made a task is known, and nobody did outside of tasks", () =>
    virtual(async () => {
      using _tracing = trace();
      const gate = chan();
      const spawners: JoinHandle<unknown>[] = [];
      const body = (): Promise<unknown> => gate.next();
      spawners.push(spawn(async () => void spawners.push(spawn(body)), { name: "async" }));
      spawners.push(
        spawn(
          function* () {
            spawners.push(spawn(body));
          },
          { name: "generator" },
        ),
      );
      const free = spawn(body);
      await moment();
      const by = snapshot().tasks.map(({ id, spawner }) => [id === free.id, spawner]);
      expect(by).toEqual([
        [true, undefined],
        [false, `task ${spawners[0]?.id} (async)`],
        [false, `task ${spawners[1]?.id} (generator)`],
      ]);
      gate.close();
      await Promise.all([...spawners, free]);
    }));

  const ch = chan<number>();
  const waits: [string, () => JoinHandle<unknown>][] = [
    [
      "a generator",
      () =>
        spawn(function* () {
          yield* recv(ch);
        }),
    ],
    [
      "a generator that delegates",
      () => {
        function* inner() {
          yield* recv(ch);
        }
        return spawn(function* () {
          yield* inner();
        });
      },
    ],
    ["an eager method", () => spawn(async () => void (await ch.recv()))],
    ["an await of an operation", () => spawn(async () => void (await recv(ch)))],
    ["an await of a select", () => spawn(async () => void (await select({ a: recv(ch) })))],
  ];

  test.each(waits)("it is known where %s is parked", (_what, start) =>
    virtual(async () => {
      using _tracing = trace();
      const one = start();
      await moment();
      const [task] = snapshot().tasks;
      const places = [task?.site, task?.waits[0]?.site].map((site) => `${site?.frames[0]?.file}:1:1`);
      for (const place of places) expect(place).toMatch(HERE);
      one.abort();
      await one.settled();
    }),
  );

  test("it is known where a handle is awaited, and where it is joined by a method", () =>
    virtual(async () => {
      using _tracing = trace();
      const held = spawn(() => sleep(60_000));
      const awaiting = spawn(async function waiter() {
        await held;
      });
      const joining = spawn(async function joiner() {
        await join(held);
      });
      await moment();
      const sites = snapshot()
        .tasks.slice(1)
        .map(({ waits: [wait] }) => wait?.site?.frames[0]?.name);
      expect(sites).toEqual(["waiter", "joiner"]);
      held.abort();
      await Promise.all([awaiting.settled(), joining.settled()]);
    }));
});

describe("how many sites are captured", () => {
  const captured = (sites: boolean | number): Promise<number> =>
    virtual(async () => {
      using _tracing = trace({ sites });
      const ch = chan<number>();
      const tasks = Array.from({ length: 20 }, () =>
        spawn(function* () {
          yield* recv(ch);
        }),
      );
      await moment();
      const found = snapshot().tasks.flatMap(({ site, waits: [wait] }) => [site, wait?.site]);
      for (const each of tasks) each.abort();
      await Promise.all(tasks.map((each) => each.settled()));
      return found.filter((site) => site !== undefined).length;
    });

  test("all, none, or a part, evenly spread", async () => {
    expect(await captured(true)).toBe(40);
    expect(await captured(false)).toBe(0);
    expect(await captured(0)).toBe(0);
    expect(await captured(0.25)).toBe(10);
  });

  test("the most demanding of several traces decides, as long as it is on", async () => {
    const demanding = trace({ sites: 0.5 });
    expect(await captured(false)).toBe(20);
    demanding[Symbol.dispose]();
    using _modest = trace({ sites: false });
    expect(await captured(0.5)).toBe(20);
    expect(await captured(false)).toBe(0);
  });

  test.each([-0.1, 1.1, Number.NaN, "yes", null])("%j is no rate", (sites) => {
    expect(() => trace({ sites: sites as number })).toThrow("sites must be true, false or a rate from 0 to 1");
    expect(isTracing()).toBe(false);
  });
});

describe("when it is over", () => {
  test("nothing more is written down; what was stays", () =>
    virtual(async ({ host }) => {
      const ch = chan<number>();
      const tracing = trace();
      const one = spawn(function* () {
        yield* recv(ch);
      });
      await moment();
      tracing[Symbol.dispose]();
      tracing[Symbol.dispose]();
      const two = spawn(function* () {
        yield* recv(ch);
      });
      await moment();
      host.skip(5);
      expect(snapshot().tasks.map(({ age, site }) => [age, site === undefined])).toEqual([
        [5, false],
        [undefined, true],
      ]);
      ch.trySend(1);
      ch.trySend(2);
      await Promise.all([one, two]);
    }));

  test("it is off with the last of several, each disposed once", () =>
    virtual(async () => {
      const [one, two] = [trace(), trace({ sites: false })];
      one[Symbol.dispose]();
      one[Symbol.dispose]();
      expect(isTracing()).toBe(true);
      const sleeping = spawn(() => sleep(5));
      expect(snapshot().tasks[0]?.age).toBe(0);
      two[Symbol.dispose]();
      expect(isTracing()).toBe(false);
      await sleeping;
    }));
});

test("a rate from the environment", () => {
  expect(["1", "0", "", " 0.5 "].map(rateOf)).toEqual([1, 0, 0, 0.5]);
  for (const text of ["true", "2", "-1", "x"]) {
    expect(() => rateOf(text)).toThrow(`GOKIO_TRACE must be a rate from 0 to 1, not "${text}"`);
  }
});

test("what goes with tracing is started with the first and stopped with the last; at once, if it comes late", () => {
  const log: string[] = [];
  const companion = (name: string) => (): Disposable => {
    log.push(`${name} started`);
    return { [Symbol.dispose]: () => void log.push(`${name} stopped`) };
  };
  whileTracing(companion("early"));
  expect(log).toEqual([]);
  const [one, two] = [trace(), trace()];
  expect(log.splice(0)).toEqual(["early started"]);
  whileTracing(companion("late"));
  expect(log.splice(0)).toEqual(["late started"]);
  one[Symbol.dispose]();
  expect(log).toEqual([]);
  two[Symbol.dispose]();
  expect(log.splice(0)).toEqual(["early stopped", "late stopped"]);
  trace()[Symbol.dispose]();
  expect(log.splice(0)).toEqual(["early started", "late started", "early stopped", "late stopped"]);
});
