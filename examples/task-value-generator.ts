/**
 * A task that returns a value, as a generator. Waits are written `yield*`; a task that is parked costs a fraction of an async one
 * (`npm run lab -- parked-task --only gokio` says how many bytes).
 *
 * Prints:
 *
 *     the answer is 42
 *
 * @module
 */
import { sleep, spawn, type Task } from "gokio";

function* think(ms: number): Task<number> {
  yield* sleep(ms);
  return 6 * 7;
}

console.log(`the answer is ${await spawn(think(10))}`);
