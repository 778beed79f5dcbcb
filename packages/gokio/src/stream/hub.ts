/**
 * One stream with several readers: where its items are dealt out to branches, each a stream of its own.
 *
 * # Algorithm
 *
 * A branch has a bounded queue. Whoever reads one takes from its queue; where that is empty, the hub takes an item from upstream and deals it
 * out, to one branch or to all of them, which is what the kinds of hub differ in. If upstream has to be waited for, the hub waits for all its
 * branches at once: it is itself the waiter that is linked.
 *
 *                              ┌─▶ queue ─▶ branch ─▶ reader
 *     upstream ──▶ hub: deal ──┼─▶ queue ─▶ branch ─▶ reader
 *                   (waiter)   └─▶ queue ─▶ branch
 *
 * There is no task of the hub's. Upstream belongs to none of the readers, for it has to outlive each.
 *
 * 1. The hub is linked to upstream only while somebody waits for an item and no queue is full: nothing is pulled that nobody asked for, and
 *    one who does not read holds the others back, `buffer` items later.
 * 2. A branch that has a waiter has an empty queue.
 * 3. Upstream is closed once: when the last branch that counts is left, by the one who leaves it. From then on, as after its end, the hub is over.
 * 4. Upstream's code runs where a branch is pulled, in {@link Hub.fillFor}, or in upstream's task; dealing runs no code of the user's.
 *
 * @module
 */
import { checkCount, MAX_CAPACITY } from "../errors.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING } from "../kernel/step.ts";
import { Waiter } from "../kernel/waiter.ts";
import type { Branch, Item } from "./branch.ts";
import type { Line } from "./line.ts";
import type { Plan } from "./plan.ts";
import { Upstream } from "./upstream.ts";

/** How far the readers of one stream may be apart. */
export interface BufferOptions {
  /** How many items may wait for one reader while others go on: 1 or more, 16 unless told. */
  readonly buffer?: number | undefined;
}

const BUFFER = 16;

export function checkBuffer({ buffer = BUFFER }: BufferOptions = {}): number {
  return checkCount("buffer", buffer, 1, MAX_CAPACITY);
}

export abstract class Hub<T> extends Waiter<Item<T>> {
  readonly buffer: number;
  readonly #upstream: Upstream<T>;
  /** Branches that have a waiter. */
  readonly #waiting = new Set<Branch<unknown>>();
  #full = 0;
  /** Branches that hold upstream open. */
  #live = 0;
  #isDaemon = false;
  #isOver = false;
  failure: { readonly error: unknown } | undefined = undefined;

  constructor(plan: Plan, buffer: number) {
    super();
    this.buffer = buffer;
    this.#upstream = Upstream.of<T>(plan);
  }

  /** Gives an item to whom it is for. */
  protected abstract deal(item: T): void;

  get isOver(): boolean {
    return this.#isOver;
  }

  // ── upstream's side ──

  override wake(item: Item<T>): void {
    this.op = undefined;
    this.slot = undefined;
    this.#arrived(item);
    this.#goOn();
  }

  override fail(error: unknown): void {
    this.op = undefined;
    this.slot = undefined;
    this.#end({ error });
  }

  override get scheduler(): Scheduler {
    const [first] = this.#waiting;
    return (first as Branch<unknown>).scheduler;
  }

  override get daemon(): boolean {
    return this.#isDaemon;
  }

  #arrived(item: Item<T>): void {
    if (item.done === true) this.#end(undefined);
    else this.deal(item.value);
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    this.#isOver = true;
    this.failure = failure;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const branch of waiting) branch.ended();
  }

  // ── pulling ──

  get #mayPull(): boolean {
    return !this.#isOver && this.#full === 0;
  }

  /** Has upstream's code run, as far as that gives `branch` an item without waiting. */
  fillFor(branch: Branch<unknown>, line: Line): void {
    while (branch.isEmpty && this.#mayPull && this.op === undefined) {
      this.#upstream.run.fill();
      if (!this.#take()) return;
      // Code of upstream's may have read a branch of this very hub, and made it wait.
      this.#goOn();
      if (--line.credit < 0 && line.breathes()) return;
    }
  }

  /** Takes for `branch` what upstream has at hand. */
  takeFor(branch: Branch<unknown>): void {
    while (branch.isEmpty && this.#mayPull && this.op === undefined) if (!this.#take()) return;
  }

  /** Deals out what upstream has at hand: `false` if that is nothing. */
  #take(): boolean {
    try {
      const item = this.#upstream.next.try();
      if (item === PENDING) return false;
      this.#arrived(item);
    } catch (error) {
      this.#end({ error });
    }
    return true;
  }

  /** Links the hub for those who wait, or unlinks it if nobody does, or somebody is too far behind. */
  #goOn(): void {
    while (this.op === undefined && this.#isWanted) if (!this.#take()) this.#link();
    if (this.op !== undefined && !this.#isWanted) this.#unlink();
  }

  get #isWanted(): boolean {
    return this.#waiting.size > 0 && this.#mayPull;
  }

  #link(): void {
    this.#isDaemon = ![...this.#waiting].some((branch) => !branch.isDaemon);
    this.op = this.#upstream.next;
    this.op.link(this);
  }

  #unlink(): void {
    const op = this.op as Operation<Item<T>>;
    this.op = undefined;
    op.unlink(this);
    this.slot = undefined;
  }

  // ── the branches' side ──

  waits(branch: Branch<unknown>): void {
    this.#waiting.add(branch);
    // Those who waited before would not have held the process.
    if (this.op !== undefined && this.#isDaemon && !branch.isDaemon) this.#unlink();
    this.#goOn();
  }

  /** `branch` was served. */
  served(branch: Branch<unknown>): void {
    this.#waiting.delete(branch);
  }

  gaveUp(branch: Branch<unknown>): void {
    this.#waiting.delete(branch);
    this.#goOn();
  }

  filled(): void {
    this.#full++;
  }

  /** A queue that was full has room again. */
  roomy(): void {
    this.#full--;
    this.#goOn();
  }

  /** From now on `branch` holds upstream open. */
  count(): void {
    this.#live++;
  }

  /** A branch that counted is left; what comes back has to be waited for. */
  discount(): PromiseLike<unknown> | undefined {
    this.#live--;
    if (this.#live > 0) {
      this.#goOn();
      return undefined;
    }
    if (!this.#isOver) this.#end(undefined);
    return this.#upstream.close();
  }

  describe(): string {
    return this.#upstream.run.label;
  }
}
