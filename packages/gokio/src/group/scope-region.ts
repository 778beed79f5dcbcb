/**
 * The region of a scope: it knows its children, and cannot be left while one lives.
 *
 * # Algorithm
 *
 * Children are members of the region, which is a node of the cancel tree: cancelling the region, by whomever, aborts them all, and the body
 * with them. The first failure, of a child or of the body, cancels the region; every failure is kept. When the body has ended, the block
 * waits at the gate, which opens with the end of the last child.
 *
 *     outer region ──▶ scope region ──▶ child, child, child      the tree
 *                           │
 *                           └─ waits of the body
 *
 * 1. A child that was started is counted until it has ended, and no child is started once the gate has opened.
 * 2. A failure is kept before anyone is cancelled for it, so the region's own cancellation is never taken for one.
 * 3. An error is kept once, however many tasks it passed through: a child that joined a failed one fails with the same error.
 *
 * @module
 */
import { MisuseError } from "../errors.ts";
import { Cancellation } from "../kernel/cancel-source.ts";
import { FAILED, UNWINDING } from "../kernel/coroutine-flags.ts";
import { surroundings } from "../kernel/current.ts";
import type { Operation } from "../kernel/operation.ts";
import { innerRegion, type Region } from "../kernel/region.ts";
import type { BodyOutcome } from "../task/block.ts";
import type { Spawned } from "../task/body.ts";
import type { JoinHandle } from "../task/join-handle.ts";
import { TaskRegion } from "../task/region.ts";
import { spawnIn } from "../task/spawn.ts";
import type { TaskGroup, TaskOptions, TaskRecord } from "../task/task.ts";
import { failureOf } from "./failures.ts";
import { Gate, type Gated } from "./gate.ts";
import { liveTasks } from "./live.ts";

export class ScopeRegion extends TaskRegion implements TaskGroup, Gated<void> {
  /** The children that have not ended. */
  size = 0;
  readonly #gate = new Gate(this);
  /** Who is told of the end of a child: the region, or those who pass it on. */
  readonly #groups = new Set<TaskGroup>([this]);
  readonly #failures = new Set<unknown>();
  /** How the scope cancelled itself, if it did. */
  #own: Cancellation | undefined = undefined;
  /** Whether a child did not get to its end because the scope was cancelled. */
  #cutShort = false;
  #bodyEnded = false;
  /** The body was returned from, and left no outcome. */
  #unwinding = false;

  constructor(outer: Region) {
    const { scheduler, daemon, locals, task } = outer;
    super({ scheduler, daemon, locals, task, outer: innerRegion(outer), parent: outer });
  }

  /** Starts a child. `group` is told of its end instead of the region, and passes it on. */
  start(body: Spawned, options: TaskOptions | undefined, group: TaskGroup = this): JoinHandle<unknown> {
    if (this.isOpen) throw new MisuseError("the scope has ended: nothing can be spawned in it any more");
    const here = surroundings();
    // Code outside of tasks has no surroundings of its own; in browsers that is all async code.
    const within = here === here.scheduler.root ? this : here;
    const child = spawnIn(within, body, childOptions(this, options), this, group);
    this.#groups.add(group);
    this.size++;
    return child;
  }

  ended(child: TaskRecord, failed = (child.flags & FAILED) !== 0): void {
    this.size--;
    if (failed) this.#fail(child.slot);
    else if ((child.flags & UNWINDING) !== 0 && this.cancellation !== undefined) this.#cutShort = true;
    this.#gate.open();
  }

  #fail(error: unknown): void {
    this.#failures.add(error);
    this.cancelWith(new Cancellation(error));
  }

  /** Cancels the scope from inside; `false` if it was cancelled before. */
  cancelItself(reason: unknown): boolean {
    if (this.cancellation !== undefined) return false;
    this.#own = new Cancellation(reason);
    return this.cancelWith(this.#own);
  }

  /** The body has ended; gives what is left to wait for. */
  leave(body: BodyOutcome<unknown> | undefined): Operation<void> | undefined {
    this.#bodyEnded = true;
    if (body === undefined) {
      this.#unwinding = true;
      this.cancelWith(new Cancellation("the body of the scope was left"));
    } else if ("error" in body && body.error !== this.cancellation?.error) this.#fail(body.error);
    return this.isOpen ? undefined : this.#gate;
  }

  get isOpen(): boolean {
    return this.#bodyEnded && this.size === 0;
  }

  pass(): void {}

  tasks(): Iterable<TaskRecord> | undefined {
    const isChild = (task: TaskRecord): boolean => task.group !== undefined && this.#groups.has(task.group);
    return liveTasks(this.size, isChild, [this], this.scheduler);
  }

  describe(): string {
    return `the end of a scope with ${this.size} task${this.size === 1 ? "" : "s"}`;
  }

  /** The outcome of the scope, given that of its body. */
  outcome<T>(body: BodyOutcome<T>): T {
    if (this.#failures.size > 0) throw failureOf("a scope", this.#failures);
    if ("error" in body) throw body.error;
    // Cancelled from outside after the body had ended: its value stands only if nothing was lost. A scope that cancels its own children
    // wanted that.
    if (this.#cutShort && this.cancellation !== undefined && this.cancellation !== this.#own) {
      this.refused();
      throw this.cancellation.error;
    }
    return body.value;
  }

  override close(): void {
    super.close();
    // Nobody asks for the outcome of a scope that is unwound; its failures are those of the cleanup under way.
    if (this.#unwinding && this.#failures.size > 0) throw failureOf("a scope", this.#failures);
  }
}

/** The children of a daemon are daemons. */
export function childOptions(
  parent: { readonly daemon: boolean },
  options: TaskOptions | undefined,
): TaskOptions | undefined {
  return parent.daemon && options?.daemon === undefined ? { ...options, daemon: true } : options;
}
