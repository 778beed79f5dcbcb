/** One producer, four workers, one collector. */
import { chan, join, next, send, spawn, type Task } from "gokio";
import { computed, WORKERS } from "../contestant/numbers.ts";
import { type Sample, timed } from "../contestant/program.ts";

const CAPACITY = 64;

export function generators(size: number): Promise<Sample> {
  return timed(async () => {
    const jobs = chan<number>(CAPACITY);
    const results = chan<number>(CAPACITY);
    spawn(function* (): Task<void> {
      for (let job = 0; job < size; job++) yield* send(jobs, job);
      jobs.close();
    });
    const workers = Array.from({ length: WORKERS }, () =>
      spawn(function* (): Task<void> {
        for (let job = yield* next(jobs); !job.done; job = yield* next(jobs)) yield* send(results, computed(job.value));
      }),
    );
    spawn(function* (): Task<void> {
      for (const worker of workers) yield* join(worker);
      results.close();
    });
    return await spawn(function* (): Task<number> {
      let sum = 0;
      for (let result = yield* next(results); !result.done; result = yield* next(results)) sum += result.value;
      return sum;
    });
  });
}

export function asyncs(size: number): Promise<Sample> {
  return timed(async () => {
    const jobs = chan<number>(CAPACITY);
    const results = chan<number>(CAPACITY);
    spawn(async () => {
      for (let job = 0; job < size; job++) await jobs.send(job);
      jobs.close();
    });
    const workers = Array.from({ length: WORKERS }, () =>
      spawn(async () => {
        for await (const job of jobs) await results.send(computed(job));
      }),
    );
    spawn(async () => {
      for (const worker of workers) await worker;
      results.close();
    });
    return await spawn(async () => {
      let sum = 0;
      for await (const result of results) sum += result;
      return sum;
    });
  });
}
