/**
 * One simulation, from its first task to the last thing that is cleared up. What happens when is told in `simulate.ts`.
 *
 * @module
 */
import { platform } from "#platform";
import { snapshot } from "../diagnostics/model.ts";
import { textOf } from "../diagnostics/text.ts";
import { MisuseError } from "../errors.ts";
import { membersOf } from "../kernel/cancel-source.ts";
import { JOINED } from "../kernel/coroutine-flags.ts";
import { waitOf, waitsIn } from "../kernel/deadlock.ts";
import { dispose } from "../kernel/dispose.ts";
import type { Locals } from "../kernel/region.ts";
import { tasksOf } from "../kernel/task-list.ts";
import { Waiter } from "../kernel/waiter.ts";
import { type AnyBody, isGeneratorFunction } from "../task/body.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskRecord } from "../task/task.ts";
import { Bubble } from "./bubble.ts";
import { catchUnjoined } from "./bubble-host.ts";
import { cancelTasks } from "./cancel-faults.ts";
import { loseMessages } from "./channel-faults.ts";
import { explained } from "./explained.ts";
import { fakeGlobals } from "./fake-globals.ts";
import { Faults } from "./faults.ts";
import { RealWork, watchRealWork } from "./real-work.ts";
import { fractions } from "./seed.ts";
import { Sim } from "./sim.ts";
import type { CheckedOptions } from "./simulate.ts";
import { LeftoverError, SimulationDeadlockError } from "./simulation-error.ts";

/** Which sequence of the seed faults are drawn from. */
const FAULTS = 1;
/** How many turns of the event loop cleaning up may take: what is not gone by then never goes. */
const CLEARING = 10_000;

const STUCK =
  "the simulation is stuck: everything in it is parked, no timer is set, and nothing is left that could wake anybody";

export class Simulation {
  readonly #options: CheckedOptions;
  readonly #body: AnyBody;
  readonly #locals: Locals | undefined;
  readonly #bubble: Bubble;
  readonly #faults: Faults;
  readonly #work: RealWork;
  readonly #sim: Sim;
  readonly #stops: (() => void)[] = [];
  #main: TaskRecord | undefined = undefined;

  constructor(body: AnyBody, locals: Locals | undefined, options: CheckedOptions) {
    const { seed, startsAt, limit, realIo } = options;
    this.#body = body;
    this.#locals = locals;
    this.#options = options;
    this.#bubble = new Bubble(seed, startsAt, limit);
    this.#faults = new Faults(fractions(seed, FAULTS), () => this.#bubble.elapsed);
    this.#work = new RealWork(realIo);
    this.#sim = new Sim(this.#bubble, this.#faults, seed);
  }

  async run(): Promise<unknown> {
    try {
      this.#install();
      const value = await this.#play();
      await this.#clear();
      this.#bubble.check();
      return value;
    } catch (error) {
      const told = explained(error, this.#sim);
      await this.#clear();
      throw told;
    }
  }

  /** Runs the body, and gives what it returns. */
  async #play(): Promise<unknown> {
    const bubble = this.#bubble;
    const main = this.#start();
    if (!(await bubble.run(() => main.finished, this.#work))) {
      throw new SimulationDeadlockError(`${STUCK}\n\n${textOf(snapshot(bubble.scheduler))}`);
    }
    // Work that was refused may have come back before it was noticed: what the body made of that is chance.
    this.#work.check();
    const { value } = main;
    await bubble.settle(this.#work);
    const left = this.#options.allowsLeftovers ? [] : this.#leftovers();
    if (left.length > 0) throw new LeftoverError(`the body of the simulation left behind\n  ${left.join("\n  ")}`);
    return value;
  }

  #start(): TaskRecord {
    const { scheduler } = this.#bubble;
    if (!platform.hasAmbience && !isGeneratorFunction(this.#body)) {
      throw new MisuseError(
        "simulate: async bodies need AsyncLocalStorage, which this runtime lacks: write a generator",
      );
    }
    const body = (): unknown => this.#body(this.#sim as never);
    spawnIn({ scheduler, locals: this.#locals }, body, { name: "the body" });
    this.#main = scheduler.tasks.newest as TaskRecord;
    // Its failure is the simulation's, and nobody else's.
    this.#main.flags |= JOINED;
    return this.#main;
  }

  /** What outlives the body and should not, a line each. */
  #leftovers(): string[] {
    const { scheduler, fakeTimers } = this.#bubble;
    const lines: string[] = [];
    for (const task of [...tasksOf(scheduler.tasks)].reverse()) {
      if (!task.daemon) lines.push(`${task.label}: ${waitOf(task)}`);
    }
    for (const wait of waitsIn(scheduler.root)) lines.push(`outside tasks: ${wait}`);
    for (const timer of fakeTimers) if (timer.isHeld) lines.push(timer.describe());
    return lines;
  }

  // ── what stands around it ──

  #install(): void {
    const { faults, fakeTimers, signal } = this.#options;
    const { lateTimers, cancelTasks: cancelling, channels } = faults;
    const bubble = this.#bubble;
    const stops = this.#stops;
    const unjoined = catchUnjoined();
    stops.push(() => unjoined[dispose]());
    stops.push(watchRealWork(bubble.scheduler, this.#work));
    if (fakeTimers) stops.push(fakeGlobals(bubble));
    if (signal !== undefined) stops.push(this.#obey(signal));
    if (lateTimers !== undefined) bubble.lateness = this.#lateness(lateTimers);
    if (channels !== undefined) stops.push(loseMessages(bubble.scheduler, this.#faults, channels));
    if (cancelling !== undefined) {
      const probe = cancelTasks(bubble, this.#faults, cancelling, (task) => task === this.#main);
      stops.push(() => probe[dispose]());
    }
  }

  #obey(signal: AbortSignal): () => void {
    const abort = (): void => this.#bubble.fail(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    return () => signal.removeEventListener("abort", abort);
  }

  #lateness({ p, maxMs }: { readonly p: number; readonly maxMs: number }): (most: number) => number {
    return (most) => {
      if (!this.#faults.happens(p)) return 0;
      const ms = Math.min(this.#faults.length(maxMs), most);
      if (ms > 0) this.#faults.note("late", `the clock went ${ms} ms too far`);
      return ms;
    };
  }

  // ── the end ──

  /** Ends everything that is left, and takes down what stood around it. */
  async #clear(): Promise<void> {
    const bubble = this.#bubble;
    const { scheduler } = bubble;
    bubble.lateness = undefined;
    for (const task of [...tasksOf(scheduler.tasks)].reverse()) {
      (task as TaskRecord).abort(new Error("the simulation is over"));
    }
    for (const timer of [...bubble.fakeTimers]) timer.close();
    await bubble.clear(() => scheduler.tasks.size === 0 && scheduler.isIdle && !bubble.host.isBusy, CLEARING);
    this.#forget();
    bubble.isLive = false;
    for (const stop of this.#stops.splice(0).reverse()) stop();
  }

  /** What waits outside of tasks stays so for ever: there is nobody to tell. */
  #forget(): void {
    const { root } = this.#bubble.scheduler;
    for (const member of [...membersOf(root)]) {
      root.remove(member);
      if (member instanceof Waiter) member.op?.unlink(member);
    }
  }
}
