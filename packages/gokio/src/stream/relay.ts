/**
 * Going on in the place of the task of a run, which is parked.
 *
 * What a promise brought goes on down the line in the promise's own reaction, as long as that leads to the next promise: each item spares a wake, a turn of
 * the run queue and a resumption. The task, which is parked on the promise all the while, is woken for everything else. A pull that comes
 * while it is parked for want of one sets out for the next item in the same way.
 *
 * @module
 */
import { LINKED } from "../kernel/coroutine-flags.ts";
import { running, setRunning } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { PENDING } from "../kernel/step.ts";
import type { TaskRecord } from "../task/task.ts";
import { Arrival, type Follower } from "./arrival.ts";
import type { Demand, Wanted } from "./demand.ts";
import { CUT, FULL, GO, type Line, type Signal, WAIT } from "./line.ts";
import { PullNext } from "./pulls.ts";

/** What the task of a run is woken with when the line went on without it. */
export const ADVANCED = Symbol("advanced");

/** A run, as what goes on for its task sees it. */
export interface Relayed extends Wanted {
  readonly demand: Demand;
  /** It is run into a sink of its own, and always wants more. */
  readonly isDriven: boolean;
  /** Somebody is advancing the line. */
  isAdvancing: boolean;
  /** How far the line was advanced while the task was parked. */
  signal: Signal;
  /** Gives the item in the slot to who waits for it. */
  deliver(): void;
}

export class Relay implements Follower {
  readonly #run: Relayed;
  readonly #task: TaskRecord;
  readonly #line: Line;

  constructor(run: Relayed, task: TaskRecord, line: Line) {
    this.#run = run;
    this.#task = task;
    this.#line = line;
  }

  /** The task stays linked on the arrival unless it has to go elsewhere: in most cases another promise of the same source follows. */
  follow(value: unknown): void {
    const task = this.#task;
    const run = this.#run;
    const line = this.#line;
    const arrival = task.op as Arrival;
    const { budget } = task.scheduler;
    if (--budget.credit < 0 && budget.isExhausted()) {
      arrival.unlink();
      task.wake(value);
      return;
    }
    setRunning(task);
    run.isAdvancing = true;
    let signal: Signal;
    try {
      signal = line.resumeInPlace(value);
    } catch (error) {
      line.forget();
      run.isIdle = false;
      if (isParkedOn(task, arrival)) {
        arrival.unlink();
        task.fail(error);
      }
      return;
    } finally {
      run.isAdvancing = false;
      setRunning(undefined);
    }
    // Left meanwhile, by what it called; what was under way is the last.
    if (!isParkedOn(task, arrival)) {
      if (signal === FULL) run.deliver();
      return;
    }
    if (signal === WAIT && line.blocker === arrival && (run.isDriven || run.isWanted)) return;
    arrival.unlink();
    if (signal === WAIT) park(task, run, line, WAIT, run.isDriven || run.isWanted);
    else advanceAs(task, run, line, signal);
  }
}

function isParkedOn(task: TaskRecord, op: Operation<unknown> | undefined): boolean {
  return task.op === op && (task.flags & LINKED) !== 0;
}

/** Goes on with what `op` gives, if it has come: `task` waited for that when it was paused. */
export function catchUp(task: TaskRecord, run: Relayed, line: Line, op: Operation<unknown>): boolean {
  // A producer goes on in its own generator only.
  if (op !== line.blocker || line.follower === undefined) return false;
  let value: unknown;
  try {
    if (op instanceof PullNext) op.fill();
    value = op.try();
  } catch (error) {
    run.isIdle = false;
    task.fail(error);
    return true;
  }
  if (value !== PENDING) advanceAs(task, run, line, WAIT, value);
  return value !== PENDING;
}

/** Goes on in the place of `task`, which is parked, from `last`: for another item, or with the `value` that was waited for. */
export function advanceAs(task: TaskRecord, run: Relayed, line: Line, last: Signal, value?: unknown): void {
  const parkedOn = task.op;
  const caller = running;
  setRunning(task);
  run.isAdvancing = true;
  let signal = last;
  try {
    if (last === WAIT) signal = line.resume(value);
    while (signal === GO || signal === CUT || (signal === FULL && isWantedStill(run))) signal = line.advance();
  } catch (error) {
    run.isIdle = false;
    if (task.op === parkedOn) task.fail(error);
    return;
  } finally {
    run.isAdvancing = false;
    setRunning(caller);
  }
  // Left meanwhile, by what it called.
  if (!isParkedOn(task, parkedOn)) return;
  if (signal === FULL) {
    // As it does after delivering one itself.
    task.op = run.demand;
    run.idle();
  } else park(task, run, line, signal, last === GO || run.isDriven || run.isWanted);
}

/** Delivers the item in the slot; whether somebody waits for another. */
function isWantedStill(run: Relayed): boolean {
  run.deliver();
  return run.isWanted;
}

/** Parks the task where the line has come to, or wakes it for what is not to be done in its place. */
function park(task: TaskRecord, run: Relayed, line: Line, signal: Signal, isWanted: boolean): void {
  run.isIdle = false;
  const { blocker } = line;
  if (signal === WAIT && blocker instanceof Arrival && isWanted) {
    task.op = blocker;
    blocker.link(task);
  } else {
    run.signal = signal;
    task.wake(ADVANCED);
  }
}
