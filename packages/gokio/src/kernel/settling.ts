/**
 * The step: all that ends together because one thing did.
 *
 * Settling a wait unlinks others; what they had started is stopped; that cancels more waits, which leave queues, whose next in line is served,
 * and settles further waits. Done as calls within calls this would reach as deep as the program makes it, and would serve some who
 * are about to be unlinked. So the outermost call opens a step, everything else only adds to its queues, and the step is through when they
 * are empty:
 *
 *     tell the members of what is cancelled ─▶ stop what has lost ─▶ serve the queues that were left ─▶ user code: abort listeners
 *           ▲                                       │                       │
 *           └───────────────────────────────────────┴───────────────────────┘
 *
 * 1. Nobody is served before everybody who leaves in this step has left.
 * 2. User code runs after the step, when all of it holds. If a wake began the step, not even then: it is queued, for waking runs
 *    no user code in the waker's frame.
 * 3. Whatever throws in a step is thrown by it, at its end: one broken operation must not keep others from being told.
 *
 * @module
 */
import { Ring } from "./ring.ts";
import type { Job, Scheduler } from "./scheduler.ts";

/** The phases of a step, in the order in which they come. */
export const TELL = 0;
export const STOP = 1;
export const SERVE = 2;
export type Phase = typeof TELL | typeof STOP | typeof SERVE;

/** Something to be done in a step. It must not run user code. */
export type Part = () => void;

const phases: readonly Ring<Part>[] = [new Ring(), new Ring(), new Ring()];
const afterwards: Part[] = [];
/** Does just that. */
export const nothing: Part = () => {};
let isOpen = false;

/** Does `part` in the step under way, or in one of its own. */
export function later(phase: Phase, part: Part): void {
  (phases[phase] as Ring<Part>).push(part);
  if (!isOpen) inStep(nothing);
}

/** Runs `body` as a step, or as part of the one under way. If a wake began it, user code runs on the scheduler `woken`. */
export function inStep(body: Part, woken?: Scheduler): void {
  if (isOpen) {
    body();
    return;
  }
  isOpen = true;
  const errors: unknown[] = [];
  for (let part: Part | undefined = body; part !== undefined; part = next()) {
    try {
      part();
    } catch (error) {
      errors.push(error);
    }
  }
  isOpen = false;
  if (afterwards.length !== 0) {
    if (woken === undefined) runAfterwards();
    else woken.enqueueFirst(AFTERWARDS);
  }
  if (errors.length !== 0) throw errors[0];
}

function next(): Part | undefined {
  return phases.find((parts) => parts.length !== 0)?.shift();
}

let runners = 0;
let nextAfterwards = 0;

/** Beyond this depth, what user code causes that is called from here waits until that returns. */
const DEEPEST = 64;

const AFTERWARDS: Job = { runsUserCode: true, run: runAfterwards };

/** Runs `job`, which runs user code, once the step under way is through. */
export function afterStep(job: () => void): void {
  afterwards.push(job);
  if (!isOpen) runAfterwards();
}

function runAfterwards(): void {
  // A job may cancel, and so come here: the innermost call runs them all, unless that would go too deep.
  if (runners === DEEPEST) return;
  runners++;
  try {
    while (nextAfterwards < afterwards.length) (afterwards[nextAfterwards++] as () => void)();
  } finally {
    runners--;
  }
  afterwards.length = nextAfterwards = 0;
}
