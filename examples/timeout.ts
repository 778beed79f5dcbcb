/**
 * A five-second timeout around a piece of work. Nothing has to be handed down: past the deadline the work's own wait fails, its `finally`
 * runs, and only then is the timeout over.
 *
 * Prints:
 *
 *     the quick one: done after 50 ms
 *     the slow one is cleaning up
 *     the slow one: TimeoutError
 *
 * @module
 */
import { sleep, timeout } from "gokio";

async function work(ms: number): Promise<string> {
  await sleep(ms);
  return `done after ${ms} ms`;
}

console.log(`the quick one: ${await timeout(5000, () => work(50))}`);

try {
  await timeout(5000, async () => {
    try {
      await work(60_000);
    } finally {
      console.log("the slow one is cleaning up");
    }
  });
} catch (error) {
  console.log(`the slow one: ${(error as Error).name}`);
}
