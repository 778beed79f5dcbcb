/**
 * Takes the samples of a plan, one after the other, and notes each in the journal.
 *
 * @module
 */
import { workloads } from "../workloads/index.ts";
import type { Case, Outcome, Taken } from "./format.ts";
import type { Journal } from "./journal.ts";
import { isDisturbed, others, type Reading, readLoad } from "./load.ts";
import { nameOf, type Planned } from "./plan.ts";
import type { Command } from "./process.ts";
import { takeSample, type Work } from "./sample.ts";

export interface Options {
  /** How a contestant is started. */
  readonly commandOf: (contestant: string) => Command;
  /** How long a sample may take, in milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Told before each sample, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
  /** Asked before each sample: whether it is left out, as there is not time for it. */
  readonly skip?: (sample: Planned, expected: number) => boolean;
  readonly readLoad?: () => Reading;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is begun now. */
  readonly next?: Planned;
  /** How long the rest will take, in milliseconds, going by the samples so far. */
  readonly left: number;
}

/** After so many failures of a contestant in a case, it is not asked again. */
const PATIENCE = 2;
/** What a sample takes, in milliseconds, as long as none of its kind has been taken. */
const GUESS = 1_500;

/**
 * Takes what of the plan is not in the journal yet.
 *
 * @throws what the signal was aborted with; the sample that was under way is not counted.
 */
export async function measure(plan: readonly Planned[], journal: Journal, options: Options): Promise<void> {
  const history = new History(journal.samples);
  for (let i = 0; i < plan.length; i++) {
    const planned = plan[i] as Planned;
    if (!history.wants(planned)) continue;
    if (options.skip?.(planned, history.expected(planned))) continue;
    // What is done can only be told with what is still wanted: whoever lacks a workload is not asked again.
    const left = plan.slice(i).filter((sample) => history.wants(sample));
    const { count } = history;
    const time = left.reduce((sum, sample) => sum + history.expected(sample), 0);
    options.onProgress?.({ done: count, total: count + left.length, next: planned, left: time });
    const taken = await take(planned, options);
    journal.add(taken);
    history.add(taken);
  }
  options.onProgress?.({ done: history.count, total: history.count, left: 0 });
}

async function take({ case: point, contestant, round }: Planned, options: Options): Promise<Taken> {
  const read = options.readLoad ?? readLoad;
  const [at, started, before] = [new Date().toISOString(), performance.now(), read()];
  const outcome = await takeSample(options.commandOf(contestant), workOf(point), options);
  const after = read();
  const part = others(before, after);
  return {
    ...{ case: point.key, contestant, round, at, outcome },
    wall: Math.round(performance.now() - started),
    load: before.average,
    ...(part !== undefined && { others: Math.round(part * 1000) / 1000 }),
    disturbed: isDisturbed(before, after),
  };
}

const checks = new Map<string, string>();

/** What is asked for, and the right result; some of these take a moment to compute. */
function workOf({ key, workload: id, size, params }: Case): Work {
  const workload = workloads.find((each) => each.id === id);
  if (workload === undefined) throw new Error(`there is no workload ${id}`);
  const check = checks.get(key) ?? workload.expected(size, params);
  checks.set(key, check);
  return { workload: id, size, params, check };
}

/** What is known of the samples so far. */
class History {
  readonly #taken = new Set<string>();
  readonly #missing = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #times = new Map<string, number>();

  constructor(samples: readonly Taken[]) {
    for (const sample of samples) this.add(sample);
  }

  get count(): number {
    return this.#taken.size;
  }

  add(sample: Taken): void {
    const [pair, { kind }] = [pairOf(sample), sample.outcome] as [string, Outcome];
    this.#taken.add(nameOf(sample));
    this.#times.set(pair, sample.wall);
    if (kind === "missing") this.#missing.add(workOfPair(sample));
    if (kind === "failed") this.#failures.set(pair, (this.#failures.get(pair) ?? 0) + 1);
  }

  wants(sample: Planned): boolean {
    if (this.#taken.has(nameOf(sample)) || this.#missing.has(workOfPair(sample))) return false;
    return (this.#failures.get(pairOf(sample)) ?? 0) < PATIENCE;
  }

  /** How long it will take: as long as the last of its kind. */
  expected(sample: Planned): number {
    return this.#times.get(pairOf(sample)) ?? GUESS;
  }
}

function pairOf({ case: point, contestant }: Planned | Taken): string {
  return `${contestant}, ${typeof point === "string" ? point : point.key}`;
}

/** Who lacks a workload lacks it in every size. */
function workOfPair({ case: point, contestant }: Planned | Taken): string {
  const workload = typeof point === "string" ? point.slice(0, point.indexOf(" ")) : point.workload;
  return `${contestant}, ${workload}`;
}
