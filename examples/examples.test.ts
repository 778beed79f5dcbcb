/** Runs each example on a virtual clock, and compares what it prints with what its opening comment says it does. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { platform } from "#platform";
import { TOUR } from "../lab/tour.ts";
import { expectNothingLeft } from "../packages/gokio/test/support/leaks.ts";
import { turn } from "../packages/gokio/test/support/turns.ts";
import { VirtualHost, VirtualScheduler } from "../packages/gokio/test/support/virtual.ts";

const folder = new URL("./", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.replace(/\.ts$/, ""));

/** The indented lines under `Prints:`. */
function promised(name: string): string[] {
  const source = readFileSync(new URL(`${name}.ts`, folder), "utf8");
  const block = /^ \* Prints:\n \*\n((?: \* {5}.*\n| \*\n)+?) \*\n \* (?! {4})/m.exec(source)?.[1];
  expect(block, `examples/${name}.ts says what it prints`).toBeDefined();
  return (block as string)
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(7));
}

/**
 * Runs an example, and gives how long it took on its clock, in milliseconds. Like `virtual`, but for the import, which is real I/O:
 * while it loads, nothing is parked, and nothing is stuck.
 */
async function run(name: string): Promise<number> {
  const host = new VirtualHost();
  const started = host.now();
  const scheduler = new VirtualScheduler(host);
  let running = true;
  const program = platform
    .enter(scheduler.root, () => import(`./${name}.ts`))
    .finally(() => {
      running = false;
    });
  while (running) {
    await turn();
    if (scheduler.isIdle && !host.isBusy) host.jump();
  }
  await program;
  const took = host.now() - started;
  await expectNothingLeft(scheduler);
  return took;
}

/** Where the time is the point: what an example must take. */
const TAKES: Readonly<Record<string, number>> = {
  "even-squares": 400,
  naturals: 30,
  pipeline: 3 * 50,
  "pipeline-generator": 3 * 50,
  "ten-jobs-joined": 300,
  timeout: 50 + 5000,
  "timeout-generator": 50 + 500,
};

/** The time limit of an example, in milliseconds: a million messages take a minute on a busy machine. */
const PATIENCE = 300_000;

afterEach(() => void vi.restoreAllMocks());

test.each(names)(
  "%s prints what it says",
  async (name) => {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation(
      (...values: unknown[]) => void printed.push(values.map(String).join(" ")),
    );
    const took = await run(name);
    expect(printed).toEqual(promised(name));
    if (name in TAKES) expect(took).toBe(TAKES[name]);
  },
  PATIENCE,
);

test("the tour visits every example", () => {
  expect([...TOUR].sort()).toEqual([...names].sort());
});
