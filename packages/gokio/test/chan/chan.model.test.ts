/** The channel against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { next, send } from "../../src/chan/ends.ts";
import type { Driven } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { HEAVY, turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

/** What the model says of a wait. */
type Fate = "parked" | "cancelled" | "refused" | "sent" | "done" | number;

/** A channel of arrays, where everything is linear and plain to see. */
class NaiveChan {
  readonly fates: Fate[] = [];
  readonly buffer: number[] = [];
  readonly senders: { wait: number; value: number }[] = [];
  readonly receivers: number[] = [];
  readonly capacity: number;
  closed = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  send(value: number): void {
    const wait = this.fates.push("parked") - 1;
    if (this.closed) this.fates[wait] = "refused";
    else if (this.receivers.length > 0) {
      this.fates[this.receivers.shift() as number] = value;
      this.fates[wait] = "sent";
    } else if (this.buffer.length < this.capacity) {
      this.buffer.push(value);
      this.fates[wait] = "sent";
    } else this.senders.push({ wait, value });
  }

  receive(): void {
    const wait = this.fates.push("parked") - 1;
    const first = this.take();
    if (first !== undefined) this.fates[wait] = first;
    else if (this.closed) this.fates[wait] = "done";
    else this.receivers.push(wait);
  }

  take(): number | undefined {
    const value = this.buffer.shift();
    const sender = value !== undefined || this.capacity === 0 ? this.senders.shift() : undefined;
    if (sender === undefined) return value;
    this.fates[sender.wait] = "sent";
    if (value === undefined) return sender.value;
    this.buffer.push(sender.value);
    return value;
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    const place = this.receivers.indexOf(wait);
    if (place >= 0) this.receivers.splice(place, 1);
    else {
      this.senders.splice(
        this.senders.findIndex((sender) => sender.wait === wait),
        1,
      );
    }
  }

  close(): void {
    this.closed = true;
    for (const wait of this.receivers.splice(0)) this.fates[wait] = "done";
    for (const { wait } of this.senders.splice(0)) this.fates[wait] = "refused";
  }
}

function fateOf(wait: Driven<unknown>): Fate {
  const { ended } = wait;
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return "refused";
  const result = ended.value as IteratorResult<number> | undefined;
  if (result === undefined) return "sent";
  return result.done === true ? "done" : result.value;
}

const driver = fc.nat({ max: drivers.length - 1 });
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("send" as const), driver }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("receive" as const), driver }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("trySend" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("tryReceive" as const) }) },
  // Several things in one step, before anybody runs.
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("rush" as const), which: fc.array(fc.nat(), { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const) }) },
);

test(
  "does what the naive channel does",
  async () => {
    const paths = new Paths();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3 }), fc.array(step, { maxLength: 40 }), async (capacity, steps) => {
        const real = chan<number>(capacity);
        const model = new NaiveChan(capacity);
        const waits: Driven<unknown>[] = [];
        let value = 0;
        const cancel = (which: number): void => {
          if (waits.length === 0) return;
          const parked = waits.map((_, i) => i).filter((i) => model.fates[i] === "parked");
          const wait = parked.length > 0 ? (parked[which % parked.length] as number) : which % waits.length;
          model.cancel(wait);
          waits[wait]?.cancel();
        };
        for (const each of steps) {
          switch (each.kind) {
            case "send":
              model.send(++value);
              waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(send(real, value)) as Driven<unknown>));
              break;
            case "receive":
              model.receive();
              waits.push(await paths.watch(drivers[each.driver]?.start<unknown>(next(real)) as Driven<unknown>));
              break;
            case "cancel":
              cancel(each.which);
              break;
            case "trySend":
              if (!real.isClosed) {
                const fits = model.receivers.length > 0 || model.buffer.length < capacity;
                expect(real.trySend(++value)).toBe(fits);
                if (fits) {
                  model.send(value);
                  model.fates.pop();
                }
              }
              break;
            case "tryReceive": {
              const taken = model.take();
              const result = real.tryRecv();
              if (taken !== undefined) expect(result).toEqual({ done: false, value: taken });
              else expect(result).toEqual(model.closed ? { done: true, value: undefined } : undefined);
              break;
            }
            case "rush":
              for (const which of each.which) {
                if (which % 2 === 0) cancel(which >> 1);
                else if (!real.isClosed && real.trySend(++value)) {
                  model.send(value);
                  model.fates.pop();
                }
              }
              break;
            case "close":
              if (!real.isClosed) {
                real.close();
                model.close();
              }
          }
          await turn();
          expect(waits.map(fateOf)).toEqual(model.fates);
          expect([real.length, real.isClosed]).toEqual([model.buffer.length, model.closed]);
        }
        for (const wait of waits) wait.cancel();
        await Promise.all(waits.map((wait) => wait.end));
      }),
      { numRuns: 1000, seed: 20_240 },
    );
    paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
  },
  HEAVY,
);
