/**
 * Runs the documentation: each example is type-checked, runs in a process of its own, prints what its comments say, and ends by itself.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import process from "node:process";
import { beforeAll, describe, expect, test } from "vitest";
import { findExamples, root } from "./fences.ts";
import { type Prepared, prepare } from "./prepare.ts";

/** How long an example may take, in milliseconds, on a busy machine: one that is still alive then has left something behind. */
const PATIENCE = 30_000;

/** How long all of them may, which take half a minute on an idle machine. */
const PATIENCE_WITH_ALL = 600_000;

interface Ran extends Prepared {
  readonly ended: { readonly code: unknown; readonly errors: string };
}

const examples = findExamples();
const ran: Ran[] = [];

beforeAll(async () => {
  const queue = [...(await prepare(examples)).entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, prepared] = next;
      ran[i] = { ...prepared, ended: await run(prepared.program) };
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}, PATIENCE_WITH_ALL);

function run(program: string): Promise<Ran["ended"]> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program], { cwd: root, timeout: PATIENCE }, (error, _printed, errors) => {
      const code = error === null ? 0 : error.killed === true ? `still alive after ${PATIENCE} ms` : error.code;
      resolve({ code, errors });
    });
  });
}

describe("the examples of the documentation", () => {
  test("there are some", () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  for (const [i, { place }] of examples.entries()) {
    test(place, () => {
      const { complaints, ended } = ran[i] as Ran;
      expect(complaints).toEqual([]);
      expect(ended).toEqual({ code: 0, errors: "" });
    });
  }
});
