/**
 * A pipeline with fan-out, as generators. Here the channels are closed by hand: the results once the scope with the workers has ended.
 *
 * Prints:
 *
 *     12 results, the sum of the squares is 650
 *
 * @module
 */
import { type Chan, chan, next, scope, send, sleep, spawn, type Task } from "gokio";

function* produce(jobs: Chan<number>): Task<void> {
  for (let n = 1; n <= 12; n++) yield* send(jobs, n);
  jobs.close();
}

function* work(jobs: Chan<number>, squares: Chan<number>): Task<void> {
  for (let job = yield* next(jobs); !job.done; job = yield* next(jobs)) {
    yield* sleep(50);
    yield* send(squares, job.value * job.value);
  }
}

function* collect(squares: Chan<number>): Task<void> {
  let results = 0;
  let sum = 0;
  for (let square = yield* next(squares); !square.done; square = yield* next(squares)) {
    results++;
    sum += square.value;
  }
  console.log(`${results} results, the sum of the squares is ${sum}`);
}

const jobs = chan<number>(4);
const squares = chan<number>(4);
spawn(produce(jobs));
const collector = spawn(collect(squares));

await scope(function* (s): Task<void> {
  for (let worker = 1; worker <= 4; worker++) s.spawn(work(jobs, squares));
});
squares.close();
await collector;
