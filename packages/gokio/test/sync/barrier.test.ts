import { describe, expect, test } from "vitest";
import { CancelledError, MisuseError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { arrive, Barrier } from "../../src/sync/barrier.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("nobody goes on before all are there; the last is the leader", async () => {
    const barrier = new Barrier(3);
    const first = start(arrive(barrier));
    await turn();
    const second = start(arrive(barrier));
    await turn();
    expect([first.ended, second.ended, barrier.arrived, barrier.parties]).toEqual([undefined, undefined, 2, 3]);
    expect(await drive(arrive(barrier))).toEqual({ isLeader: true });
    expect(await first.end).toEqual({ status: "ok", value: { isLeader: false } });
    expect(await second.end).toEqual({ status: "ok", value: { isLeader: false } });
    expect(barrier.arrived).toBe(0);
  });

  test("round after round, with one leader each", async () => {
    const barrier = new Barrier(4);
    const rounds = 10;
    const leaders: number[] = [];
    const at = new Array<number>(4).fill(0);
    const party = async (i: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        at[i] = round;
        const { isLeader } = await drive(arrive(barrier));
        expect(Math.min(...at)).toBeGreaterThanOrEqual(round);
        if (isLeader) leaders.push(round);
      }
    };
    await Promise.all([0, 1, 2, 3].map(party));
    expect(leaders).toEqual(Array.from({ length: rounds }, (_, i) => i));
  });

  test("a cancelled wait has not arrived", async () => {
    const barrier = new Barrier(2);
    const quitter = start(arrive(barrier));
    await turn();
    quitter.cancel();
    expect(await quitter.end).toEqual({ status: "cancelled" });
    expect(barrier.arrived).toBe(0);
    const stayer = start(arrive(barrier));
    await turn();
    expect(stayer.ended).toBe(undefined);
    expect(await drive(arrive(barrier))).toEqual({ isLeader: true });
    await stayer.end;
  });

  test("one that was let through is not cancelled any more", async () => {
    const barrier = new Barrier(2);
    const wait = start(arrive(barrier));
    await turn();
    void barrier.wait();
    wait.cancel();
    expect(await wait.end).toEqual({ status: "ok", value: { isLeader: false } });
  });

  test("of one party, everybody leads", async () => {
    const barrier = new Barrier(1);
    expect([await drive(arrive(barrier)), await drive(arrive(barrier))]).toEqual([
      { isLeader: true },
      { isLeader: true },
    ]);
  });

  test("of 10⁴ parties", async () => {
    const barrier = new Barrier(10_000);
    const waits = Array.from({ length: 10_000 }, () => drive(arrive(barrier)));
    const results = await Promise.all(waits);
    expect(results.filter(({ isLeader }) => isLeader).length).toBe(1);
  });
});

test("the method is eager, and takes a signal", async () => {
  const barrier = new Barrier(2);
  void barrier.wait();
  expect(barrier.arrived).toBe(1);
  await expect(barrier.wait({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  expect(barrier.arrived).toBe(1);
  expect((await barrier.wait()).isLeader).toBe(true);
});

test("a lost select and a timeout have not arrived", async () => {
  await virtual(async () => {
    const barrier = new Barrier(2);
    expect((await select({ all: arrive(barrier), late: sleep(5) })).key).toBe("late");
    await expect(timeout(5, arrive(barrier))).rejects.toMatchObject({ name: "TimeoutError" });
    expect(barrier.arrived).toBe(0);
    const [a, b] = [new Barrier(2), new Barrier(2)];
    const won = spawn(async () => await select({ a: arrive(a), b: arrive(b) }));
    await sleep(1);
    expect((await b.wait()).isLeader).toBe(true);
    expect((await won).key).toBe("b");
    expect(a.arrived).toBe(0);
  });
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d parties", (parties) => {
  expect(() => new Barrier(parties)).toThrow(RangeError);
});

test("one party cannot arrive twice in one select, but at two barriers it can", async () => {
  const barrier = new Barrier(3);
  for (const op of [
    () => select({ a: arrive(barrier), b: arrive(barrier) }),
    () => select({ a: arrive(barrier), b: timeout(60_000, arrive(barrier)) }),
  ]) {
    await expect(op()).rejects.toThrow(MisuseError);
    expect(barrier.arrived).toBe(0);
  }
  const other = new Barrier(2);
  const parties = [barrier.wait(), barrier.wait()];
  const won = select({ a: arrive(barrier), b: arrive(other) });
  expect((await won).key).toBe("a");
  expect(await Promise.all(parties)).toEqual([{ isLeader: false }, { isLeader: false }]);
  expect([barrier.arrived, other.arrived]).toEqual([0, 0]);
});

test("what is no number, and no barrier, is refused", () => {
  expect(() => new Barrier("3" as never)).toThrow(TypeError);
  expect(() => arrive({} as never)).toThrow("barrier must be a Barrier, not an object");
});
