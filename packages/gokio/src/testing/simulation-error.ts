/**
 * How a simulation fails that its body did not fail.
 *
 * @module
 */

/**
 * A simulation that could not go on, or left something behind. The message says what, where, and with which seed it does so again.
 *
 * @example
 * ```ts
 * import { simulate, SimulationError } from "gokio/testing";
 *
 * try {
 *   await simulate(async () => await chan<number>().recv());
 * } catch (error) {
 *   console.log(error instanceof SimulationError, (error as Error).name); // true SimulationDeadlockError
 * }
 * ```
 */
export class SimulationError extends Error {
  override get name(): string {
    return "SimulationError";
  }
}

/** Everything in the simulation is parked, no timer is set, and nothing is left that could wake anybody. */
export class SimulationDeadlockError extends SimulationError {
  override get name(): string {
    return "SimulationDeadlockError";
  }
}

/** The body has returned, and tasks, waits or timers that it started are left. */
export class LeftoverError extends SimulationError {
  override get name(): string {
    return "LeftoverError";
  }
}

/** Code in the simulation did real I/O, or set a timer of the machine: the clock of the simulation knows nothing of it. */
export class RealIoError extends SimulationError {
  override get name(): string {
    return "RealIoError";
  }
}
