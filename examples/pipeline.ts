/**
 * A pipeline with fan-out: jobs go to four workers, and their results to one collector. `produce` makes a channel that is closed when the
 * last of its workers has ended, so each loop ends by itself, and the scope when all have.
 *
 * Prints:
 *
 *     12 results, the sum of the squares is 650
 *
 * @module
 */
import { scope, sleep } from "gokio";

await scope(async (s) => {
  const jobs = s.produce<number>(4, async (out) => {
    for (let n = 1; n <= 12; n++) await out.send(n);
  });

  const squares = s.produce<number>(4, { workers: 4 }, async (out) => {
    for await (const n of jobs) {
      await sleep(50);
      await out.send(n * n);
    }
  });

  let results = 0;
  let sum = 0;
  for await (const square of squares) {
    results++;
    sum += square;
  }
  console.log(`${results} results, the sum of the squares is ${sum}`);
});
