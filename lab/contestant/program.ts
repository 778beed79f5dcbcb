/**
 * What makes a JavaScript program a contestant: its command line, its warm-up, and the line that it prints. See lab/README.md.
 *
 * @module
 */
import process from "node:process";
import type { Point } from "./histogram.ts";

export type Params = Readonly<Record<string, number>>;

/** What came of doing a piece of work once. */
export interface Sample {
  /** How long the work alone took. */
  readonly ms: number;
  /** What it computed. */
  readonly check: number | string;
  /** What else was measured. */
  readonly values?: Readonly<Record<string, number | readonly Point[]>>;
}

/** Does a piece of work once. */
export type Work = (size: number, params: Params) => Sample | Promise<Sample>;

/** The pieces of work that a contestant can do, by the id of the workload. */
export type Contestant = Readonly<Record<string, Work>>;

/** These measure what a first run is like, or what memory grows by from nothing. */
const COLD: ReadonlySet<string> = new Set(["headline", "empty", "parked-memory", "parked-task"]);

/** Does `body` and measures how long it took. */
export async function timed(body: () => Sample["check"] | PromiseLike<Sample["check"]>): Promise<Sample> {
  const start = performance.now();
  const check = await body();
  return { ms: performance.now() - start, check };
}

/** The whole program: `<contestant> <workload> <size> [<parameter>=<value> …]`. */
export async function main(find: (contestant: string) => Promise<Contestant | undefined>): Promise<never> {
  const [name = "", workload = "", size, ...rest] = process.argv.slice(2);
  try {
    const contestant = await find(name);
    if (contestant === undefined) throw new Error(`there is no contestant ${JSON.stringify(name)}`);
    const line = await sampled(contestant, workload, whole("size", size), paramsIn(rest));
    // The process is ended by force, for actors wait for ever; but not before the line is out.
    process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  return new Promise(() => {});
}

/** Warms up, takes the sample, and puts it into the form of the contract. */
export async function sampled(contestant: Contestant, workload: string, size: number, params: Params): Promise<object> {
  const work = Object.hasOwn(contestant, workload) ? contestant[workload] : undefined;
  if (work === undefined) return { workload, missing: true };
  if (!COLD.has(workload)) await work(Math.ceil(size / 10), params);
  const { ms, check, values = {} } = await work(size, params);
  return { workload, size, ms, check: String(check), values };
}

function paramsIn(args: readonly string[]): Params {
  return Object.fromEntries(
    args.map((arg) => {
      const at = arg.indexOf("=");
      if (at < 1) throw new Error(`not <parameter>=<value>: ${arg}`);
      const name = arg.slice(0, at);
      return [name, whole(name, arg.slice(at + 1))];
    }),
  );
}

function whole(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${name} must be a whole number, not ${text}`);
  }
  return value;
}
