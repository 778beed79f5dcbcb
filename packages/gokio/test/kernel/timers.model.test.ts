/** The wheel against a sorted array, on a clock that moves as it likes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deadline } from "../../src/kernel/alarm.ts";
import { MAX_TIMER } from "../../src/kernel/host.ts";
import { Timers } from "../../src/kernel/timers.ts";
import { HEAVY } from "../support/turns.ts";
import { VirtualHost } from "../support/virtual.ts";
import { FakeWaiter } from "./fakes.ts";

const DAY = 86_400_000;

interface Set {
  readonly name: number;
  readonly deadline: number;
}

const delay = fc.oneof(
  fc.nat({ max: 5 }),
  fc.nat({ max: 200 }).map((quarters) => quarters / 4),
  fc.nat({ max: 5000 }),
  fc.nat({ max: DAY }),
  fc.nat({ max: 40 }).map((days) => days * DAY),
  fc.nat({ max: 400 * DAY }),
  fc.constantFrom(63, 64, 65, 4095, 4096, 262_144, 2 ** 29 - 1, 2 ** 29, 2 ** 29 + 1, 2 ** 30, 2 ** 31, 2 ** 33),
);
const step = fc.oneof(
  { weight: 8, arbitrary: delay.map((ms) => ({ kind: "add" as const, ms })) },
  { weight: 2, arbitrary: fc.nat().map((which) => ({ kind: "same" as const, which })) },
  // Sets another whenever it is woken, before the host timer is set again.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("relay" as const), ms: delay, times: fc.nat({ max: 4 }) }) },
  { weight: 3, arbitrary: fc.nat().map((which) => ({ kind: "cancel" as const, which })) },
  { weight: 3, arbitrary: delay.map((ms) => ({ kind: "advance" as const, ms: Math.floor(ms) })) },
  { weight: 1, arbitrary: delay.map((ms) => ({ kind: "skip" as const, ms: Math.floor(ms) })) },
);

test(
  "wakes whom a sorted array would, in that order, never early",
  () => {
    const seen = { woken: 0, cancelled: 0, rebased: 0, together: 0, farBehind: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const host = new VirtualHost();
        const timers = new Timers({ host, isIdle: false, wantDrain() {} });
        const waiters = new Map<number, FakeWaiter<void>>();
        const events: string[] = [];
        let model: Set[] = [];
        let made = 0;
        const relays = new Map<number, { ms: number; times: number }>();
        const add = (deadline: number): void => {
          const op = { deadline } as Deadline;
          const waiter = new FakeWaiter<void>(made, events, op);
          waiters.set(made, waiter);
          timers.add(waiter, op);
          model.push({ name: made++, deadline });
        };
        const relay = (ms: number, times: number): void => {
          if (times > 0) relays.set(made, { ms, times: times - 1 });
          add(host.now() + ms);
        };
        /** The host timer is set for no later than the earliest deadline asks, or than it can be set for. */
        const inTime = (): void => {
          const first = Math.min(...model.map(({ deadline }) => deadline));
          const latest = Math.max(host.now(), Math.min(Math.ceil(first), host.now() + MAX_TIMER));
          if (model.length > 0) expect(host.nextAt).toBeLessThanOrEqual(latest);
        };
        /** Runs the host timer that is due, and sees that it woke exactly who was due by then. */
        const fire = (): void => {
          const before = host.now();
          host.jump();
          if (host.now() - before > 5 * DAY) seen.rebased++;
          const due = model.filter((set) => set.deadline <= host.now());
          due.sort((a, b) => a.deadline - b.deadline || a.name - b.name);
          model = model.filter((set) => set.deadline > host.now());
          expect(events.splice(0)).toEqual(due.map(({ name }) => `${name} woken`));
          seen.woken += due.length;
          if (due.length > 1) seen.together++;
          for (const { name } of due) {
            const again = relays.get(name);
            if (again === undefined) continue;
            relay(again.ms, again.times);
            if (model.some(({ deadline }) => deadline > host.now() + 7 * DAY)) seen.farBehind++;
          }
          timers.arm();
          inTime();
        };
        for (const each of steps) {
          if (each.kind === "add") add(host.now() + each.ms);
          else if (each.kind === "relay") relay(each.ms, each.times);
          else if (each.kind === "same" && model.length > 0) add((model[each.which % model.length] as Set).deadline);
          else if (each.kind === "cancel" && model.length > 0) {
            const [{ name }] = model.splice(each.which % model.length, 1) as [Set];
            timers.remove(waiters.get(name) as FakeWaiter<void>);
            seen.cancelled++;
          } else if (each.kind === "advance") {
            const target = host.now() + each.ms;
            while (host.nextAt <= target) fire();
            host.skip(Math.max(0, target - host.now()));
          } else if (each.kind === "skip") host.skip(each.ms);
          timers.arm();
          expect(timers.size).toBe(model.length);
          expect(host.timers).toBeLessThanOrEqual(1);
          inTime();
        }
        while (model.length > 0) fire();
        expect(timers.size).toBe(0);
      }),
      { numRuns: 3000, seed: 20_241 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  },
  HEAVY,
);
