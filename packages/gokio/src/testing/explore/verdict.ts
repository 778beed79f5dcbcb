/**
 * What is wrong when a run stands still, in the words of that run: its tasks are numbered from 1, which is the test itself.
 *
 * @module
 */
import { type MemberList, membersOf } from "../../kernel/cancel-source.ts";
import type { Coroutine } from "../../kernel/coroutine.ts";
import { ENDED, NEW } from "../../kernel/coroutine-flags.ts";
import { listParked } from "../../kernel/deadlock.ts";
import { PromiseWaiter } from "../../kernel/promise-waiter.ts";
import type { Scheduler } from "../../kernel/scheduler.ts";
import type { LiveTask } from "../../kernel/task-list.ts";
import type { Failure } from "./failure.ts";
import { ownerOf, type ReadyQueue } from "./ready-queue.ts";

/** The tasks of one run, in the order in which they were made: so that they are called the same in each run. */
export class Labels {
  readonly #numbers = new Map<number, number>();

  add(task: Coroutine): void {
    this.#numbers.set(idOf(task), this.#numbers.size + 1);
  }

  has(id: number): boolean {
    return this.#numbers.has(id);
  }

  of(task: Coroutine | undefined): string {
    return task === undefined ? "the library" : this.translate((task as LiveTask).label);
  }

  /** `text` with the numbers of this run. */
  translate(text: string): string {
    return text.replace(/\btask (\d+)/g, (all, id) => {
      const number = this.#numbers.get(Number(id));
      return number === undefined ? all : `task ${number}`;
    });
  }
}

function idOf(task: Coroutine): number {
  return (task as LiveTask & { readonly id: number }).id;
}

/** Nothing can go on any more, and the clock has nowhere to go. `undefined` if nobody minds. */
export function standstill(scheduler: Scheduler, labels: Labels, bodyEnded: boolean): Failure | undefined {
  const lines = listParked(scheduler).map((line) => labels.translate(line));
  if (lines.length === 0) return undefined;
  const list = lines.map((line) => `\n  ${line}`).join("");
  if (lines.some((line) => /: .*\bforeign (promise|work|await)\b/.test(line))) {
    return {
      kind: "foreign wait",
      message: `a task waits for foreign work that needs the real world, which stands still while interleavings are explored${list}`,
    };
  }
  return bodyEnded
    ? { kind: "leftover", message: `the test has ended, and left behind what nothing will ever wake${list}` }
    : { kind: "deadlock", message: `everything is parked, and nothing is left that could wake it${list}` };
}

/** `task` is async and waits for something that is not gokio's. All microtasks have run. */
export function foreignWait(
  scheduler: Scheduler,
  queue: ReadyQueue,
  labels: Labels,
  task: Coroutine,
): Failure | undefined {
  if (task.gen !== undefined || (task.flags & (NEW | ENDED)) !== 0) return undefined;
  if (queue.waiting.some(({ job }) => ownerOf(job) === task)) return undefined;
  if (hasWaitOf(task as LiveTask, task) || hasWaitOf(scheduler.root, task)) return undefined;
  return {
    kind: "foreign wait",
    message: `${labels.of(task)} waits for something that is not gokio's: explored code may wait through gokio only; \`await wait(promise)\` does`,
  };
}

/** Whether something in `list`, or in a list that is a member of it, waits for `task`. */
function hasWaitOf(list: MemberList, task: Coroutine): boolean {
  for (const member of membersOf(list)) {
    if (member instanceof PromiseWaiter) {
      if (member.region.task === task) return true;
    } else if ("first" in member && !("nextTask" in member) && hasWaitOf(member as MemberList, task)) return true;
  }
  return false;
}
