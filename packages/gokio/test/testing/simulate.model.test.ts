/** The same seed is the same run: random programs, whose traces are compared. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  broadcast,
  chan,
  type JoinHandle,
  Mutex,
  mpsc,
  next,
  recv,
  Semaphore,
  select,
  send,
  sleep,
  spawn,
  timeout,
  yieldNow,
} from "../../src/index.ts";
import type { FaultOptions } from "../../src/testing/faults.ts";
import { type Sim, simulate } from "../../src/testing/index.ts";
import { HEAVY } from "../support/turns.ts";

const TASKS = 6;
const STEPS = 12;

/** A program that draws each of its steps from the simulation, and writes down what comes of it, and when. */
async function program(sim: Sim): Promise<string> {
  const trace: string[] = [];
  const few = chan<number>(0, { name: "few" });
  const many = chan<number>(3, { name: "many" });
  const [tx, rx] = mpsc<number>(2, { name: "mailbox" });
  const news = broadcast<number>(4);
  const heard = news.subscribe();
  const lock = new Mutex(0);
  const permits = new Semaphore(2);
  const handles: JoinHandle<void>[] = [];
  const below = (n: number): number => Math.floor(sim.random() * n);

  const steps: ((n: number) => unknown)[] = [
    (n) => select({ sent: send(few, n), got: recv(many), tick: sleep(below(5)) }).then(({ key }) => key),
    (n) => select({ got: recv(few), sent: send(many, n), tick: sleep(below(5)) }).then(({ key }) => key),
    () => sleep(below(20)).then(() => "slept"),
    () => yieldNow().then(() => "yielded"),
    () => lock.with(async () => sleep(below(3)).then(() => "locked")),
    async () => {
      using _ = await timeout(below(10) + 1, async () => permits.acquire());
      return "permit";
    },
    (n) => Promise.resolve(tx.trySend(n)).then(String),
    () => select({ mail: next(rx), heard: recv(heard), tick: sleep(2) }).then(({ key }) => key),
    (n) => `told ${news.send(n)}`,
    () => `aborted ${handles[below(handles.length)]?.abort()}`,
  ];
  const step = (n: number): unknown => (steps[below(steps.length)] as (n: number) => unknown)(n);
  const note = (task: number, what: unknown): void => void trace.push(`${sim.elapsed} ${task} ${what}`);

  for (let task = 0; task < TASKS; task++) {
    handles.push(
      spawn(async () => {
        for (let n = 0; n < STEPS; n++) {
          const outcome = await Promise.resolve(step(n)).catch((error: Error) => error.name);
          note(task, outcome);
        }
      }),
      spawn(function* () {
        for (let n = 0; n < STEPS; n++) {
          const won = yield* select({ sent: send(many, n), got: recv(few), tick: sleep(below(4)) });
          note(-task, won.key);
        }
      }),
    );
  }
  for (const [i, handle] of handles.entries()) note(i, (await handle.settled()).status);
  return trace.join("\n");
}

const faults: FaultOptions = {
  cancelTasks: 0.02,
  lateTimers: { p: 0.1, maxMs: 10 },
  channels: { few: { drop: 0.1 }, many: { delay: { p: 0.2, maxMs: 10 } } },
};

test(
  "a seed leads to one run, whatever runs beside it, and with its faults",
  async () => {
    const traces = new Set<string>();
    const run = (seed: number): Promise<string> => simulate(program, { seed, faults, leftovers: "cancel" });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), async (seed) => {
        const alone = await run(seed);
        const [beside] = await Promise.all([run(seed), run((seed + 1) % 2 ** 32)]);
        expect(beside).toBe(alone);
        expect(alone.split("\n").length).toBeGreaterThan(TASKS * 2);
        traces.add(alone);
      }),
      { numRuns: 40 },
    );
    expect(traces.size).toBeGreaterThan(30);
  },
  HEAVY,
);
