/** The host whose clock is moved by hand: what fires, in which order, and what it holds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_TIMER } from "../../src/kernel/host.ts";
import { VirtualHost } from "../../src/testing/virtual-host.ts";

describe("the clock", () => {
  test("moves when it is told to, and never back", () => {
    const host = new VirtualHost(1, 5000);
    const start = host.now();
    host.skip(10);
    host.moveTo(start + 30);
    host.moveTo(start);
    expect([host.now() - start, host.wallClock()]).toEqual([30, 5030]);
  });

  test("goes to the next timer in a jump, or stays if that is overdue", () => {
    const host = new VirtualHost();
    const start = host.now();
    const fired: number[] = [];
    for (const ms of [20, 10]) host.timer(() => fired.push(host.now() - start), ms);
    expect(host.nextAt - start).toBe(10);
    host.jump();
    host.skip(100);
    expect([host.jump(), host.jump()]).toEqual([true, false]);
    expect([fired, host.nextAt]).toEqual([[10, 110], Number.POSITIVE_INFINITY]);
  });
});

describe("timers", () => {
  test("fire in the order of their times, equal ones as they were set, whatever is cancelled", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ ms: fc.integer({ min: 0, max: 20 }), cancelled: fc.boolean() })), (all) => {
        const host = new VirtualHost();
        const fired: number[] = [];
        const timers = all.map(({ ms }, i) => host.timer(() => fired.push(i), ms));
        for (const [i, { cancelled }] of all.entries()) if (cancelled) timers[i]?.cancel();
        const left = [...all.entries()].filter(([, { cancelled }]) => !cancelled);
        expect([host.timers, host.heldTimers, host.timersSet]).toEqual([left.length, left.length, all.length]);
        while (host.jump());
        expect(fired).toEqual(left.sort(([, a], [, b]) => a.ms - b.ms).map(([i]) => i));
        expect([host.timers, host.heldTimers]).toEqual([0, 0]);
      }),
    );
  });

  test("hold until they are let go, fire or are cancelled, and are counted once", () => {
    const host = new VirtualHost();
    const [a, b] = [host.timer(() => {}, 1), host.timer(() => {}, 2)];
    a.hold(false);
    a.hold(false);
    expect(host.heldTimers).toBe(1);
    a.hold(true);
    a.cancel();
    a.cancel();
    a.hold(false);
    expect(host.heldTimers).toBe(1);
    host.jump();
    b.hold(false);
    b.cancel();
    expect([host.timers, host.heldTimers]).toEqual([0, 0]);
  });

  test.each([-1, Number.NaN, MAX_TIMER + 1])("of %s ms are refused", (ms) => {
    expect(() => new VirtualHost().timer(() => {}, ms)).toThrow(RangeError);
  });

  test("there may be very many", () => {
    const host = new VirtualHost();
    let last = 0;
    for (let i = 0; i < 100_000; i++) host.timer(() => (last = i), (i * 7919) % 100_003);
    while (host.jump());
    expect([last, host.timers]).toEqual([
      [...Array(100_000).keys()].reduce((a, b) => ((b * 7919) % 100_003 > (a * 7919) % 100_003 ? b : a)),
      0,
    ]);
  });
});

describe("macrotasks", () => {
  test("make it busy until they have run", async () => {
    const host = new VirtualHost();
    const ran = new Promise<boolean>((resolve) => host.macrotask(() => resolve(host.isBusy)));
    expect(host.isBusy).toBe(true);
    expect([await ran, host.isBusy]).toEqual([false, false]);
  });
});
