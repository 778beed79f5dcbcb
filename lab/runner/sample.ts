/**
 * One sample: a contestant does a workload once, and what it says is believed only if it is what a contestant may say, and
 * its result is right.
 *
 * @module
 */
import type { Params, Values } from "../workloads/workload.ts";
import { type Cdf, type Failure, type Outcome, parameters } from "./format.ts";
import { type Command, type Ended, runToEnd } from "./process.ts";

export interface Work {
  readonly workload: string;
  readonly size: number;
  readonly params: Params;
  /** The right result. */
  readonly check: string;
}

export async function takeSample(
  { file, args, env }: Command,
  work: Work,
  options: { timeout: number; signal?: AbortSignal | undefined },
): Promise<Outcome> {
  const task = [work.workload, String(work.size), ...parameters(work.params)];
  const ended = await runToEnd({ file, args: [...args, ...task], ...(env && { env }) }, options);
  return outcomeOf(ended, work, options.timeout);
}

function outcomeOf(ended: Ended, work: Work, timeout: number): Outcome {
  const { error, timedOut, tooMuch, code, signal, stdout, stderr } = ended;
  if (error) return failed("not started", error.message);
  if (timedOut) return failed("time-out", `it was still at work after ${timeout / 1000} s`);
  if (tooMuch) return failed("bad output", "it printed more than a megabyte");
  if (code !== 0)
    return failed("crash", `it ended with ${signal ?? `exit code ${code}`}${stderr && `: ${stderr.trim()}`}`);
  const line = stdout.replace(/\r?\n$/, "");
  try {
    return judged(JSON.parse(line), work);
  } catch {
    return failed("bad output", `not one line of JSON: ${excerpt(line)}`);
  }
}

function judged(said: unknown, work: Work): Outcome {
  const strange = (): Outcome => failed("bad output", `not what a contestant says: ${excerpt(JSON.stringify(said))}`);
  if (!isRecord(said) || said["workload"] !== work.workload) return strange();
  if (said["missing"] === true) return { kind: "missing" };
  const { size, ms, check, values = {} } = said;
  if (size !== work.size || !isAmount(ms) || typeof check !== "string" || !isRecord(values)) return strange();
  if (check !== work.check) return failed("wrong result", `${excerpt(check)} instead of ${work.check}`);
  const { cdf, ...rest } = values;
  // What memory grows by may be less than nothing.
  if (!Object.values(rest).every((value) => value === null || Number.isFinite(value))) return strange();
  if (cdf !== undefined && !isDistribution(cdf)) return strange();
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as Values;
  return { kind: "ok", ms, values: known, ...(cdf && { cdf: rounded(cdf) }) };
}

function failed(why: Failure, detail: string): Outcome {
  return { kind: "failed", why, detail };
}

function excerpt(text: string): string {
  const shown = text.length > 200 ? `${text.slice(0, 200)} …` : text;
  return shown === "" ? "nothing" : shown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Both columns rise, and the shares are shares. */
function isDistribution(value: unknown): value is Cdf {
  if (!Array.isArray(value) || value.length === 0) return false;
  let [ms, share] = [0, 0];
  return value.every((point: unknown) => {
    if (!Array.isArray(point) || point.length !== 2 || !point.every(isAmount)) return false;
    const [nextMs, nextShare] = point as [number, number];
    const rises = nextMs >= ms && nextShare >= share && nextShare <= 1 + 1e-9;
    [ms, share] = [nextMs, nextShare];
    return rises;
  });
}

/** To what can be measured: results with thousands of distributions are kept. */
function rounded(cdf: Cdf): Cdf {
  return cdf.map(([ms, share]) => [Number(ms.toPrecision(4)), Number(share.toFixed(6))] as const);
}
