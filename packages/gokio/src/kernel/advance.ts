/**
 * How a coroutine moves: the topmost generator is resumed until it parks or ends; calls are pushed, ended frames popped, cancelled ones unwound.
 *
 * The states and the rules are told in `coroutine.ts`. These are functions and not methods, because private methods would cost
 * each coroutine a brand, and each call a check of it.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import type { Coroutine } from "./coroutine.ts";
import { ABORTED, FAILED, INTERRUPTED, LINKED, NEW, RETRY, UNWINDING, WAITING } from "./coroutine-flags.ts";
import { setRunning } from "./current.ts";
import type { AnyGenerator, GeneratorRegion } from "./frame.ts";
import type { Operation } from "./operation.ts";
import { inStep } from "./settling.ts";
import { Command, PARKED } from "./step.ts";
import { unlinked } from "./waiter.ts";

type Step = IteratorResult<unknown, unknown> | undefined;

const TASK = "task";
/** What is unwound: one region, or the whole task. */
type Unwinding = GeneratorRegion | typeof TASK;

const STRAY_YIELD = "write yield* instead of yield";

/** What all generator functions inherit from. */
export const generatorFunction: { readonly prototype: AnyGenerator } = Object.getPrototypeOf(function* () {});
// Called by itself, for a property look-up would miss: each generator function gives its generators a shape of their own.
const { next } = generatorFunction.prototype;

/** One step of the topmost generator, which is sent the task; `undefined` if it threw, with the error in `slot`. */
export function resume(task: Coroutine, sent: unknown = task): Step {
  setRunning(task);
  let step: Step;
  try {
    step = next.call(task.gen as AnyGenerator, sent);
  } catch (error) {
    threw(task, error);
  }
  setRunning(undefined);
  return step;
}

/** Runs each generator that the last step has uncovered or put on top, until one parks or all have ended. */
export function advance(task: Coroutine, last: Step): void {
  for (let step = last; ; ) {
    if (step !== undefined && step.done !== true) {
      if ((task.flags & WAITING) !== 0) return;
      step = goOn(task, step);
      continue;
    }
    if ((task.flags & WAITING) !== 0) withdraw(task);
    if (step !== undefined) task.slot = step.value;
    const { frame } = task;
    if (frame === undefined) {
      task.end();
      return;
    }
    step = frame.ended(task);
  }
}

/** What follows a yield that did not park: an abort that was met, a command, or a mistake. */
function goOn(task: Coroutine, step: object): Step {
  if (step === PARKED) {
    beginUnwinding(task, cancellationOf(task) as Unwinding);
    return returnFrom(task, undefined);
  }
  if (step instanceof Command) return step.goOn(task);
  return stepBy(task, (gen) => gen.throw(new MisuseError(STRAY_YIELD)));
}

/** A poll that is not the plain continuation of a settled wait. */
export function pollSlow(task: Coroutine): void {
  if ((task.flags & NEW) !== 0) {
    task.flags &= ~NEW;
    task.begin();
    // A generator that begins does not see what it is sent. One that is in the midst of a wait is another task's: that wait then throws.
    if (task.gen !== undefined) advance(task, resume(task, NEW));
  } else if ((task.flags & RETRY) === 0) advance(task, resume(task));
  else retry(task);
}

/** A wait that was not settled: it was cancelled, or the budget was spent before it could be tried. */
function retry(task: Coroutine): void {
  const op = task.op as Operation<unknown>;
  task.op = undefined;
  task.flags &= ~RETRY;
  let step: Step;
  setRunning(task);
  try {
    step = task.driveSlow(op);
  } catch (error) {
    threw(task, error);
  }
  setRunning(undefined);
  if (step?.done === true) task.slot = step.value;
  advance(task, step?.done === false ? step : resume(task));
}

export function threw(task: Coroutine, error: unknown): void {
  task.slot = error;
  task.flags |= FAILED;
}

function stepBy(task: Coroutine, move: (gen: AnyGenerator) => IteratorResult<unknown, unknown>): Step {
  setRunning(task);
  try {
    return move(task.gen as AnyGenerator);
  } catch (error) {
    threw(task, error);
    return undefined;
  } finally {
    setRunning(undefined);
  }
}

/** Gives up a wait that the generator turned its back on. */
export function withdraw(task: Coroutine): void {
  const op = task.op as Operation<unknown>;
  inStep(() => {
    task.op = undefined;
    if ((task.flags & LINKED) !== 0) op.unlink(task);
    task.flags &= ~WAITING;
    task.slot = undefined;
    unlinked(op);
  }, task.scheduler);
}

// ── unwinding ──

/** What the next wait is to be unwound for, if anything: the outermost cancelled thing that no shield or cleanup keeps off. */
export function cancellationOf(task: Coroutine): Unwinding | undefined {
  if ((task.flags & (INTERRUPTED | ABORTED)) === 0) return undefined;
  let found: Unwinding | undefined;
  for (let region: GeneratorRegion | undefined = task.region; region !== undefined; region = region.outer) {
    if (region.unwound) return found;
    if (region.cancellation !== undefined) found = region;
    if (region.shielded) return found;
  }
  if ((task.flags & (ABORTED | UNWINDING)) === ABORTED) return TASK;
  // What had been cancelled has been left.
  if (found === undefined && (task.flags & ABORTED) === 0) task.flags &= ~INTERRUPTED;
  return found;
}

function beginUnwinding(task: Coroutine, reason: Unwinding): void {
  const landing = reason === TASK ? undefined : reason;
  for (let region: GeneratorRegion | undefined = task.region; region !== undefined; region = region.outer) {
    region.unwound = true;
    if (region === landing) break;
  }
  if (landing === undefined) task.flags |= UNWINDING;
  task.frame?.startReturning(landing);
}

/** Has the topmost generator return `outcome`. */
export function returnFrom(task: Coroutine, outcome: unknown): Step {
  return stepBy(task, (gen) => gen.return(outcome));
}
