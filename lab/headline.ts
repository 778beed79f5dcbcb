/**
 * Runs the headline in both flavours, a fresh process for each run, and prints what came of it.
 *
 * @module
 */
import { ACTORS, type Flavour, RECEIPTS } from "./actors.ts";
import { inChild } from "./child.ts";
import type { Run } from "./headline-run.ts";
import { provenance } from "./machine.ts";
import { grouped, heading, Progress, short, styled, table } from "./print.ts";

const IN_FLIGHT = [10_000, 1_000, 100];
const FLAVOURS: readonly Flavour[] = ["generator", "async"];
const ROUNDS = 3;
/** No new round is begun if it would take the whole beyond this, in milliseconds. */
const PATIENCE = 75_000;

interface Config {
  readonly flavour: Flavour;
  readonly inFlight: number;
  readonly runs: Run[];
}

export async function headline(): Promise<void> {
  heading(`${grouped(RECEIPTS)} messages across ${grouped(ACTORS)} actors, each a task with a mailbox of 64`);
  console.log(styled("dim", `one thread, a fresh process for each run; ${provenance()}\n`));
  const configs = FLAVOURS.flatMap((flavour) => IN_FLIGHT.map((inFlight): Config => ({ flavour, inFlight, runs: [] })));
  const empty = await measure(configs);
  table(
    [
      { title: "actors" },
      { title: "in flight", align: "right" },
      { title: "M msgs/s", align: "right" },
      { title: "p50 ms", align: "right" },
      { title: "p99 ms", align: "right" },
      { title: "p99.9 ms", align: "right" },
      { title: "max ms", align: "right" },
      { title: "parked MB", align: "right" },
      { title: "KB/actor", align: "right" },
      { title: "peak MB", align: "right" },
    ],
    configs.map((config) => line(config, empty)),
  );
  const rounds = configs[0]?.runs.length ?? 0;
  const checked = `${grouped(RECEIPTS)} receipts counted in each of ${rounds * configs.length} runs`;
  console.log(styled("dim", `\nmedian of ${rounds}; ${checked}; memory is resident, less that of an empty process`));
}

type Memory = Pick<Run, "parked" | "peak">;

async function measure(configs: readonly Config[]): Promise<Memory> {
  const progress = new Progress("headline", ROUNDS * configs.length);
  const empties: Memory[] = [];
  const started = performance.now();
  let done = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const spent = performance.now() - started;
    if (round > 1 && spent + spent / (round - 1) > PATIENCE) break;
    empties.push(await inChild<Memory>("headline-run", ["empty"]));
    for (const { flavour, inFlight, runs } of configs) {
      const doing = `${flavour} actors, ${grouped(inFlight)} in flight, round ${round}`;
      progress.update(done, doing);
      const onProgress = (part: number): void =>
        progress.update(done + part, `${doing}, ${grouped(part * RECEIPTS)} messages`);
      runs.push(await inChild<Run>("headline-run", [flavour, String(inFlight)], { onProgress }));
      done++;
    }
  }
  progress.update(done, "done");
  progress.end();
  return { parked: median(empties, "parked"), peak: median(empties, "peak") };
}

function line({ flavour, inFlight, runs }: Config, empty: Memory): string[] {
  const parked = median(runs, "parked") - empty.parked;
  return [
    flavour,
    grouped(inFlight),
    (RECEIPTS / median(runs, "seconds") / 1e6).toFixed(2),
    ...(["p50", "p99", "p999", "max"] as const).map((name) => short(median(runs, name))),
    (parked / 1e6).toFixed(1),
    (parked / 1000 / ACTORS).toFixed(2),
    ((median(runs, "peak") - empty.peak) / 1e6).toFixed(1),
  ];
}

function median<K extends string>(runs: readonly Record<K, number>[], name: K): number {
  const values = runs.map((run) => run[name]).sort((a, b) => a - b);
  return values[values.length >> 1] as number;
}
