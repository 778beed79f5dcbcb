/**
 * A timer as `setTimeout` and `setInterval` give them out, on the clock of a simulation.
 *
 * @module
 */
import { platform } from "#platform";
import { running } from "../kernel/current.ts";
import { dispose } from "../kernel/dispose.ts";
import { type HostTimer, MAX_TIMER } from "../kernel/host.ts";
import type { Enter } from "../kernel/platform.ts";
import type { Bubble } from "./bubble.ts";

let lastId = 0;
/** Those that somebody knows by number. */
const numbered = new Map<number, FakeTimer>();

/** What can be given to `clearTimeout`. */
export function fakeTimerOf(handle: unknown): FakeTimer | undefined {
  if (handle instanceof FakeTimer) return handle;
  return typeof handle === "number" || typeof handle === "string" ? numbered.get(Number(handle)) : undefined;
}

export class FakeTimer {
  readonly #bubble: Bubble;
  readonly #callback: () => void;
  readonly #ms: number;
  readonly #repeats: boolean;
  readonly #enter: Enter;
  /** Not the platform's numbers, which count from 1. */
  readonly #id = 2 ** 40 + ++lastId;
  #timer: HostTimer | undefined = undefined;
  #isHeld = true;

  constructor(bubble: Bubble, callback: () => void, ms: unknown, repeats: boolean) {
    this.#bubble = bubble;
    this.#callback = callback;
    this.#ms = delayOf(ms);
    this.#repeats = repeats;
    this.#enter = entry(bubble);
    this.#set();
  }

  #set(): void {
    this.#timer = this.#bubble.host.timer(this.#fire, this.#ms);
    this.#timer.hold(this.#isHeld);
    this.#bubble.fakeTimers.add(this);
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    try {
      this.#enter(this.#callback);
    } catch (error) {
      this.#bubble.fail(error);
    }
    // The callback may have set it anew, or ended it.
    if (this.#timer !== undefined) return;
    if (this.#repeats && this.#bubble.fakeTimers.has(this)) this.#set();
    else this.close();
  };

  /** Whether it is to be cleared before the simulation ends, as it would keep a process alive. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** "setInterval(1000)". */
  describe(): string {
    return `${this.#repeats ? "setInterval" : "setTimeout"}(${this.#ms})`;
  }

  close(): this {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#bubble.fakeTimers.delete(this);
    numbered.delete(this.#id);
    return this;
  }

  refresh(): this {
    this.#timer?.cancel();
    this.#set();
    return this;
  }

  ref(): this {
    return this.#hold(true);
  }

  unref(): this {
    return this.#hold(false);
  }

  hasRef(): boolean {
    return this.#isHeld;
  }

  #hold(held: boolean): this {
    this.#isHeld = held;
    this.#timer?.hold(held);
    return this;
  }

  [Symbol.toPrimitive](): number {
    numbered.set(this.#id, this);
    return this.#id;
  }

  [dispose](): void {
    this.close();
  }
}

/** As the platform has it: what is no number from 1 to the longest time is 1. */
function delayOf(ms: unknown): number {
  const delay = Math.trunc(Number(ms));
  return delay >= 1 && delay <= MAX_TIMER ? delay : 1;
}

/** How to call back in the context of the caller. That of a generator task is none of async code's. */
function entry(bubble: Bubble): Enter {
  if (running !== undefined) return (body) => platform.enter(bubble.scheduler.root, body);
  return platform.snapshot();
}
