/**
 * Ten jobs, at most four at once, the first error wins. It cancels the jobs that still run, keeps the others from starting, and is what
 * `wait` throws.
 *
 * Prints:
 *
 *     job 1 is done
 *     job 2 is done
 *     job 3 is done
 *     job 4 is done
 *     job 5 is done
 *     failed: job 6 is broken
 *     9 were started, never more than 4 at once
 *
 * @module
 */
import { ErrGroup, sleep } from "gokio";

let started = 0;
let running = 0;
let most = 0;

async function work(job: number): Promise<void> {
  started++;
  most = Math.max(most, ++running);
  try {
    await sleep(job * 20);
    if (job === 6) throw new Error("job 6 is broken");
    console.log(`job ${job} is done`);
  } finally {
    running--;
  }
}

const group = new ErrGroup({ limit: 4 });
for (let job = 1; job <= 10; job++) await group.spawn(() => work(job));

try {
  await group.wait();
} catch (error) {
  console.log(`failed: ${(error as Error).message}`);
}
console.log(`${started} were started, never more than ${most} at once`);
