/** The support itself: what it lets pass, and what it catches. */
import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { drivers } from "./drivers.ts";
import { unhandledDuring } from "./leaks.ts";
import { Paths } from "./paths.ts";
import { turn } from "./turns.ts";
import { virtual } from "./virtual.ts";

describe("virtual", () => {
  test("jumps to the next timer and gives the result", async () => {
    const real = performance.now();
    const elapsed = await virtual(async (clock) => {
      await sleep(86_400_000);
      return clock.elapsed;
    });
    expect(elapsed).toBe(86_400_000);
    expect(performance.now() - real).toBeLessThan(5000);
  });

  test("fails a body that is stuck, and says on what", async () => {
    await expect(virtual(async () => void (await chan<number>(0, { name: "jobs" }).recv()))).rejects.toThrow(
      'the body is stuck: nothing is left that could wake it\n  outside tasks: recv on chan(0, "jobs")',
    );
  });

  test("fails a body that leaves something behind", async () => {
    const body = async (): Promise<void> => void spawn(() => chan(3).recv(), { name: "left" });
    await expect(virtual(body)).rejects.toThrow(/left something behind:\n {2}task \d+ \(left\): recv on chan\(3\)/);
    const timer = async (): Promise<void> => void sleep(5).then(() => {});
    await expect(virtual(timer)).rejects.toThrow("outside tasks: sleep");
  });

  test("passes the body's error on", async () => {
    const body = async (): Promise<void> => {
      throw new RangeError("mine");
    };
    await expect(virtual(body)).rejects.toThrow(RangeError);
  });

  test("loads the dice with the seed", async () => {
    const rolls = (seed: number): Promise<number[]> =>
      virtual(async ({ host }) => [host.random(), host.random()], { seed });
    expect(await rolls(7)).toEqual(await rolls(7));
    expect(await rolls(7)).not.toEqual(await rolls(8));
  });
});

describe.each(drivers)("the driver $name", ({ drive, start }) => {
  test("gives the value, ready or handed over", async () => {
    const ch = chan<number>(1);
    await drive(send(ch, 1));
    expect(await drive(recv(ch))).toBe(1);
    const parked = drive(recv(ch));
    await ch.send(2);
    expect(await parked).toBe(2);
  });

  test("gives the error", async () => {
    const ch = chan<number>();
    ch.close();
    await expect(drive(recv(ch))).rejects.toThrow("chan(0) is closed");
    expect((await start(recv(ch)).end).status).toBe("failed");
  });

  test("can be cancelled, and is counted", async () => {
    const paths = new Paths();
    const ch = chan<number>();
    const first = await paths.watch(start(recv(ch)));
    const second = await paths.watch(start(recv(ch)));
    const third = await paths.watch(start(recv(ch)));
    first.cancel();
    await ch.send(5);
    ch.close();
    expect(await Promise.all([first.end, second.end])).toEqual([{ status: "cancelled" }, { status: "ok", value: 5 }]);
    expect(await third.end).toMatchObject({ status: "failed" });
    await turn();
    expect(paths.counts).toEqual({ ready: 0, parked: 3, handedOver: 1, cancelled: 1, closed: 1, failed: 0 });
    expect(() => paths.expectSeen("parked", "ready")).toThrow("never seen: ready");
  });
});

test("unhandled rejections can be caught where they are the point", async () => {
  const error = new Error("nobody asks");
  expect(await unhandledDuring(() => void Promise.reject(error))).toEqual([error]);
});

test("a token's deadline is no leak once it is over", async () => {
  await virtual(async () => {
    const token = new CancellationToken();
    token.cancelAfter(10);
    await sleep(11);
    expect(token.isCancelled).toBe(true);
  });
});
