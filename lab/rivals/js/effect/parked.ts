/**
 * Fibers that wait: for a message, all at once or each in a mailbox of its own, and for timers.
 *
 * The memory of parked fibers is taken as Effect takes it itself (effect, packages/effect/benchmark/fiber/memory.mts, `suspended`): many forked by one, all blocked on
 * the same thing. The fibers are detached, so that the one which forks them can end; a child costs the same and an entry in its parent besides.
 *
 * A task of `timers` races its sleeps with a take from a queue by `Effect.raceAllFirst`, which interrupts those that lose: a fiber for each timer, for Effect
 * has no lighter way to wait for the first of many.
 *
 * @module
 */
import { Effect, Fiber, Queue } from "effect";
import { MAILBOX } from "../../../contestant/actors.ts";
import { Histogram } from "../../../contestant/histogram.ts";
import { parked } from "../../../contestant/memory.ts";
import { delayOf, TIMER_TASKS } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";
import { endlessly, repeat, until } from "./repeat.ts";

export async function wake(size: number): Promise<Sample> {
  let waiting = 0;
  let sum = 0;
  const queue = await Effect.runPromise(Queue.unbounded<number>());
  const fiber = receiver(
    queue,
    () => void waiting++,
    (one) => {
      sum += one;
    },
  );
  const park = Effect.andThen(
    repeat(size, () => Effect.forkDetach(fiber)),
    until(() => waiting === size),
  );
  await Effect.runPromise(park);
  // A fiber that looks every millisecond would be late; each turn of the others is given way to instead.
  const allWoken = Effect.whileLoop({ while: () => sum < size, body: () => Effect.yieldNow, step: () => {} });
  const program = Effect.andThen(
    repeat(size, () => Queue.offer(queue, 1)),
    allWoken,
  );
  return timed(async () => {
    await Effect.runPromise(program);
    return sum;
  });
}

export async function parkedTask(size: number): Promise<Sample> {
  const queue = await Effect.runPromise(Queue.unbounded<number>());
  return weigh(size, Effect.succeed(queue));
}

export function parkedMemory(size: number): Promise<Sample> {
  return weigh(size, Queue.bounded<number>(MAILBOX));
}

function weigh(size: number, makeMailbox: Effect.Effect<Queue.Queue<number>>): Promise<Sample> {
  const mailboxes: Queue.Queue<number>[] = [];
  let waiting = 0;
  let woken = 0;
  const started = (): void => void waiting++;
  const got = (one: number): void => {
    woken += one;
  };
  const start = Effect.flatMap(makeMailbox, (mailbox) => {
    mailboxes.push(mailbox);
    return Effect.forkDetach(receiver(mailbox, started, got));
  });
  const park = Effect.andThen(
    repeat(size, () => start),
    until(() => waiting === size),
  );
  return parked(
    size,
    () => Effect.runPromise(park),
    async () => {
      await Effect.runPromise(repeat(size, (i) => Queue.offer(mailboxes[i] as Queue.Queue<number>, 1)));
      await Effect.runPromise(until(() => woken === size));
      return woken;
    },
  );
}

function receiver(queue: Queue.Queue<number>, started: () => void, got: (one: number) => void): Effect.Effect<void> {
  return Effect.suspend(() => {
    started();
    return Effect.map(Queue.take(queue), got);
  });
}

export function timers(size: number): Promise<Sample> {
  const each = Math.floor(size / TIMER_TASKS);
  const program = Effect.gen(function* () {
    const stop = yield* Queue.bounded<void>(0);
    const stopped = Effect.as(Queue.take(stop), "stop");
    let pending = 0;
    const sleeper = (ms: number): Effect.Effect<string> =>
      Effect.suspend(() => {
        pending++;
        return Effect.as(Effect.sleep(ms), "timer");
      });
    const tasks: Fiber.Fiber<string>[] = [];
    for (let t = 0; t < TIMER_TASKS; t++) {
      const sleeps = Array.from({ length: each }, (_, i) => sleeper(delayOf(t, i)));
      tasks.push(yield* Effect.forkChild(Effect.raceAllFirst([stopped, ...sleeps])));
    }
    // Before all are pending, no message: a race that finds one there would not set its timers at all.
    yield* Effect.whileLoop({ while: () => pending < each * TIMER_TASKS, body: () => Effect.yieldNow, step: () => {} });
    yield* repeat(TIMER_TASKS, () => Queue.offer(stop, undefined));
    const results = yield* Fiber.joinAll(tasks);
    return results.filter((result) => result === "stop").length;
  });
  return timed(() => Effect.runPromise(program));
}

export async function timerFlood(sleeps: number): Promise<Sample> {
  const queue = await Effect.runPromise(Queue.bounded<number>(64));
  let n = 0;
  const flood = [
    Effect.runFork(endlessly(() => Queue.offer(queue, n++))),
    Effect.runFork(endlessly(() => Queue.take(queue))),
  ];
  const lateness = new Histogram();
  const nap = Effect.suspend(() => {
    const asleep = performance.now();
    return Effect.map(Effect.sleep(1), () => lateness.record(performance.now() - asleep - 1));
  });
  const sample = await timed(async () => {
    await Effect.runPromise(repeat(sleeps, () => nap));
    return lateness.count;
  });
  await Effect.runPromise(Fiber.interruptAll(flood));
  return { ...sample, values: { p50: lateness.quantile(0.5), p99: lateness.quantile(0.99), max: lateness.max } };
}
