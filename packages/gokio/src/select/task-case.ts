/**
 * Running work as a case of a select.
 *
 * # Algorithm
 *
 * The case is never ready: trying it answers "not now", so that it is started only when no other case could happen at once. Linking it starts
 * a task, whose end settles the branch. Unlinking aborts the task, which holds the waiter until its cleanup is through (`waiter.ts`).
 *
 * 1. A task is started exactly once for each link, and has ended when the wait goes on, however that ends.
 * 2. Its outcome goes to the branch, or, when it lost, nowhere: a value is dropped, a failure is reported as that of an unjoined task.
 *
 * @module
 */
import { checkFunction } from "../errors.ts";
import { DAEMON, FAILED } from "../kernel/coroutine-flags.ts";
import { type Surroundings, surroundings } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { later, STOP } from "../kernel/settling.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { settle, type Waiter } from "../kernel/waiter.ts";
import type { AnyBody, Body, Outcome } from "../task/body.ts";
import { type TaskGroup, type TaskOptions, TaskRecord } from "../task/task.ts";
import { reportUnjoined } from "../task/unjoined.ts";

/**
 * Work that is started if nothing else in the select is ready, and cancelled if something else wins.
 *
 * The select goes on when the losing task has ended, its cleanup included. If that cleanup fails, the failure is reported as
 * that of a task nobody joined; the winner's value is not lost to it. If the task wins, its value or failure is the select's.
 * Since it is started only when nothing is ready, a select with a `default` cannot have one.
 *
 * Cancel-safe: the task is cancelled with the wait, which ends when the task has.
 *
 * @example
 * ```ts
 * const ch = chan<string>();
 * const won = await select({
 *   message: recv(ch),
 *   work: task(function* () {
 *     yield* sleep(10);
 *     return "worked";
 *   }),
 * });
 * console.log(won.key, won.value); // work worked
 * ```
 *
 * @throws {TypeError} at the call, if `body` is not a function.
 */
export function task<R>(body: Body<R>, options?: TaskOptions): TaskCase<Outcome<R>> {
  checkFunction("body", body);
  return new TaskCase(surroundings(), body as AnyBody, options);
}

/** Made by {@link task}. */
export class TaskCase<T> extends Operation<T> {
  readonly #within: Surroundings;
  readonly #body: AnyBody;
  readonly #options: TaskOptions | undefined;

  /** @internal */
  constructor(within: Surroundings, body: AnyBody, options: TaskOptions | undefined) {
    super();
    this.#within = { scheduler: within.scheduler, locals: within.locals };
    this.#body = body;
    this.#options = options;
  }

  override get startsWork(): boolean {
    return true;
  }

  override try(): Pending {
    return PENDING;
  }

  override link(waiter: Waiter<T>): void {
    const { scheduler, locals } = this.#within;
    const running = new Running(waiter as Waiter);
    running.task = new TaskRecord(scheduler, this.#body, locals, this.#options, undefined, running);
    if (waiter.daemon) running.task.flags |= DAEMON;
    waiter.slot = running;
  }

  override unlink(waiter: Waiter<T>): void {
    (waiter.slot as Running).lose();
  }

  override describe(): string {
    const name = this.#options?.name;
    return name === undefined ? "task" : `task ${JSON.stringify(name)}`;
  }
}

/** One run of the body. */
class Running implements TaskGroup {
  #waiter: Waiter | undefined;
  #gone: (() => void) | undefined = undefined;
  task: TaskRecord | undefined = undefined;

  constructor(waiter: Waiter) {
    this.#waiter = waiter;
  }

  /** Something else has won. */
  lose(): void {
    this.#gone = this.#waiter?.hold();
    this.#waiter = undefined;
    later(STOP, () => this.task?.abort("the select is over"));
  }

  ended(task: TaskRecord): void {
    const waiter = this.#waiter;
    if (waiter !== undefined) settle(waiter, () => task.value);
    else if ((task.flags & FAILED) !== 0) reportUnjoined(task);
    this.#gone?.();
  }
}
