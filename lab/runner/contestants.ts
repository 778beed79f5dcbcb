/**
 * Who takes part, how each is started, and what of it has to be built.
 *
 * @module
 */
import { join } from "node:path";
import process from "node:process";
import type { Contestant as Described, Family } from "./format.ts";
import type { Command } from "./process.ts";

/** What must be there, or be built, before a contestant can be started. */
export type Part = "javascript" | "go" | "tokio" | `node${string}`;

export interface Contestant {
  readonly id: string;
  readonly title: string;
  readonly family: Family;
  readonly needs: readonly Part[];
  /** How to start it, given what the parts have become. */
  start(built: Built): Command;
}

/** For each part that is there: the program (of JavaScript, the folder), and the version of what runs it. */
export type Built = ReadonlyMap<Part, { readonly file: string; readonly version: string }>;

export interface Ready {
  readonly contestant: Described;
  readonly command: Command;
}

/** The JavaScript peers by the name that lab/rivals/js knows them by. */
const PEERS = [
  ["effect", "Effect"],
  ["ts-chan", "ts-chan"],
  ["ts-chan-unsafe", "ts-chan, unsafe"],
  ["rxjs", "RxJS"],
  ["async-mutex", "async-mutex"],
  ["p-limit", "p-limit"],
  ["promises", "bare promises"],
  ["generators", "generators"],
  ["set-timeout", "setTimeout"],
  ["abort-signal", "AbortSignal"],
] as const;

/** All of them; gokio also on each of these further versions of Node. */
export function contestants(nodes: readonly string[] = []): Contestant[] {
  return [
    gokio("generator"),
    gokio("async"),
    ...nodes.flatMap((node) => [gokio("generator", node), gokio("async", node)]),
    ...[1, 2].map((procs) => threaded("go", "Go", procs, procs === 1 ? "1 proc" : `${procs} procs`, "GOMAXPROCS")),
    ...[1, 2].map((n) => threaded("tokio", "Tokio", n, n === 1 ? "1 thread" : `${n} workers`, "WORKERS")),
    ...PEERS.map(([name, title]) => javascript(name, title, "js", ["js/main.js", name])),
  ];
}

function gokio(flavour: "generator" | "async", node?: string): Contestant {
  const id = flavour === "generator" ? "gokio" : "gokio-async";
  const title = flavour === "generator" ? "gokio" : "gokio, async";
  const program = ["packed/gokio/main.js", flavour] as const;
  if (node === undefined) return javascript(id, title, "gokio", program);
  return javascript(`${id}@${node}`, `${title}, Node ${node}`, "gokio", program, `node${node}`);
}

function javascript(
  id: string,
  title: string,
  family: Family,
  [path, name]: readonly [path: string, name: string],
  node?: Part,
): Contestant {
  const start = (built: Built): Command => {
    const program = join(built.get("javascript")?.file as string, path);
    return { file: node ? (built.get(node)?.file as string) : process.execPath, args: [program, name] };
  };
  return { id, title, family, needs: node ? ["javascript", node] : ["javascript"], start };
}

function threaded(part: "go" | "tokio", name: string, count: number, threads: string, variable: string): Contestant {
  const start = (built: Built): Command => {
    return { file: built.get(part)?.file as string, args: [], env: { [variable]: String(count) } };
  };
  return { id: `${part}-${count}`, title: `${name}, ${threads}`, family: part, needs: [part], start };
}
