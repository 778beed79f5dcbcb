/** A lock, parked tasks and ready work, as they are and each made a little worse: what the guard has to notice. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Case, Ready, Repeated, Run, Standing } from "../guard/case.ts";
import { locks } from "../guard/cases/locks.ts";
import { parked } from "../guard/cases/parked.ts";
import { ready } from "../guard/cases/ready.ts";
import { serve } from "../guard/serve.ts";

/** Where things go that the compiler is not to leave out. */
const sink: unknown[] = [];

function each(run: Run, more: () => unknown): Run {
  return async (count) => {
    const done = await run(count);
    for (let i = 0; i < count; i++) sink[0] = more();
    return done;
  };
}

function once(run: Run, more: () => unknown): Run {
  return async (count) => {
    await more();
    return run(count);
  };
}

/** Three words that every object has, and five numbers. */
const sixtyFourBytes = (): object => ({ a: 1, b: 2, c: 3, d: 4, e: 5 });

let functions = 0;

/** A function that is optimised for one shape, and then sees another. */
function disappointed(): void {
  // Of a text of its own: what V8 has learnt of another function is not known of this one.
  const read = new Function("of", `return of.x + ${functions++}`) as (of: { x: number }) => number;
  let sum = 0;
  for (let i = 0; i < 50_000; i++) sum += read({ x: i });
  sink[0] = sum + read({ ...{ y: 1 }, x: 1 });
}

function heavier({ stand, count }: Standing): Standing {
  return {
    kind: "standing",
    name: "64 bytes heavier",
    count,
    stand: async (n) => {
      const end = await stand(n);
      sink[0] = Array.from({ length: n }, sixtyFourBytes);
      return end;
    },
  };
}

export const lock = locks[0] as Repeated;
export const task = parked[0] as Standing;
export const work = ready[0] as Ready;

/** What is done with the lock is worse. */
export const worse: readonly Case[] = [
  lock,
  { ...lock, name: "64 bytes more", run: each(lock.run, sixtyFourBytes) },
  { ...lock, name: "a promise and a microtask more", run: each(lock.run, () => void Promise.resolve().then(() => {})) },
  { ...lock, name: "a deoptimisation", run: once(lock.run, disappointed) },
  task,
  heavier(task),
  work,
  { ...work, name: "a turn more", run: once(work.run, () => new Promise((resolve) => void setImmediate(resolve))) },
  { ...lock, name: "not done", run: (count) => count - 1 },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(async () => worse);
