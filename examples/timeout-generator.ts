/**
 * A timeout around a piece of work, as a generator. The work is unwound: its `finally` blocks run, its `catch` blocks do not, and
 * the timeout throws where it was written.
 *
 * Prints:
 *
 *     the quick one: done after 50 ms
 *     the slow one is cleaning up
 *     the slow one: TimeoutError
 *
 * @module
 */
import { sleep, spawn, type Task, timeout } from "gokio";

function* work(ms: number): Task<string> {
  yield* sleep(ms);
  return `done after ${ms} ms`;
}

function* slowWork(): Task<void> {
  try {
    yield* work(60_000);
  } catch {
    console.log("this is never printed");
  } finally {
    console.log("the slow one is cleaning up");
  }
}

await spawn(function* (): Task<void> {
  console.log(`the quick one: ${yield* timeout(500, () => work(50))}`);
  try {
    yield* timeout(500, slowWork);
  } catch (error) {
    console.log(`the slow one: ${(error as Error).name}`);
  }
});
