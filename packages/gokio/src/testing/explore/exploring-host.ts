/**
 * The host of a run: its clock is virtual, its dice are the chooser's, and it drains only when the run says so.
 *
 * 1. While the run itself is on the stack, a drain that is asked for is kept until the run takes it: between two steps of generator tasks no
 *    microtask passes. When async code asks, it comes in a microtask, as everywhere; it then finds nothing but cancelled waits.
 * 2. What wants a turn of the event loop (a look at failures that nobody joined) gets it when nothing is ready any more.
 *
 * @module
 */
import { realHost } from "../../kernel/host.ts";
import { xorshift } from "../../kernel/xorshift.ts";
import { VirtualHost } from "../virtual-host.ts";

export type Dice = (below: number, select: object | undefined) => number;

export class ExploringHost extends VirtualHost {
  /** Whether the run is on the stack. */
  isStepping = false;
  /** A number below a bound is a choice. Without one it is no decision, and the same in each run: the jitter of a retry. */
  override readonly random: (below?: number, select?: object) => number;
  #drain: (() => void) | undefined = undefined;
  #turns: (() => void)[] = [];

  constructor(dice: Dice) {
    super();
    const fixed = xorshift(1);
    this.random = (below, select) => (below === undefined ? fixed() : dice(below, select));
  }

  override microtask(job: () => void): void {
    if (this.isStepping) this.#drain = job;
    else realHost.microtask(job);
  }

  override macrotask(job: () => void): void {
    this.#turns.push(job);
  }

  /** Runs the drain that was asked for, and those that it asks for. */
  drain(): void {
    for (let job = this.#drain; job !== undefined; job = this.#drain) {
      this.#drain = undefined;
      job();
    }
  }

  /** Gives a turn to what wants one; `false` if nothing does. */
  turn(): boolean {
    const jobs = this.#turns;
    this.#turns = [];
    for (const job of jobs) job();
    return jobs.length > 0;
  }
}

/** Lets all microtasks run: everything async code can do without being woken. */
export function settle(): Promise<void> {
  return new Promise((resolve) => realHost.macrotask(resolve));
}
