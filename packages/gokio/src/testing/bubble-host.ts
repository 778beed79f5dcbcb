/**
 * The host of a simulation: a virtual one that says whose job is running, and hands failures to its simulation.
 *
 * @module
 */
import { onTaskError } from "../task/unjoined.ts";
import { VirtualHost } from "./virtual-host.ts";

/** The host whose job is on the stack. */
let running: BubbleHost | undefined;

export class BubbleHost extends VirtualHost {
  /** Told of failures that nobody asked for. */
  readonly #failed: (error: unknown) => void;
  /** The job of the next microtask. */
  #next: (() => void) | undefined = undefined;
  #isJumping = false;

  constructor(seed: number, startsAt: number, failed: (error: unknown) => void) {
    super(seed, startsAt);
    this.#failed = failed;
  }

  override microtask(job: () => void): void {
    // There is hardly ever more than one: the drain.
    if (this.#next !== undefined) super.microtask(() => this.#run(job));
    else {
      this.#next = job;
      if (!this.#isJumping) super.microtask(this.#runNext);
    }
  }

  /** Whoever drives the host has no code of the simulation on its stack: what the timer leads to runs there and then. */
  override jump(): boolean {
    this.#isJumping = true;
    try {
      return super.jump();
    } finally {
      this.#isJumping = false;
      this.#runNext();
    }
  }

  readonly #runNext = (): void => {
    const job = this.#next;
    this.#next = undefined;
    if (job !== undefined) this.#run(job);
  };

  override macrotask(job: () => void): void {
    super.macrotask(() => this.#run(job));
  }

  #run(job: () => void): void {
    running = this;
    try {
      job();
    } finally {
      running = undefined;
    }
  }

  /** Fails the simulation with `error`, which would else be an unhandled rejection of the process. */
  failed(error: unknown): void {
    this.#failed(error);
  }
}

/** Has the failures of tasks that nobody joins fail the simulation they happen in. Dispose the result to stop. */
export function catchUnjoined(): Disposable {
  return onTaskError((error) => {
    if (running === undefined) return false;
    running.failed(error);
    return true;
  });
}
