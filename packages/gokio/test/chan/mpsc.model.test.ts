/** Mpsc against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { next, send } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { reserve, reserveMany, SendPermit } from "../../src/chan/permit.ts";
import { recvMany } from "../../src/chan/receiver.ts";
import type { Sender } from "../../src/chan/sender.ts";
import { SendError } from "../../src/errors.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Driven } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

/** What the model says of a wait; the array is what a recvMany got, the object a send that was refused. */
type Fate = "parked" | "cancelled" | "refused" | "sent" | "permit" | "done" | number | number[] | { back: number };

/** A channel of arrays, where everything is linear and plain to see. */
class NaiveMpsc {
  readonly fates: Fate[] = [];
  readonly entries: { wait: number; value?: number; slots: number }[] = [];
  readonly receivers: { wait: number; many: boolean }[] = [];
  /** The wait of each permit that is out. */
  readonly permits: number[] = [];
  buffer: number[] = [];
  senders = 1;
  closed = false;
  gone = false;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  wait(): number {
    return this.fates.push("parked") - 1;
  }

  hasRoom(slots: number): boolean {
    return this.buffer.length + this.permits.length + slots <= this.capacity;
  }

  /** Whatever can happen, happens. */
  settle(): void {
    for (let [entry] = this.entries; entry !== undefined && this.hasRoom(entry.slots); [entry] = this.entries) {
      this.entries.shift();
      const { wait, value, slots } = entry;
      this.fates[wait] = value === undefined ? "permit" : "sent";
      if (value === undefined) for (let i = 0; i < slots; i++) this.permits.push(wait);
      else this.put(value);
    }
    if (!this.gone && (this.permits.length > 0 || !(this.closed || this.senders === 0))) return;
    for (const { wait, many } of this.receivers.splice(0)) this.fates[wait] = many ? [] : "done";
  }

  put(value: number): void {
    const receiver = this.receivers.shift();
    if (receiver === undefined) this.buffer.push(value);
    else this.fates[receiver.wait] = receiver.many ? [value] : value;
  }

  enter(slots: number, value?: number): void {
    const wait = this.wait();
    if (this.closed) this.fates[wait] = value === undefined ? "refused" : { back: value };
    else this.entries.push(value === undefined ? { wait, slots } : { wait, slots, value });
    this.settle();
  }

  trySend(value: number): boolean {
    const fits = this.entries.length === 0 && this.hasRoom(1);
    if (fits) this.put(value);
    return fits;
  }

  receive(limit?: number): void {
    const wait = this.wait();
    const taken: number[] = [];
    while (this.buffer.length > 0 && taken.length < (limit ?? 1)) {
      taken.push(this.buffer.shift() as number);
      this.settle();
    }
    if (taken.length > 0) this.fates[wait] = limit === undefined ? (taken[0] as number) : taken;
    else this.receivers.push({ wait, many: limit !== undefined });
    this.settle();
  }

  spend(wait: number, value?: number): void {
    this.permits.splice(this.permits.indexOf(wait), 1);
    if (value !== undefined && !this.gone) this.put(value);
    this.settle();
  }

  cancel(wait: number): void {
    if (this.fates[wait] !== "parked") return;
    this.fates[wait] = "cancelled";
    for (const queue of [this.entries, this.receivers]) {
      const place = queue.findIndex((each) => each.wait === wait);
      if (place >= 0) queue.splice(place, 1);
    }
    this.settle();
  }

  close(gone: boolean): void {
    this.closed = true;
    this.gone ||= gone;
    if (gone) this.buffer = [];
    for (const { wait, value } of this.entries.splice(0)) {
      this.fates[wait] = value === undefined ? "refused" : { back: value };
    }
    this.settle();
  }
}

function permitsOf(value: unknown): SendPermit<number>[] {
  return [value].flat().filter((each) => each instanceof SendPermit);
}

function fateOf(wait: Driven<unknown>): Fate {
  const { ended } = wait;
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") {
    return ended.error instanceof SendError ? { back: ended.error.value as number } : "refused";
  }
  if (ended.value === undefined) return "sent";
  if (permitsOf(ended.value).length > 0) return "permit";
  if (Array.isArray(ended.value)) return ended.value as number[];
  const result = ended.value as IteratorResult<number>;
  return result.done === true ? "done" : result.value;
}

