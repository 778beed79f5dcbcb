/** Watch against a naive one, under random operations with random cancellation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { closed } from "../../src/chan/closed.ts";
import { next, recv } from "../../src/chan/ends.ts";
import { waitFor } from "../../src/chan/wait-for.ts";
import { watch } from "../../src/chan/watch.ts";
import { changed, type WatchReceiver } from "../../src/chan/watch-receiver.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Driven } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { turn } from "../support/turns.ts";
import { drivers } from "./drivers.ts";

type Kind = "changed" | "recv" | "next" | "waitFor" | "closed";
type Fate = "parked" | "cancelled" | "refused" | "done" | "told" | number;

interface NaiveReceiver {
  seen: number;
  gone: boolean;
}

interface NaiveWait {
  wait: number;
  kind: Kind;
  at: NaiveReceiver;
  divisor: number;
}

/** Every value is its own version. */
class NaiveWatch {
  readonly fates: Fate[] = [];
  readonly receivers: NaiveReceiver[] = [{ seen: 0, gone: false }];
  waiting: NaiveWait[] = [];
  value = 0;
  ended = false;

  get isClosed(): boolean {
    return this.receivers.every(({ gone }) => gone);
  }

  begin(kind: Kind, at: NaiveReceiver, divisor: number): void {
    this.waiting.push({ wait: this.fates.push("parked") - 1, kind, at, divisor });
    this.settle();
    this.check();
  }

  /** Settles who waits for a change, an end, or a close. A new value is one for all who wait at the same receiver. */
  settle(): void {
    const seenNow: NaiveReceiver[] = [];
    for (const { wait, kind, at } of this.waiting) {
      if (kind === "closed") {
        if (this.isClosed) this.fates[wait] = "told";
      } else if (at.gone) this.fates[wait] = kind === "next" ? "done" : "refused";
      else if (kind === "waitFor") continue;
      else if (at.seen !== this.value) {
        this.fates[wait] = kind === "changed" ? "told" : this.value;
        seenNow.push(at);
      } else if (this.ended) this.fates[wait] = kind === "next" ? "done" : "refused";
    }
    for (const at of seenNow) at.seen = this.value;
    this.#sweep();
  }

  /** Settles who waits for a predicate: not at once, but with the value there is when everything has run. */
  check(): void {
    for (const { wait, kind, at, divisor } of this.waiting) {
      if (kind !== "waitFor") continue;
      if (this.value % divisor === 1) {
        this.fates[wait] = this.value;
        at.seen = this.value;
      } else if (this.ended) this.fates[wait] = "refused";
    }
    this.#sweep();
  }

  cancel(which: number): number | undefined {
    const [gone] = this.waiting.splice(which % (this.waiting.length || 1), 1);
    if (gone !== undefined) this.fates[gone.wait] = "cancelled";
    return gone?.wait;
  }

  #sweep(): void {
    this.waiting = this.waiting.filter(({ wait }) => this.fates[wait] === "parked");
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

const kind = fc.oneof(
  ...(
    [
      [24, "send"],
      [6, "silent"],
      [12, "changed"],
      [12, "recv"],
      [12, "next"],
      [15, "waitFor"],
      [6, "closed"],
      [18, "cancel"],
      [6, "see"],
      [6, "tryRecv"],
      [6, "clone"],
      [3, "subscribe"],
      [6, "dispose"],
      [1, "end"],
    ] as const
  ).map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) })),
);
const step = fc.record({ kind, which: fc.nat(), driver: fc.nat({ max: drivers.length - 1 }), rush: fc.boolean() });

test("does what the naive one does", async () => {
  const paths = new Paths();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50, size: "max" }), async (steps) => {
      const [tx, first] = watch(0);
      const receivers: WatchReceiver<number>[] = [first];
      const model = new NaiveWatch();
      const waits: Driven<unknown>[] = [];
      const settled = async (): Promise<void> => {
        await turn();
        model.check();
        expect(waits.map(fateOf)).toEqual(model.fates);
        const live = model.receivers.map(({ seen, gone }) => gone || seen === model.value);
        expect(receivers.map((rx, i) => model.receivers[i]?.gone || !rx.hasChanged)).toEqual(live);
      };
      for (const { kind, which, driver, rush } of steps) {
        const rx = receivers[which % receivers.length] as WatchReceiver<number>;
        const naive = model.receivers[which % receivers.length] as NaiveReceiver;
        switch (kind) {
          case "send":
            if (model.ended) break;
            tx.send(++model.value);
            model.settle();
            break;
          case "silent":
            if (!model.ended) expect(tx.sendIfModified(() => false)).toBe(false);
            break;
          case "changed":
          case "recv":
          case "next":
          case "closed":
          case "waitFor": {
            await settled();
            const divisor = (which % 3) + 2;
            model.begin(kind, naive, divisor);
            const op: Operation<unknown> =
              kind === "waitFor"
                ? waitFor(rx, (n) => n % divisor === 1)
                : kind === "closed"
                  ? closed(tx)
                  : kind === "changed"
                    ? changed(rx)
                    : kind === "recv"
                      ? recv(rx)
                      : next(rx);
            waits.push(await paths.watch((drivers[driver] as (typeof drivers)[number]).start(op)));
            break;
          }
          case "cancel": {
            const gone = model.cancel(which);
            if (gone !== undefined) waits[gone]?.cancel();
            break;
          }
          case "see":
            if (naive.gone) break;
            expect(rx.see()).toBe(model.value);
            naive.seen = model.value;
            break;
          case "tryRecv": {
            const fresh = !naive.gone && naive.seen !== model.value;
            if (fresh) expect(rx.tryRecv()).toEqual({ done: false, value: model.value });
            else if (naive.gone || model.ended) expect(rx.tryRecv()).toEqual({ done: true, value: undefined });
            else expect(rx.tryRecv()).toBeUndefined();
            if (fresh) naive.seen = model.value;
            break;
          }
          case "clone":
            if (naive.gone) break;
            receivers.push(rx.clone());
            model.receivers.push({ seen: naive.seen, gone: false });
            break;
          case "subscribe":
            if (model.ended) break;
            receivers.push(tx.subscribe());
            model.receivers.push({ seen: model.value, gone: false });
            break;
          case "dispose":
            rx[Symbol.dispose]();
            naive.gone = true;
            model.settle();
            break;
          case "end":
            tx[Symbol.dispose]();
            model.ended = true;
            model.settle();
        }
        expect([tx.value, rx.value]).toEqual([model.value, model.value]);
        expect(tx.receiverCount).toBe(model.receivers.filter(({ gone }) => !gone).length);
        if (!rush) await settled();
      }
      await settled();
      for (const wait of waits) wait.cancel();
      await Promise.all(waits.map((wait) => wait.end));
    }),
    { numRuns: 800, seed: 20_244 },
  );
  paths.expectSeen("ready", "parked", "handedOver", "cancelled", "closed");
}, 60_000);
