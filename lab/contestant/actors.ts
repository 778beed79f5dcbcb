/**
 * What all have in common in the headline: the message, the random walk, and the account of the latencies.
 *
 * @module
 */
// Node looks the global up by a getter, each time, which costs as much as the clock.
import { performance } from "node:perf_hooks";
import { Histogram } from "./histogram.ts";
import { peak } from "./memory.ts";
import type { Sample } from "./program.ts";

export const MAILBOX = 64;

/**
 * Owned by whoever received it last, who sends it on: nothing is allocated on the way. The time is in two whole numbers, as Rust's `Instant` has it: the engine
 * keeps these in the message itself, and a fraction in an object of its own.
 */
export interface Message {
  sentMs: number;
  sentNs: number;
  seed: number;
}

/** The message that is sent as number `i` at the start. */
export function firstMessage(i: number): Message {
  const message: Message = { sentMs: 0, sentNs: 0, seed: step(i) };
  stamp(message, performance.now());
  return message;
}

function stamp(message: Message, now: number): void {
  const ms = Math.floor(now);
  message.sentMs = ms;
  message.sentNs = Math.floor((now - ms) * 1e6);
}

/** With a sign: of 32 bits, the engine keeps that in the message itself, and what is above 2³¹ in an object of its own. */
function step(seed: number): number {
  return (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
}

export class Walk<Mailbox> {
  readonly mailboxes: Mailbox[] = [];
  readonly #latencies = new Histogram();
  readonly #receipts: number;
  readonly #done: () => void;

  /** `done` is called at the last receipt. */
  constructor(receipts: number, done: () => void) {
    this.#receipts = receipts;
    this.#done = done;
  }

  /** Accounts for a receipt, and stamps the message anew. The result is whom to send it on to; nobody, once it is enough. */
  received(message: Message): Mailbox | undefined {
    if (this.#latencies.count === this.#receipts) return undefined;
    const now = performance.now();
    this.#latencies.record(now - message.sentMs - message.sentNs * 1e-6);
    if (this.#latencies.count === this.#receipts) {
      this.#done();
      return undefined;
    }
    message.seed = step(message.seed);
    stamp(message, now);
    return this.mailboxes[(message.seed >>> 8) % this.mailboxes.length];
  }

  /** The sample, of a run that took `ms`, after all actors had been parked with `parked` resident bytes. */
  sample(ms: number, parked: number): Sample {
    const [p50, p99, p999] = [0.5, 0.99, 0.999].map((q) => this.#latencies.quantile(q)) as [number, number, number];
    const { max } = this.#latencies;
    const values = { p50, p99, p999, max, parked, peak: peak(), cdf: this.#latencies.cdf() };
    return { ms, check: this.#latencies.count, values };
  }
}

/** The parameters of the headline. */
export function crowd(params: Readonly<Record<string, number>>): { actors: number; inflight: number } {
  return { actors: params["actors"] ?? 10_000, inflight: params["inflight"] ?? 1_000 };
}
