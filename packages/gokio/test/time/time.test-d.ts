/** The types of intervals and delay queues. */
import { recv } from "../../src/chan/ends.ts";
import { select } from "../../src/select/select.ts";
import type { Task } from "../../src/task/body.ts";
import { type DelayKey, DelayQueue, expired } from "../../src/time/delay-queue.ts";
import { type Interval, interval, type MissedTicks, tick } from "../../src/time/interval.ts";

export function* timeTypes(): Task<void> {
  const missed: MissedTicks = "skip";
  const ticks: Interval = interval(10, { missed, first: 5 });
  const at: number = yield* tick(ticks);
  const eager: Promise<number> = ticks.tick();
  // @ts-expect-error: there are three behaviours, and this is none.
  interval(10, { missed: "later" });
  const queue = new DelayQueue<string>();
  const key: DelayKey<string> = queue.insert("job", 10);
  const value: string = yield* expired(queue);
  const removed: { readonly value: string } | undefined = queue.remove(key);
  // @ts-expect-error: the queue holds strings.
  queue.insert(1, 10);
  // @ts-expect-error: a delay queue is no channel.
  recv(queue);
  const won = yield* select({ tick: tick(ticks), job: expired(queue) });
  if (won.key === "tick") won.value satisfies number;
  else won.value satisfies string;
  void [at, eager, value, removed];
}

export async function iterationTypes(): Promise<void> {
  for await (const at of interval(10)) at satisfies number;
  for await (const value of new DelayQueue<string>()) value satisfies string;
}
