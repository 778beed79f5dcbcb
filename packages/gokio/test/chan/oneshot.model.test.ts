/** Oneshot against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { closed } from "../../src/chan/closed.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Driven } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

type Fate = "parked" | "cancelled" | "refused" | "done" | "told" | number;

class NaiveOneshot {
  readonly fates: Fate[] = [];
  waiting: { wait: number; kind: "recv" | "next" | "closed" }[] = [];
  value: number | undefined;
  sent = false;
  hungUp = false;
  closed = false;

  wait(kind: "recv" | "next" | "closed"): void {
    this.waiting.push({ wait: this.fates.push("parked") - 1, kind });
    this.settle();
  }

  /** Everyone, in the order of arrival, gets what there is. */
  settle(): void {
    const taking = this.waiting.filter(({ kind }) => kind !== "closed");
    for (const { wait, kind } of taking) {
      if (this.value !== undefined) {
        this.fates[wait] = this.value;
        this.value = undefined;
        this.closed = true;
      } else if (this.closed || this.sent || this.hungUp) this.fates[wait] = kind === "next" ? "done" : "refused";
    }
    for (const { wait, kind } of this.waiting) if (kind === "closed" && this.closed) this.fates[wait] = "told";
    this.waiting = this.waiting.filter(({ wait }) => this.fates[wait] === "parked");
  }

  send(value: number): boolean {
    if (this.sent || this.hungUp || this.closed) return false;
    this.sent = true;
    this.value = value;
    this.settle();
    return true;
  }

  cancel(which: number): number | undefined {
    const [gone] = this.waiting.splice(which % (this.waiting.length || 1), 1);
    if (gone !== undefined) this.fates[gone.wait] = "cancelled";
    return gone?.wait;
  }
}

function fateOf(wait: Driven<unknown>): Fate {
  const { ended } = wait;
  if (ended === undefined) return "parked";
  if (ended.status === "cancelled") return "cancelled";
  if (ended.status === "failed") return "refused";
  if (typeof ended.value === "number") return ended.value;
  const result = ended.value as IteratorResult<number> | undefined;
  if (result === undefined) return "told";
  return result.done === true ? "done" : result.value;
}

const kinds = ["recv", "next", "closed", "recv", "cancel", "cancel", "send", "tryRecv", "hangUp", "close", "dispose"];
const step = fc.record({
  kind: fc.constantFrom(...kinds),
  which: fc.nat(),
  driver: fc.nat({ max: drivers.length - 1 }),
  rush: fc.boolean(),
});

test("does what the naive one does", async () => {
  const paths = new Paths();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14, size: "max" }), async (steps) => {
      const [tx, rx] = oneshot<number>();
      const model = new NaiveOneshot();
      const waits: Driven<unknown>[] = [];
      let value = 0;
      for (const { kind, which, driver, rush } of steps) {
        switch (kind) {
          case "recv":
          case "next":
          case "closed": {
            model.wait(kind);
            const op: Operation<unknown> = kind === "recv" ? recv(rx) : kind === "next" ? next(rx) : closed(tx);
            waits.push(await paths.watch((drivers[driver] as (typeof drivers)[number]).start(op)));
            break;
          }
          case "cancel": {
            const gone = model.cancel(which);
            if (gone !== undefined) waits[gone]?.cancel();
            break;
          }
          case "send":
            expect(tx.send(++value)).toBe(model.send(value));
            break;
          case "tryRecv": {
            const result = rx.tryRecv();
            model.wait("next");
            const fate = model.fates.pop() as Fate;
            if (fate === "parked") {
              model.waiting.pop();
              expect(result).toBeUndefined();
            } else
              expect(result).toEqual(fate === "done" ? { done: true, value: undefined } : { done: false, value: fate });
            break;
          }
          case "hangUp":
            tx[Symbol.dispose]();
            model.hungUp = true;
            model.closed ||= !model.sent;
            model.settle();
            break;
          default:
            if (kind === "close") rx.close();
            else {
              rx[Symbol.dispose]();
              model.value = undefined;
            }
            model.closed = true;
            model.settle();
        }
        expect([tx.isClosed, rx.isClosed]).toEqual([model.closed, model.closed || model.sent]);
        if (rush) continue;
        await turn();
        expect(waits.map(fateOf)).toEqual(model.fates);
      }
      await turn();
      expect(waits.map(fateOf)).toEqual(model.fates);
      for (const wait of waits) wait.cancel();
      await Promise.all(waits.map((wait) => wait.end));
    }),
    { numRuns: 800, seed: 20_242 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
}, 60_000);
