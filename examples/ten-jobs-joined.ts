/**
 * Ten jobs joined as they finish. A `JoinSet` gives outcomes in the order of their ends, a failure as a value among the others.
 *
 * Prints:
 *
 *     job 8 is done
 *     job 5 is done
 *     job 2 is done
 *     job 10 is done
 *     job 7 failed: out of paper
 *     job 4 is done
 *     job 1 is done
 *     job 9 is done
 *     job 6 is done
 *     job 3 is done
 *
 * @module
 */
import { JoinSet, sleep } from "gokio";

async function work(job: number): Promise<string> {
  await sleep(((job * 7) % 11) * 30);
  if (job === 7) throw new Error("job 7 failed: out of paper");
  return `job ${job} is done`;
}

const jobs = new JoinSet<string>();
for (let job = 1; job <= 10; job++) jobs.spawn(() => work(job));

for await (const outcome of jobs) {
  if (outcome.status === "ok") console.log(outcome.value);
  else if (outcome.status === "failed") console.log((outcome.error as Error).message);
}
