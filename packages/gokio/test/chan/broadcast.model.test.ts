/** Broadcast against one with a queue for each receiver, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BroadcastReceiver, broadcast } from "../../src/chan/broadcast.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { LaggedError } from "../../src/errors.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Driven } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

type Fate = "parked" | "cancelled" | "refused" | "done" | `missed ${number}` | number;

interface NaiveReceiver {
  unread: number[];
  missed: number;
  gone: boolean;
  waiting: { wait: number; boxed: boolean }[];
}

class NaiveBroadcast {
  readonly fates: Fate[] = [];
  readonly receivers: NaiveReceiver[] = [];
  closed = false;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  subscribe(): void {
    this.receivers.push({ unread: [], missed: 0, gone: false, waiting: [] });
  }

  send(value: number): number {
    const here = this.receivers.filter(({ gone }) => !gone);
    for (const receiver of here) {
      receiver.unread.push(value);
      this.settle(receiver);
      if (receiver.unread.length <= this.capacity) continue;
      receiver.unread.shift();
      receiver.missed++;
    }
    return here.length;
  }

  receive(receiver: NaiveReceiver, boxed: boolean): void {
    receiver.waiting.push({ wait: this.fates.push("parked") - 1, boxed });
    this.settle(receiver);
  }

  settle(receiver: NaiveReceiver): void {
    for (let first = receiver.waiting[0]; first !== undefined; first = receiver.waiting[0]) {
      if (receiver.gone) this.fates[first.wait] = first.boxed ? "done" : "refused";
      else if (receiver.missed > 0) {
        this.fates[first.wait] = `missed ${receiver.missed}`;
        receiver.missed = 0;
      } else if (receiver.unread.length > 0) this.fates[first.wait] = receiver.unread.shift() as number;
      else if (this.closed) this.fates[first.wait] = first.boxed ? "done" : "refused";
      else return;
      receiver.waiting.shift();
    }
  }

  cancel(wait: number): void {
    this.fates[wait] = "cancelled";
    for (const receiver of this.receivers) receiver.waiting = receiver.waiting.filter((each) => each.wait !== wait);
  }
}

function fateOf(wait: Driven<unknown>): Fate {
  const { ended } = wait;
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return ended.error instanceof LaggedError ? `missed ${ended.error.missed}` : "refused";
  if (typeof ended.value === "number") return ended.value;
  const result = ended.value as IteratorResult<number>;
  return result.done === true ? "done" : result.value;
}

const kind = fc.oneof(
  ...(
    [
      [42, "send"],
      [21, "recv"],
      [21, "next"],
      [12, "tryRecv"],
      [15, "cancel"],
      [6, "subscribe"],
      [3, "resubscribe"],
      [3, "dispose"],
      [1, "close"],
    ] as const
  ).map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) })),
);
const step = fc.record({ kind, which: fc.nat(), driver: fc.nat({ max: drivers.length - 1 }), rush: fc.boolean() });

test("does what the naive one does", async () => {
  const paths = new Paths();
  let lags = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { maxLength: 60, size: "max" }),
      async (capacity, steps) => {
        const tx = broadcast<number>(capacity);
        const model = new NaiveBroadcast(capacity);
        const receivers: BroadcastReceiver<number>[] = [];
        const waits: Driven<unknown>[] = [];
        let value = 0;
        const subscribe = (make: () => BroadcastReceiver<number>): void => {
          receivers.push(make());
          model.subscribe();
        };
        subscribe(() => tx.subscribe());
        for (const { kind, which, driver, rush } of steps) {
          const rx = receivers[which % receivers.length] as BroadcastReceiver<number>;
          const naive = model.receivers[which % receivers.length] as NaiveReceiver;
          switch (kind) {
            case "send":
              if (!model.closed) expect(tx.send(++value)).toBe(model.send(value));
              break;
            case "recv":
            case "next": {
              model.receive(naive, kind === "next");
              const op: Operation<unknown> = kind === "next" ? next(rx) : recv(rx);
              waits.push(await paths.watch((drivers[driver] as (typeof drivers)[number]).start(op)));
              break;
            }
            case "tryRecv": {
              model.receive(naive, true);
              const fate = model.fates.pop() as Fate;
              if (fate === "parked") naive.waiting.pop();
              if (fate === "parked") expect(rx.tryRecv()).toBeUndefined();
              else if (fate === "done") expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
              else if (typeof fate === "number") expect(rx.tryRecv()).toEqual({ done: false, value: fate });
              else expect(() => rx.tryRecv()).toThrow(new LaggedError(Number(fate.slice("missed ".length))));
              break;
            }
            case "cancel": {
              const parked = waits.map((_, i) => i).filter((i) => model.fates[i] === "parked");
              if (parked.length === 0) break;
              const wait = parked[which % parked.length] as number;
              model.cancel(wait);
              waits[wait]?.cancel();
              break;
            }
            case "subscribe":
              if (!model.closed) subscribe(() => tx.subscribe());
              break;
            case "resubscribe":
              subscribe(() => rx.resubscribe());
              break;
            case "dispose":
              rx[Symbol.dispose]();
              naive.gone = true;
              model.settle(naive);
              break;
            case "close":
              tx[Symbol.dispose]();
              model.closed = true;
              for (const each of model.receivers) model.settle(each);
          }
          const lengths = model.receivers.map(({ gone, unread, missed }) => (gone ? 0 : unread.length + missed));
          expect(receivers.map(({ length }) => length)).toEqual(lengths);
          expect(tx.receiverCount).toBe(model.receivers.filter(({ gone }) => !gone).length);
          if (rush) continue;
          await turn();
          expect(waits.map(fateOf)).toEqual(model.fates);
        }
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
        lags += model.fates.filter((fate) => String(fate).startsWith("missed")).length;
        for (const wait of waits) wait.cancel();
        await Promise.all(waits.map((wait) => wait.end));
      },
    ),
    { numRuns: 800, seed: 20_243 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
  expect(lags).toBeGreaterThan(100);
}, 60_000);
