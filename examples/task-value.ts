/**
 * A task that returns a value. Its handle is awaited like a promise, and has the type of what the body returns.
 *
 * Prints:
 *
 *     the answer is 42
 *
 * @module
 */
import { sleep, spawn } from "gokio";

const answer = spawn(async () => {
  await sleep(10);
  return 6 * 7;
});

console.log(`the answer is ${await answer}`);