const kind = fc.oneof(
  ...(
    [
      [24, "send"],
      [18, "next"],
      [12, "recvMany"],
      [12, "reserve"],
      [9, "reserveMany"],
      [15, "cancel"],
      [12, "usePermit"],
      [9, "dropPermit"],
      [9, "trySend"],
      [9, "tryRecv"],
      [3, "clone"],
      [3, "disposeSender"],
      [1, "close"],
      [1, "disposeReceiver"],
    ] as const
  ).map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) })),
);
// Steps that do not settle come before anybody has run.
const step = fc.record({ kind, which: fc.nat(), driver: fc.nat({ max: drivers.length - 1 }), rush: fc.boolean() });

test("does what the naive one does", async () => {
  const paths = new Paths();
  let spent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 50, size: "max" }),
      async (capacity, steps) => {
        const [first, rx] = mpsc<number>(capacity);
        const senders: Sender<number>[] = [first];
        const model = new NaiveMpsc(capacity);
        const waits: Driven<unknown>[] = [];
        let value = 0;
        const begin = async (op: Operation<unknown>, driver: number): Promise<void> => {
          waits.push(await paths.watch((drivers[driver] as (typeof drivers)[number]).start(op)));
        };
        const pick = <T>(from: readonly T[], which: number): T => from[which % from.length] as T;
        for (const { kind, which, driver, rush } of steps) {
          const tx = pick(senders, which);
          switch (kind) {
            case "send":
              if (tx === undefined) break;
              model.enter(1, ++value);
              await begin(send(tx, value), driver);
              break;
            case "reserve":
              if (tx === undefined) break;
              model.enter(1);
              await begin(reserve(tx), driver);
              break;
            case "reserveMany": {
              if (tx === undefined) break;
              const slots = (which % capacity) + 1;
              model.enter(slots);
              await begin(reserveMany(tx, slots), driver);
              break;
            }
            case "next":
              model.receive();
              await begin(next(rx), driver);
              break;
            case "recvMany":
              model.receive((which % 4) + 1);
              await begin(recvMany(rx, (which % 4) + 1), driver);
              break;
            case "cancel": {
              const parked = waits.map((_, i) => i).filter((i) => model.fates[i] === "parked");
              if (parked.length === 0) break;
              model.cancel(pick(parked, which));
              waits[pick(parked, which)]?.cancel();
              break;
            }
            case "usePermit":
            case "dropPermit": {
              // Only those of whom we have heard.
              const held = model.permits.filter((wait) => waits[wait]?.ended !== undefined);
              if (held.length === 0) break;
              const wait = pick(held, which);
              const { value: all } = (waits[wait] as Driven<unknown>).ended as { value: unknown };
              const permit = permitsOf(all)[
                model.permits.filter((each) => each === wait).length - 1
              ] as SendPermit<number>;
              spent++;
              if (kind === "usePermit") {
                model.spend(wait, ++value);
                permit.send(value);
              } else {
                model.spend(wait);
                permit[Symbol.dispose]();
              }
              break;
            }
            case "trySend":
              if (tx === undefined) break;
              if (model.closed) expect(() => tx.trySend(0)).toThrow(SendError);
              else expect(tx.trySend(++value)).toBe(model.trySend(value));
              break;
            case "tryRecv": {
              const result = rx.tryRecv();
              model.receive();
              const fate = model.fates.pop() as Fate;
              if (fate === "parked") {
                model.receivers.pop();
                expect(result).toBeUndefined();
              } else if (fate === "done") expect(result).toEqual({ done: true, value: undefined });
              else expect(result).toEqual({ done: false, value: fate });
              break;
            }
            case "clone":
              if (tx === undefined) break;
              senders.push(tx.clone());
              model.senders++;
              break;
            case "disposeSender":
              if (tx === undefined) break;
              senders.splice(senders.indexOf(tx), 1);
              tx[Symbol.dispose]();
              model.senders--;
              model.settle();
              break;
            case "close":
              rx.close();
              model.close(false);
              break;
            case "disposeReceiver":
              rx[Symbol.dispose]();
              model.close(true);
          }
          expect(rx.length).toBe(model.buffer.length);
          if (senders[0] !== undefined) {
            expect([senders[0].available, senders[0].isClosed]).toEqual([
              capacity - model.buffer.length - model.permits.length,
              model.closed,
            ]);
          }
          if (rush) continue;
          await turn();
          expect(waits.map(fateOf)).toEqual(model.fates);
        }
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
        for (const wait of waits) wait.cancel();
        await Promise.all(waits.map((wait) => wait.end));
      },
    ),
    { numRuns: 800, seed: 20_241 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
  expect(spent).toBeGreaterThan(100);
}, 60_000);
