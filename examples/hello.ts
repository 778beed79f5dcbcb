/**
 * Hello from a task. Spawning never runs the task at once: it starts when the program first waits.
 *
 * Prints:
 *
 *     hello from the program
 *     hello from a task
 *
 * @module
 */
import { spawn } from "gokio";

const task = spawn(async () => {
  console.log("hello from a task");
});
console.log("hello from the program");
await task;
