/** Types: running work as a case of a select. */
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import { type TaskCase, task } from "../../src/select/task-case.ts";
import { sleep } from "../../src/time/sleep.ts";

const ch = chan<string>();
const maybe = Math.random() > 2;

export async function values(): Promise<number | string | boolean | undefined> {
  const won = await select({
    async: task(async () => 5),
    generator: task(function* ({ signal }) {
      yield* sleep(1);
      return signal.aborted;
    }),
    off: maybe ? task(async () => "on") : undefined,
    ch: recv(ch),
  });
  if (won.key === "async") {
    const value: number = won.value;
    // @ts-expect-error it is a number
    const wrong: string = won.value;
    return value ?? wrong;
  }
  if (won.key === "generator") {
    const value: boolean = won.value;
    return value;
  }
  const value: string = won.value;
  return value;
}

const alone: Operation<number> = task(async () => 5);
const named: TaskCase<number> = task(async () => 5, { name: "five" });

// @ts-expect-error a body is a function
task(5);
// @ts-expect-error an async generator cannot be a body
task(async function* () {});

export const wrong = [
  // @ts-expect-error a select with a default cannot start a task
  select({ work: task(async () => 5), ch: recv(ch) }, { default: 0 }),
  // @ts-expect-error nor where it may be off
  select({ work: maybe ? task(async () => 5) : undefined }, { default: 0 }),
  // @ts-expect-error nor where it is one of several
  select({ work: maybe ? named : recv(ch) }, { default: 0 }),
];
export const right = [select({ ch: recv(ch) }, { default: 0 }), select({ work: named }, { biased: true }), alone];
