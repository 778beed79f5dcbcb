/** `npm start`: the tour through the examples, and then the headline against whatever rivals this machine has or can build in time. */
import process from "node:process";
import { duration, heading, styled } from "./print.ts";
import { present, save } from "./report/index.ts";
import { parseOptions } from "./runner/options.ts";
import type { Planned } from "./runner/plan.ts";
import { Interrupted, runInTerminal } from "./runner/terminal.ts";
import { TOUR, tour } from "./tour.ts";

/** The whole of it is to take less than two minutes: so no sample is begun that would end after so many milliseconds, */
const PATIENCE = 90_000;
/** and no build may take longer. The Tokio contestant takes about a minute, but only the first time. */
const BUILD = 30_000;
/** What the JavaScript peers may take for one sample. */
const SLOW = 8_000;
const CONTESTANTS = "gokio,go,tokio,effect,ts-chan";

/** The quick headline, with as many rounds as there is time for. */
async function headline(): Promise<void> {
  heading("The headline, in gokio and its rivals");
  const options = parseOptions(["--headline", "--quick", "--timeout", "20", "--only", CONTESTANTS]);
  const results = await runInTerminal(options, { build: BUILD, skip });
  present(results);
  save(results);
  console.log(styled("dim", "\n`npm run lab` measures everything, with more samples; it takes its time."));

  /** The peers are many times slower: they come once, in one case, and last. */
  function skip({ round, contestant, case: { workload, params } }: Planned, expected: number): boolean {
    const isPeer = contestant === "effect" || contestant.startsWith("ts-chan");
    if (isPeer && workload !== "empty" && (round < options.samples || params["inflight"] !== 1_000)) return true;
    return performance.now() + (isPeer ? SLOW : expected) > PATIENCE;
  }
}

heading(`A tour of gokio in ${TOUR.length} programs`);
await tour();
try {
  await headline();
  console.log(styled("dim", `all of it took ${duration(performance.now())}`));
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.error(error.message);
  process.exitCode = 130;
}
