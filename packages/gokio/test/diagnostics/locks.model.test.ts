/** Random programs of locks and joins: what is found is what a reference says must be stuck. */
import { expect, test } from "vitest";
import { findDeadlocks } from "../../src/diagnostics/find-deadlocks.ts";
import { xorshift } from "../../src/kernel/xorshift.ts";
import { lock, Mutex, type MutexGuard } from "../../src/sync/mutex.ts";
import type { Task } from "../../src/task/body.ts";
import { type JoinHandle, join } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

const SEEDS = 150;

/** What a task does next: to lock a mutex it does not hold, to release one it holds, to sleep, or to join another. */
type Step = { readonly what: "lock" | "unlock" | "sleep" | "join"; readonly index: number };

function randomSteps(random: () => number, tasks: number, mutexes: number): Step[] {
  const held: number[] = [];
  return Array.from({ length: 2 + (random() % 8) }, (): Step => {
    const dice = random() % 10;
    const index = random() % mutexes;
    if (dice < 5 && !held.includes(index)) {
      held.push(index);
      return { what: "lock", index };
    }
    if (dice < 7 && held.length > 0)
      return { what: "unlock", index: held.splice(random() % held.length, 1)[0] as number };
    if (dice === 9) return { what: "join", index: random() % tasks };
    return { what: "sleep", index: 1 + (random() % 5) };
  });
}

/** Who holds each mutex, and what each task waits for, written down by the tasks themselves. */
class Ledger {
  readonly holder = new Map<number, number>();
  readonly waits = new Map<number, Step>();

  /** Whom a task waits for that has not ended. */
  #next(task: number): number | undefined {
    const wait = this.waits.get(task);
    if (wait === undefined) return undefined;
    return wait.what === "join" ? wait.index : this.holder.get(wait.index);
  }

  /** A task is stuck whose way, from one to whom it waits for, never ends. */
  stuck(tasks: number): number[] {
    return [...Array(tasks).keys()].filter((task) => {
      let at: number | undefined = task;
      for (let i = 0; i <= tasks && at !== undefined; i++) at = this.#next(at);
      return at !== undefined;
    });
  }
}

test("exactly the tasks are found that are stuck, as cycles or behind them", async () => {
  const seen = { none: 0, some: 0, behind: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    await virtual(async () => {
      const random = xorshift(seed);
      const size = 2 + (random() % 5);
      const mutexes = Array.from({ length: 2 + (random() % 3) }, (_, i) => new Mutex(i, { name: `m${i}` }));
      const programs = Array.from({ length: size }, () => randomSteps(random, size, mutexes.length));
      const ledger = new Ledger();
      const handles: JoinHandle<unknown>[] = [];

      const around = function* (me: number): Task<void> {
        const guards = new Map<number, MutexGuard<number>>();
        for (const step of programs[me] as Step[]) {
          if (step.what === "sleep") yield* sleep(step.index);
          else if (step.what === "unlock") {
            ledger.holder.delete(step.index);
            guards.get(step.index)?.[Symbol.dispose]();
          } else if (step.what === "lock") {
            ledger.waits.set(me, step);
            guards.set(step.index, yield* lock(mutexes[step.index] as Mutex<number>));
            ledger.waits.delete(me);
            ledger.holder.set(step.index, me);
          } else if (step.index !== me) {
            ledger.waits.set(me, step);
            yield* join(handles[step.index] as JoinHandle<unknown>);
            ledger.waits.delete(me);
          }
        }
        for (const [index, guard] of guards) {
          if (ledger.holder.get(index) === me) ledger.holder.delete(index);
          guard[Symbol.dispose]();
        }
      };
      for (let me = 0; me < size; me++) handles.push(spawn(() => around(me), { name: String(me) }));
      await sleep(1000);

      const found = await findDeadlocks();
      expect(
        found.every(({ kind, isCertain }) => kind === "cycle" && isCertain),
        `seed ${seed}`,
      ).toBe(true);
      const names = found.flatMap(({ tasks, behind }) => [
        ...tasks.map((task) => Number(task.name)),
        ...behind.map((label) => Number(/\((\d+)\)$/.exec(label)?.[1])),
      ]);
      const stuck = ledger.stuck(size);
      expect(
        names.sort((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual(stuck);
      // And all others have ended.
      expect(handles.flatMap((handle, i) => (handle.finished ? [] : [i]))).toEqual(stuck);
      seen[stuck.length === 0 ? "none" : "some"]++;
      if (found.some(({ behind }) => behind.length > 0)) seen.behind++;
      for (const handle of handles) handle.abort();
    });
  }
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(SEEDS / 20);
});
