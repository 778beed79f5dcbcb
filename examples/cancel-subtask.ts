/**
 * A subtask that a parent token cancels. The subtask has a token of its own below it: cancelled alone it would leave the others running,
 * cancelled from above it ends with them.
 *
 * Prints:
 *
 *     subtask: working
 *     parent: time to go
 *     subtask: stopped, because of the parent: shutting down
 *
 * @module
 */
import { CancellationToken, CancelledError, sleep, spawn } from "gokio";

async function subtask(token: CancellationToken): Promise<void> {
  console.log("subtask: working");
  try {
    await sleep(60_000, { signal: token });
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    console.log(`subtask: stopped, because of the parent: ${token.reason}`);
  }
}

const parent = new CancellationToken();
const task = spawn(() => subtask(parent.child()));

await sleep(50);
console.log("parent: time to go");
parent.cancel("shutting down");
await task;
