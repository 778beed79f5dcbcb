/** Selects over a few channels against a naive reference: each value arrives once, and nobody is stuck who need not be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { Paths } from "../support/paths.ts";
import { HEAVY, turn } from "../support/turns.ts";

const CHANNELS = 3;

interface Made {
  /** The channel of each case, and the value where it sends. */
  readonly cases: readonly { readonly channel: number; readonly value: number | undefined }[];
  readonly wait: Driven<{ key: string; value: unknown }>;
  cancelled: boolean;
}

const oneCase = fc.record({ channel: fc.nat({ max: CHANNELS - 1 }), sends: fc.boolean() });
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      cases: fc.array(oneCase, { minLength: 1, maxLength: 4 }),
      driver: fc.nat({ max: drivers.length - 1 }),
      rush: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ cancel: fc.nat() }) },
);

test(
  "every value sent is received once, by one; parked selects could not have met",
  async () => {
    const paths = new Paths();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 2 }), { minLength: CHANNELS, maxLength: CHANNELS }),
        fc.array(step, { maxLength: 30 }),
        async (capacities, steps) => {
          const channels = capacities.map((capacity) => chan<number>(capacity));
          const made: Made[] = [];
          let value = 0;
          for (const each of steps) {
            if ("cancel" in each) {
              const one = made[each.cancel % Math.max(1, made.length)];
              if (one !== undefined && one.wait.ended === undefined) {
                one.cancelled = true;
                one.wait.cancel();
              }
            } else {
              const cases = each.cases.map(({ channel, sends }) => ({ channel, value: sends ? ++value : undefined }));
              const ops: Record<string, Operation<unknown>> = {};
              cases.forEach((one, i) => {
                const ch = channels[one.channel] as (typeof channels)[number];
                ops[`case${i}`] = one.value === undefined ? recv(ch) : send(ch, one.value);
              });
              const wait = (drivers[each.driver] as (typeof drivers)[number]).start(select(ops));
              made.push({ cases, wait: wait as Made["wait"], cancelled: false });
              if (each.rush) continue;
              await paths.watch(wait);
            }
            await turn();
            check(made, channels);
          }
          await turn();
          check(made, channels);
          for (const { wait } of made) wait.cancel();
          for (const { wait } of made) await wait.end;
          for (const ch of channels) {
            while (ch.tryRecv() !== undefined);
            for (let i = 0; i < ch.capacity; i++) expect(ch.trySend(0)).toBe(true);
            expect(ch.trySend(0)).toBe(false);
          }
        },
      ),
      { numRuns: 600, seed: 20_242 },
    );
    paths.expectSeen("ready", "parked", "handedOver", "cancelled");
  },
  HEAVY,
);

function check(made: readonly Made[], channels: readonly { length: number; capacity: number }[]): void {
  const sent = channels.map(() => [] as number[]);
  const received = channels.map(() => [] as number[]);
  const parkedToSend = channels.map(() => new Set<Made>());
  const parkedToReceive = channels.map(() => new Set<Made>());
  for (const each of made) {
    const { ended } = each.wait;
    if (ended === undefined) {
      for (const { channel, value } of each.cases) {
        (value === undefined ? parkedToReceive : parkedToSend)[channel]?.add(each);
      }
    } else if (ended.status === "ok") {
      const won = each.cases[Number(ended.value.key.slice("case".length))] as Made["cases"][number];
      if (won.value === undefined) received[won.channel]?.push(ended.value.value as number);
      else sent[won.channel]?.push(won.value);
    } else expect([ended.status, each.cancelled]).toEqual(["cancelled", true]);
  }
  channels.forEach((ch, i) => {
    const [out, into] = [sent[i] as number[], received[i] as number[]];
    expect(new Set(into).size).toBe(into.length);
    for (const value of into) expect(out).toContain(value);
    expect(out.length - into.length).toBe(ch.length);
    const [senders, receivers] = [parkedToSend[i] as Set<Made>, parkedToReceive[i] as Set<Made>];
    if (receivers.size > 0) expect(ch.length).toBe(0);
    if (senders.size > 0) expect(ch.length).toBe(ch.capacity);
    // A sender and a receiver may both be parked only if they are one and the same select.
    for (const sender of senders) for (const receiver of receivers) expect(receiver).toBe(sender);
  });
}
