/**
 * Real work in simulations: I/O, timers of the machine, work on other threads.
 *
 * The clock of a simulation can't wait for it: how long it takes is not in the simulation, so a clock that jumped meanwhile would have jumped wrongly, and a
 * simulation that waited for it would be another one each time. So by default it is refused, at once and whether or not anybody waits for it, by an error
 * that names it and where it was started. Where `realIo` allows for it, time stands still while it is under way, for as long as that.
 *
 * A simulation owns what is started in its tasks, and in what they call. `setImmediate` is no work but a turn of the event loop: time
 * stands still until it came.
 *
 * @module
 */
import { testing } from "#testing-platform";
import { Site } from "../diagnostics/sites.ts";
import { currentScheduler } from "../kernel/current.ts";
import { realHost } from "../kernel/host.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Busy } from "./bubble.ts";
import type { WorkKind, WorkListener } from "./platform.ts";
import { Installed } from "./replace.ts";
import { RealIoError } from "./simulation-error.ts";

interface Work {
  readonly kind: WorkKind;
  readonly site: Site;
}

/** How many pieces of work an error names. */
const MOST = 5;
/** After how many looks at it what was due at the next turn has come, or was taken back. */
const TURNS = 2;

/** The real work of one simulation. */
export class RealWork implements Busy {
  /** For how many milliseconds of the machine's time the clock may stand still for it. */
  readonly patience: number;
  readonly #underWay = new Map<number, Work>();
  #refused: Work[] = [];
  #since: number | undefined = undefined;
  #turns = 0;

  constructor(patience: number) {
    this.patience = patience;
  }

  started(id: number, kind: WorkKind, stack: { readonly stack?: string }): void {
    const work = { kind, site: new Site(stack) };
    if (this.patience === 0) this.#refused.push(work);
    else this.#underWay.set(id, work);
  }

  /** Something is due at the next turn of the event loop. */
  turnAsked(): void {
    this.#turns = TURNS;
  }

  ended(id: number): void {
    this.#underWay.delete(id);
  }

  /** @throws for work that is refused. */
  check(): void {
    if (this.#refused.length > 0) throw refusal(this.#refused);
  }

  isBusy(): boolean {
    this.check();
    if (this.#turns > 0) {
      this.#turns--;
      return true;
    }
    if (this.#underWay.size === 0) {
      this.#since = undefined;
      return false;
    }
    this.#since ??= realHost.now();
    if (realHost.now() - this.#since > this.patience) throw tooLong([...this.#underWay.values()], this.patience);
    return true;
  }
}

/** Simulations that refuse all work, and those that wait for it: to know when it is over has its price. */
const refusing: Installed<Scheduler, RealWork> = new Installed(() =>
  testing.watchWork({ started: startedIn(() => refusing) }),
);
const waiting: Installed<Scheduler, RealWork> = new Installed(() =>
  testing.watchWork({ started: startedIn(() => waiting), ended }),
);

/** Whose work is under way, where somebody waits for it. */
const owners = new Map<number, RealWork>();

function startedIn(watched: () => Installed<Scheduler, RealWork>): WorkListener["started"] {
  return (id, kind, capture) => {
    const work = watched().get(currentScheduler());
    if (work === undefined) return;
    if (kind.isTurn) return work.turnAsked();
    const stack = capture();
    if (stack === undefined) return;
    work.started(id, kind, stack);
    if (work.patience > 0) owners.set(id, work);
  };
}

function ended(id: number): void {
  owners.get(id)?.ended(id);
  owners.delete(id);
}

/** Tells `work` of all that is started on `scheduler`. Call the result to stop. */
export function watchRealWork(scheduler: Scheduler, work: RealWork): () => void {
  const stop = (work.patience === 0 ? refusing : waiting).add(scheduler, work);
  return () => {
    stop();
    for (const [id, owner] of owners) if (owner === work) owners.delete(id);
  };
}

function refusal(works: readonly Work[]): RealIoError {
  const timers = works.some(({ kind }) => kind.what === TIMER);
  const hint = timers ? "\n  timers of the platform are part of the simulation with { fakeTimers: true }" : "";
  return new RealIoError(
    `real I/O in a simulation, whose clock knows nothing of it: ${list(works)}\n  stand something else in its place, or allow for it with { realIo: ms }${hint}`,
  );
}

function tooLong(works: readonly Work[], ms: number): RealIoError {
  return new RealIoError(
    `the simulation has waited for more than ${ms} ms of real time, its limit, for ${list(works)}`,
  );
}

const TIMER = "a timer of the machine";

function list(works: readonly Work[]): string {
  const lines = new Set(works.map(({ kind, site }) => `\n  ${kind.what}, started ${placeOf(site)}`));
  const shown = [...lines].slice(0, MOST);
  if (lines.size > MOST) shown.push(`\n  … and ${lines.size - MOST} more`);
  return shown.join("");
}

function placeOf(site: Site): string {
  const place = site.toString();
  return place === "" ? "by the runtime" : `at ${place}`;
}
