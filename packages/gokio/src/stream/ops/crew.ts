/**
 * The tasks of a concurrent operation, and what has become of them.
 *
 * # Algorithm
 *
 * The tasks are children of the stream's: a node of the cancel tree under it, so that leaving the stream cancels them all. Their outcomes
 * are in a ring, in which a task has its place from its start, where the order of the items is to be kept, or else from its end.
 *
 *     item ──▶ start ──▶ task, task, task ── end ──▶ ring ──▶ next
 *
 * The first failure, of a task or of what the items come from, cancels the crew. What had come before it is still handed on; then the failure is
 * told, once all tasks have ended.
 *
 * 1. In flight is what was started and not handed on: at most `limit`.
 * 2. A failure is kept before anyone is cancelled for it.
 * 3. After a failure the ring is handed on up to where it was ready then, and no further.
 *
 * @module
 */
import { CancelNode } from "../../cancel/node.ts";
import { failureOf } from "../../group/failures.ts";
import { Gate, type Gated, Idle } from "../../group/gate.ts";
import { childOptions } from "../../group/scope-region.ts";
import { Cancellation } from "../../kernel/cancel-source.ts";
import { FAILED } from "../../kernel/coroutine-flags.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Enter } from "../../kernel/platform.ts";
import { Ring } from "../../kernel/ring.ts";
import type { AnyBody } from "../../task/body.ts";
import { type TaskGroup, type TaskOptions, TaskRecord } from "../../task/task.ts";

/** How the work is done. */
export interface Orders {
  readonly limit: number;
  /** Whether the outcomes come in the order of the items. */
  readonly ordered: boolean;
  /** Whether how a task ended is handed on, whatever it was, and not only its value. */
  readonly settled: boolean;
  /** What is to be done about an item. @throws if nothing can be. */
  readonly bodyFor: (item: unknown, index: number) => AnyBody;
  readonly options: TaskOptions | undefined;
  /** Enters the async contexts that are to be inherited; `undefined` if none are. */
  readonly enter: Enter | undefined;
}

export class Crew extends CancelNode implements TaskGroup, Gated<void> {
  live = 0;
  /** Opens when there is something to hand on, or nothing more will be. */
  readonly turn: Gate<void> = new Gate(this);
  /** Opens when no task lives. What waits there is told the failures. */
  readonly idle: Gate<unknown>;
  readonly #orders: Orders;
  readonly #boss: TaskRecord;
  readonly #ring = new Ring<TaskRecord>();
  readonly #failures = new Set<unknown>();
  #inFlight = 0;
  #started = 0;
  #isDry = false;
  /** After a failure: how many outcomes are still to be handed on. */
  #left: number | undefined = undefined;
  #isTold = false;

  constructor(boss: TaskRecord, orders: Orders) {
    super(boss);
    this.#boss = boss;
    this.#orders = orders;
    this.idle = new Gate(new Dismissal(this));
  }

  get hasRoom(): boolean {
    return !this.#isDry && this.#left === undefined && this.#inFlight < this.#orders.limit;
  }

  /** Whether there is something to hand on. */
  get isReady(): boolean {
    return this.#left === undefined ? this.#ring.at(0)?.finished === true : this.#left > 0;
  }

  /** Whether everything was handed on that will be. */
  get isThrough(): boolean {
    return this.#left === undefined ? this.#isDry && this.#inFlight === 0 : this.#left === 0;
  }

  get hasFailed(): boolean {
    return this.#left !== undefined;
  }

  /** Takes an item, or the end. */
  take(item: IteratorResult<unknown, undefined>): void {
    if (item.done === true) {
      this.#isDry = true;
      return;
    }
    const { bodyFor, enter } = this.#orders;
    const body = bodyFor(item.value, this.#started++);
    if (enter === undefined) this.#start(body);
    else enter(() => this.#start(body));
  }

  #start(body: AnyBody): void {
    const boss = this.#boss;
    const { options, ordered } = this.#orders;
    const task = new TaskRecord(boss.scheduler, body, boss.locals, childOptions(boss, options), this, this);
    this.live++;
    this.#inFlight++;
    if (ordered) this.#ring.push(task);
  }

  /** The next outcome. */
  next(): unknown {
    const task = this.#ring.shift();
    this.#inFlight--;
    if (this.#left !== undefined) this.#left--;
    return this.#orders.settled ? task.settled : task.value;
  }

  ended(task: TaskRecord): void {
    this.live--;
    const isFailure = (task.flags & FAILED) !== 0 && (!this.#orders.settled || this.cancellation !== undefined);
    if (isFailure) this.fail(task.slot);
    else if (!this.#orders.ordered && this.cancellation === undefined) this.#ring.push(task);
    this.turn.open();
    this.idle.open();
  }

  /** Something has failed: a task, or what the items come from. */
  fail(error: unknown): void {
    this.#failures.add(error);
    this.#left ??= this.#readyNow();
    this.cancelWith(new Cancellation(error));
    this.turn.open();
  }

  #readyNow(): number {
    let count = 0;
    for (let task = this.#ring.at(0); task?.finished === true && this.#isFine(task); task = this.#ring.at(++count));
    return count;
  }

  #isFine(task: TaskRecord): boolean {
    return this.#orders.settled || (task.flags & FAILED) === 0;
  }

  /** The stream is left: ends all tasks. What comes back has to be waited for. @throws what nobody was told. */
  leave(): Operation<unknown> | undefined {
    this.cancelWith(new Cancellation("the stream was left"));
    if (this.live > 0) return this.idle;
    this.tellFailures();
    return undefined;
  }

  tellFailures(): void {
    if (this.#isTold || this.#failures.size === 0) return;
    this.#isTold = true;
    throw failureOf("a stream", this.#failures);
  }

  // ── the gate of whoever hands on ──

  get isOpen(): boolean {
    return this.isReady || this.isThrough;
  }

  pass(): void {}

  describe(): string {
    return `the end of one of ${this.live} tasks of a stream`;
  }
}

class Dismissal extends Idle {
  readonly #crew: Crew;

  constructor(crew: Crew) {
    super(crew, "a stream");
    this.#crew = crew;
  }

  override pass(): void {
    this.#crew.tellFailures();
  }
}
