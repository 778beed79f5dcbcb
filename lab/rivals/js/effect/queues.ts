/**
 * Channels: `Queue.bounded`, which hands over directly with capacity 0.
 *
 * One producer and one consumer have the shape of `queue-bounded-pc`, several workers that of `queue-mpmc`, both in Effect's own fiber benchmarks
 * (effect, packages/effect/benchmark/fiber/workloads.ts); the end of the pipeline is `Queue.end`, as in the producer/consumer benchmark of
 * effect-smol, packages/effect/benchmark/effect/comprehensive.ts. One `runPromise` runs all: fibers are forked inside it, never one root for each
 * message. `Queue.offer` and `Queue.take` move one message each; `takeAll` would be quicker with a buffer, but is not the work.
 *
 * There is no `select`: Effect has none over queues. A race of takes is not one, for a take that has lost may have taken.
 *
 * @module
 */
import { type Cause, Effect, Fiber, Queue } from "effect";
import { computed, PATIENCE, WORKERS } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";
import { endlessly, repeat, summed } from "./repeat.ts";

const CAPACITY = 64;

export function rendezvous(size: number): Promise<Sample> {
  return oneToOne(size, 0);
}

export function buffered(size: number): Promise<Sample> {
  return oneToOne(size, CAPACITY);
}

function oneToOne(size: number, capacity: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity);
    yield* Effect.forkChild(repeat(size, (n) => Queue.offer(queue, n)));
    return yield* summed(size, () => Queue.take(queue));
  });
  return timed(() => Effect.runPromise(program));
}

export function pingPong(trips: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const there = yield* Queue.bounded<number>(0);
    const back = yield* Queue.bounded<number>(0);
    const answer = Effect.flatMap(Queue.take(there), (n) => Queue.offer(back, n + 1));
    yield* Effect.forkChild(repeat(trips, () => answer));
    let ball = 0;
    const trip = (): Effect.Effect<number> => Effect.andThen(Queue.offer(there, ball), Queue.take(back));
    yield* repeat(trips, trip, (n) => {
      ball = n + 1;
    });
    return ball;
  });
  return timed(() => Effect.runPromise(program));
}

export function timeout(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const questions = yield* Queue.bounded<number>(0);
    const answers = yield* Queue.bounded<number>(0);
    const answer = Effect.flatMap(Queue.take(questions), (n) => Queue.offer(answers, n + 1));
    yield* Effect.forkChild(repeat(size, () => answer));
    const limited = Effect.timeout(Queue.take(answers), PATIENCE);
    let [i, sum] = [0, 0];
    yield* Effect.whileLoop({
      while: () => i < size,
      body: () => Effect.andThen(Queue.offer(questions, i++), limited),
      step: (n) => {
        sum += n;
      },
    });
    return sum;
  });
  return timed(() => Effect.runPromise(program));
}

export function pipeline(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const jobs = yield* Queue.bounded<number, Cause.Done>(CAPACITY);
    const results = yield* Queue.bounded<number>(CAPACITY);
    yield* Effect.forkChild(
      Effect.andThen(
        repeat(size, (job) => Queue.offer(jobs, job)),
        Queue.end(jobs),
      ),
    );
    const work = Effect.flatMap(Queue.take(jobs), (job) => Queue.offer(results, computed(job)));
    const worker = Effect.whileLoop({ while: () => true, body: () => work, step: () => {} });
    const untilEnd = Effect.catchTag(worker, "Done", () => Effect.void);
    const workers: Fiber.Fiber<void>[] = [];
    for (let i = 0; i < WORKERS; i++) workers.push(yield* Effect.forkChild(untilEnd));
    const sum = yield* summed(size, () => Queue.take(results));
    yield* Fiber.joinAll(workers);
    return sum;
  });
  return timed(() => Effect.runPromise(program));
}

export async function sieve(size: number): Promise<Sample> {
  const fibers: Fiber.Fiber<void>[] = [];
  const program = Effect.gen(function* () {
    let from = yield* Queue.bounded<number>(0);
    // Detached, so that the program ends with the last prime, not with the end of its children.
    fibers.push(yield* Effect.forkDetach(naturals(from)));
    let prime = 0;
    for (let i = 0; i < size; i++) {
      prime = yield* Queue.take(from);
      const to = yield* Queue.bounded<number>(0);
      fibers.push(yield* Effect.forkDetach(filter(from, to, prime)));
      from = to;
    }
    return prime;
  });
  const sample = await timed(() => Effect.runPromise(program));
  await Effect.runPromise(Fiber.interruptAll(fibers));
  return sample;
}

function naturals(to: Queue.Queue<number>): Effect.Effect<void> {
  return Effect.suspend(() => {
    let n = 2;
    return endlessly(() => Queue.offer(to, n++));
  });
}

function filter(from: Queue.Queue<number>, to: Queue.Queue<number>, prime: number): Effect.Effect<void> {
  const pass = Effect.flatMap(Queue.take(from), (n) => (n % prime === 0 ? Effect.void : Queue.offer(to, n)));
  return endlessly(() => pass);
}
