/**
 * Takes the figures of a case, in this process, which has measured nothing else.
 *
 * It has to run with {@link flags}: they make the same program do the same thing each time, and leave alone what it does.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { GCProfiler, promiseHooks } from "node:v8";
import type { Case, Ready, Repeated, Run, Standing } from "./case.ts";
import { type Figures, middle } from "./figures.ts";

/** Runs until the compiler has found what there is to optimise, and those that count: the middle one is taken. */
const WARM_UPS = 10;
const SAMPLES = 5;
const FEW = 1000;

/** The arguments for Node. */
const STEADY = [
  "--expose-gc",
  // Code is compiled, and garbage collected, between two instructions of the program, not some time beside it.
  "--single-threaded",
  // No garbage is collected in a run. The heap starts so large that nothing else asks for a collection, either.
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--initial-heap-size=1024",
  "--no-memory-reducer",
  "--no-incremental-marking",
  // Code that was not used for a while stays.
  "--no-flush-bytecode",
  // Nothing is left to chance.
  "--random-seed=1",
  "--hash-seed=1",
];

/** The arguments for Node to measure a case; what is deoptimised is told in the file `trace`, if that matters. */
export function flags({ kind }: Case, trace: string): string[] {
  if (kind !== "repeated") return STEADY;
  return [...STEADY, "--trace-deopt", "--redirect-code-traces", `--redirect-code-traces-to=${trace}`];
}

export function measure(subject: Case, trace: string): Promise<Figures> {
  if (subject.kind === "repeated") return measureRepeated(subject, trace);
  return subject.kind === "standing" ? measureStanding(subject) : measureReady(subject);
}

async function measureRepeated({ run, count, name }: Repeated, trace: string): Promise<Figures> {
  for (let i = 0; i < WARM_UPS; i++) await runChecked(run, count, name);
  const samples: { bytes: number; deopts: number }[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const deoptsBefore = deoptsIn(trace);
    const bytes = await allocated(() => runChecked(run, count, name));
    samples.push({ bytes: bytes / count, deopts: deoptsIn(trace) - deoptsBefore });
  }
  const counts = await promisesDuring(() => runChecked(run, count, name));
  return {
    bytes: middle(samples.map(({ bytes }) => bytes)),
    promises: counts.promises / count,
    microtasks: counts.microtasks / count,
    deopts: middle(samples.map(({ deopts }) => deopts)),
  };
}

async function runChecked(run: Run, count: number, name: string): Promise<void> {
  const done = await run(count);
  if (done !== count) throw new Error(`${name}: done ${done} times, not ${count}`);
}

async function allocated(body: () => Promise<void>): Promise<number> {
  // The young generation alone, so that it is empty: a full collection would also throw optimised code away.
  collect({ type: "minor" });
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  await body();
  const bytes = process.memoryUsage().heapUsed - before;
  const collections = profiler.stop().statistics.length;
  if (collections > 0) throw new Error("garbage was collected in a run: make the run shorter");
  return bytes;
}

function deoptsIn(trace: string): number {
  if (!existsSync(trace)) return 0;
  return readFileSync(trace, "latin1").split("[bailout (").length - 1;
}

/** Counted in a run of their own, for the hooks have costs. */
async function promisesDuring(body: () => Promise<void>): Promise<{ promises: number; microtasks: number }> {
  let [promises, microtasks] = [0, 0];
  const stop = promiseHooks.createHook({ init: () => void promises++, before: () => void microtasks++ }) as () => void;
  await body();
  stop();
  return { promises, microtasks };
}

/**
 * Without a warm-up, for V8 lays objects out otherwise once all of their kind were collected; but beside a few that are there
 * already, so that what the first of a process needs is not among what one more weighs.
 */
async function measureStanding({ stand, count, name }: Standing): Promise<Figures> {
  const endFew = await stand(FEW);
  const before = await heapInUse();
  const end = await stand(count);
  const weight = ((await heapInUse()) - before) / count;
  const ended = (await end()) + (await endFew());
  if (ended !== count + FEW) throw new Error(`${name}: there were ${ended}, not ${count + FEW}`);
  return { weight };
}

/** Once it stays the same: what the loading of modules leaves behind goes little by little, in turns of the event loop. */
async function heapInUse(): Promise<number> {
  let [last, same] = [0, 0];
  while (same < 3) {
    await new Promise((resolve) => void setImmediate(resolve));
    collect();
    const now = process.memoryUsage().heapUsed;
    same = Math.abs(now - last) < 1000 ? same + 1 : 0;
    last = now;
  }
  return last;
}

function collect(options?: { type: "minor" }): void {
  const { gc } = globalThis as { gc?: (options?: object) => void };
  if (gc === undefined) throw new Error("the guard measures with --expose-gc");
  gc(options);
}

async function measureReady({ run, count, name }: Ready): Promise<Figures> {
  const before = turnsOfTheLoop();
  await runChecked(run, count, name);
  return { turns: turnsOfTheLoop() - before };
}

function turnsOfTheLoop(): number {
  // Not in the declarations for the oldest Node.
  const { uvMetricsInfo } = performance.nodeTiming as unknown as { uvMetricsInfo: { loopCount: number } };
  return uvMetricsInfo.loopCount;
}
