/**
 * The command line of the lab.
 *
 * @module
 */
import { parseArgs } from "node:util";

export interface Options {
  readonly filters: readonly string[];
  /** Ids of contestants, or the beginnings of some up to a hyphen or `@`: "go" stands for "go-1" and "go-2". */
  readonly only: readonly string[];
  readonly nodes: readonly string[];
  readonly quick: boolean;
  readonly growth: boolean;
  readonly samples: number;
  readonly seed: number;
  /** Seconds that a sample may take. */
  readonly timeout: number;
  /** The id of the run to go on with; empty for the last. */
  readonly resume: string | undefined;
  /** Where the results and the page go, without what follows the last dot. */
  readonly out: string | undefined;
  /** The results to make a report of, instead of a run. */
  readonly report: string | undefined;
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `npm run lab -- [workload …] [options]

  --headline         the headline, as if it were named
  --quick            fewer and smaller samples
  --growth           also at other sizes: how costs grow
  --only A,B         these contestants only
  --nodes 22,24      gokio also on these versions of Node
  --samples N        samples of each (7; with --quick, 3)
  --timeout S        seconds that a sample may take (300; with --quick, 60)
  --seed N           of the order of the samples
  --resume [ID]      goes on with a run that was interrupted, by default the last
  --out FILE         where the results (.json) and the page (.html) go
  --report FILE      no run: the report of these results`;

const flag = { type: "boolean", default: false } as const;
const text = { type: "string" } as const;

export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const { quick } = values;
  return {
    filters: values.headline ? ["headline", ...positionals] : values.resume ? [] : positionals,
    only: list(values.only),
    nodes: list(values.nodes),
    quick,
    growth: values.growth,
    samples: whole("samples", values.samples, quick ? 3 : 7, 1),
    seed: whole("seed", values.seed, Math.floor(Math.random() * 2 ** 31), 0),
    timeout: whole("timeout", values.timeout, quick ? 60 : 300, 1),
    resume: values.resume ? (positionals[0] ?? "") : undefined,
    out: values.out,
    report: values.report,
  };
}

/** Whether `only` asks for the contestant. */
export function isAskedFor(id: string, only: readonly string[]): boolean {
  return (
    only.length === 0 || only.some((name) => id === name || id.startsWith(`${name}-`) || id.startsWith(`${name}@`))
  );
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ headline: flag, quick: flag, growth: flag, resume: flag },
        ...{ only: text, nodes: text, samples: text, seed: text, timeout: text, out: text, report: text },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function list(value: string | undefined): string[] {
  return value?.split(",").filter((word) => word !== "") ?? [];
}

function whole(name: string, value: string | undefined, otherwise: number, least: number): number {
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (value === "" || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(`--${name} is a whole number of at least ${least}, not ${value}`);
  }
  return number;
}
