/** 10⁵ timers of 1 ms, at most 64 at once. The best there can be is ⌈10⁵ / 64⌉ times what one such timer takes, which is measured beside it. */
import { Stream, sleep } from "gokio";
import { check, elapsed, type Row } from "../case.ts";

const COUNT = 100_000;
const LIMIT = 64;
const ROUNDS = Math.ceil(COUNT / LIMIT);

async function streams(): Promise<number> {
  return elapsed(async () => {
    const done = await Stream.range(0, COUNT)
      .mapConcurrent(LIMIT, () => sleep(1))
      .count();
    check(done === COUNT, `${done} timers rang`);
  });
}

/** The median of one timer at a time, as often as there are rounds. */
async function bound(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await elapsed(() => sleep(1)));
  times.sort((a, b) => a - b);
  return ROUNDS * (times[ROUNDS >> 1] as number);
}

const common = { work: "mapConcurrent(64) over 10⁵ timers", unit: "ms", warmUps: 0 } as const;

export const mapConcurrent: readonly Row[] = [
  { ...common, by: "streams", run: streams, target: { atMost: 1.3, times: "the bound" } },
  { ...common, by: "the bound", run: bound },
];
