/**
 * A run from its beginning, or from where one was interrupted, to its end.
 *
 * @module
 */
import process from "node:process";
import { commit, machine } from "../machine.ts";
import { build, packageVersions } from "./build.ts";
import { type Contestant, contestants, type Ready } from "./contestants.ts";
import { FORMAT, type Header, type Results, VERSION } from "./format.ts";
import { findJournal, Journal } from "./journal.ts";
import { type Options as Measuring, measure, type Progress } from "./measure.ts";
import { isAskedFor, type Options, UsageError } from "./options.ts";
import { casesOf, planOf } from "./plan.ts";
import type { Command } from "./process.ts";
import { runs } from "./root.ts";

export interface Watcher {
  readonly signal: AbortSignal;
  onBuild(doing: string): void;
  /** Told once, when it is known which contestants take part. */
  onStart(journal: Journal): void;
  onProgress(progress: Progress): void;
}

/** What limits a run whose time is short. */
export interface Limits {
  /** How long each build may take, in milliseconds. */
  readonly build: number;
  readonly skip?: Measuring["skip"];
}

const PATIENT: Limits = { build: 20 * 60_000 };

/** @throws what the watcher's signal was aborted with: what was measured until then is in the journal. */
export async function run(options: Options, watcher: Watcher, limits: Limits = PATIENT): Promise<Results> {
  const { ready, journal } =
    options.resume === undefined ? await begin(options, watcher, limits) : await goOn(options, watcher, limits);
  const commands = new Map<string, Command>(ready.map(({ contestant, command }) => [contestant.id, command]));
  watcher.onStart(journal);
  const { cases, contestants: described, rounds, seed } = journal.header;
  const plan = planOf(
    cases,
    described.map(({ id }) => id),
    rounds,
    seed,
  );
  await measure(plan, journal, {
    commandOf: (id) => commands.get(id) as Command,
    timeout: options.timeout * 1000,
    signal: watcher.signal,
    onProgress: (progress) => watcher.onProgress(progress),
    ...(limits.skip && { skip: limits.skip }),
  });
  return journal.results;
}

interface Begun {
  readonly ready: readonly Ready[];
  readonly journal: Journal;
}

async function begin(options: Options, watcher: Watcher, limits: Limits): Promise<Begun> {
  const cases = casesOf(options);
  if (cases.length === 0) throw new UsageError(`no workload is called ${options.filters.join(" or ")}`);
  const wanted = contestants(options.nodes).filter(({ id }) => isAskedFor(id, options.only));
  if (wanted.length === 0) throw new UsageError(`no contestant is called ${options.only.join(" or ")}`);
  const { ready, absent } = await built(wanted, watcher, limits);
  const started = new Date().toISOString();
  const header: Header = {
    ...{ format: FORMAT, version: VERSION, id: started.slice(0, 19).replaceAll(":", "-"), started },
    ...{ quick: options.quick, seed: options.seed, rounds: options.samples },
    ...{ machine: machine(), versions: versions(ready), ...commit() },
    ...{ cases, contestants: ready.map(({ contestant }) => contestant), absent },
  };
  return { ready, journal: Journal.create(runs, header) };
}

/** What changed since would be mixed with what was: that is refused. */
async function goOn(options: Options, watcher: Watcher, limits: Limits): Promise<Begun> {
  const path = findJournal(runs, options.resume || undefined);
  if (path === undefined) throw new UsageError("there is no run to go on with");
  const journal = Journal.open(path);
  const { header } = journal;
  checkUnchanged(header, { ...commit(), cpu: machine().cpu });
  const ids = new Set(header.contestants.map(({ id }) => id));
  const nodes = [...ids].flatMap((id) => (id.includes("@") ? [id.slice(id.indexOf("@") + 1)] : []));
  const { ready, absent } = await built(
    contestants([...new Set(nodes)]).filter(({ id }) => ids.has(id)),
    watcher,
    limits,
  );
  const [gone] = absent;
  if (gone) throw new UsageError(`${gone.title} took part in the run ${header.id}, and can't now: ${gone.why}`);
  for (const { contestant } of ready) {
    const then = header.contestants.find(({ id }) => id === contestant.id)?.version;
    if (then !== contestant.version)
      throw new UsageError(`${contestant.title} was ${then} then, and is ${contestant.version} now`);
  }
  return { ready, journal };
}

/** @throws {UsageError} if samples of now would not be samples of the same thing. */
export function checkUnchanged(
  header: Pick<Header, "id" | "commit" | "changes" | "machine">,
  now: Pick<Header, "commit" | "changes"> & { cpu: string },
): void {
  const again = "begin a new one";
  if (header.machine.cpu !== now.cpu) throw new UsageError(`the run ${header.id} is of another machine: ${again}`);
  if (header.commit !== now.commit || header.changes !== now.changes) {
    throw new UsageError(`the sources have changed since the run ${header.id} began: ${again}`);
  }
}

function built(wanted: readonly Contestant[], watcher: Watcher, limits: Limits) {
  const { signal } = watcher;
  return build(wanted, { timeout: limits.build, signal, onProgress: (doing) => watcher.onBuild(doing) });
}

function versions(ready: readonly Ready[]): Record<string, string> {
  const names = new Map<string, string>([
    ["go", "Go"],
    ["tokio", "Tokio"],
  ]);
  const toolchains = ready.flatMap(({ contestant: { family, version } }) => {
    const name = names.get(family);
    return name === undefined ? [] : [[name, version] as const];
  });
  const node = { Node: process.versions.node, V8: process.versions.v8 };
  return { ...node, ...Object.fromEntries(toolchains), ...packageVersions() };
}
