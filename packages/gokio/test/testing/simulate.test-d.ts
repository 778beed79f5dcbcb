/** The types of simulations. */
import { type JoinHandle, sleep, spawn } from "../../src/index.ts";
import { type Sim, type SimulateOptions, simulate } from "../../src/testing/index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(): T | undefined => undefined;

const inAsync = simulate(async (sim) => {
  is<Equal<typeof sim, Sim>>();
  await sim.advance(1);
  return 1;
});
is<Equal<typeof inAsync, Promise<number>>>();

const inGenerator = simulate(function* (sim) {
  yield* sim.wait();
  yield* sleep(sim.elapsed);
  return "text" as const;
});
is<Equal<typeof inGenerator, Promise<"text">>>();

const handle = simulate(() => spawn(async () => true));
is<Equal<typeof handle, Promise<Awaited<JoinHandle<boolean>>>>>();

const options: SimulateOptions = {
  seed: "v1-2a",
  faults: { cancelTasks: 0.1, lateTimers: { p: 0.5, maxMs: 5 }, channels: { jobs: { drop: 0.1 } } },
};
void simulate(async () => {}, options);

// @ts-expect-error an async generator is no body
void simulate(async function* () {
  yield 1;
});
// @ts-expect-error a bare yield
void simulate(function* () {
  yield 1;
});
// @ts-expect-error no such kind of fault
void simulate(async () => {}, { faults: { dropMessages: 1 } });
// @ts-expect-error the clock cannot be set
void simulate(async (sim) => void (sim.elapsed = 1));
