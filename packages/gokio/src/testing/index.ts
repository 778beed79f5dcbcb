/**
 * `gokio/testing`: time that stands still, faults from a seed, and every order in which things may happen.
 *
 * @module
 */

// Virtual time and faults.
export { type SimulateOptions, simulate } from "./simulate.ts";
export type { Sim } from "./sim.ts";
export type { ChannelFaults, Fault, FaultOptions } from "./faults.ts";
export { LeftoverError, RealIoError, SimulationDeadlockError, SimulationError } from "./simulation-error.ts";

// Every interleaving.
export type { ExplorationStrategy } from "./explore/decision.ts";
export { type ExhaustiveOptions, exhaustive } from "./explore/exhaustive.ts";
export { type Explored, type ExploreOptions, explore, type Progress } from "./explore/explore.ts";
export { ExplorationError, type FailureKind, NondeterminismError } from "./explore/failure.ts";
export { type MixedOptions, mixed } from "./explore/mixed.ts";
export { type PctOptions, pct } from "./explore/pct.ts";
export { type RandomOptions, random } from "./explore/random.ts";
