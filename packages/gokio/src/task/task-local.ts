/**
 * Task-locals: values that come along without being passed.
 *
 * The locals in force are an immutable map in the region of whoever runs. A new value makes a new map in a new region, and a task is given
 * that of its spawner; so a value can be seen by what runs inside, and by nobody else.
 *
 * @module
 */
import { type ContextKey, valueIn } from "../cancel/context.ts";
import { checkFunction, MisuseError, wrongType } from "../errors.ts";
import { currentRegion, surroundings } from "../kernel/current.ts";
import type { Locals, Region } from "../kernel/region.ts";
import { type Block, type BlockBody, FunctionBlock } from "./block.ts";
import type { Outcome } from "./body.ts";
import { TaskRegion } from "./region.ts";
import { unobserved } from "./unobserved.ts";

export interface TaskLocalOptions<T> {
  /** Shown in errors. */
  readonly name?: string;
  /** The value where none was set. */
  readonly default?: T;
}

/**
 * A variable with a value for each task: a request's id, a logger, a transaction. Tasks inherit the values of their spawner.
 *
 * In generator tasks this works everywhere. Async code needs a runtime with AsyncLocalStorage, which browsers lack: there it sees the values of
 * its task up to its first `await`.
 *
 * @example
 * ```ts
 * const requestId = new TaskLocal<number>({ name: "requestId" });
 * const log = (text: string) => console.log(requestId.get(), text);
 * await requestId.run(7, async () => {
 *   await spawn(async () => log("from a task")); // 7 from a task
 * });
 * ```
 */
export class TaskLocal<T> implements ContextKey<T> {
  readonly #name: string | undefined;
  readonly #default: { readonly value: T } | undefined;

  constructor(options: TaskLocalOptions<T> = {}) {
    if (typeof options !== "object" || options === null) {
      throw wrongType("options", "an object", options);
    }
    this.#name = options.name;
    this.#default = "default" in options ? { value: options.default as T } : undefined;
  }

  /** The value here and now. @throws {MisuseError} where none was set, and there is no default. */
  get(): T {
    return this[valueIn](surroundings().locals);
  }

  /**
   * Runs `body` with the value `value`, now: it, all that it calls, and the tasks that are spawned there see it. What it gives comes as a
   * promise. In a generator task write `yield* runWith(local, value, body)`.
   *
   * Cancel-safe: as the body.
   *
   * @example
   * ```ts
   * const user = new TaskLocal<string>();
   * user.run("ada", () => console.log(user.get())); // ada
   * ```
   *
   * @throws {TypeError} at the call, if `body` is not a function.
   */
  run<R>(value: T, body: BlockBody<R>): Promise<Awaited<Outcome<R>>> {
    return unobserved(currentRegion(), runWith(this, value, body).then());
  }

  /** @internal */
  [valueIn](locals: Locals | undefined): T {
    if (locals?.has(this)) return locals.get(this) as T;
    if (this.#default !== undefined) return this.#default.value;
    throw new MisuseError(`${this.#name ?? "a task-local"} has no value here: run(value, body) gives it one`);
  }
}

/**
 * Runs `body` with a value for a task-local: what {@link TaskLocal.run} does, once it is awaited or, in a generator task, `yield*`-ed.
 *
 * Cancel-safe: as the body.
 *
 * @example
 * ```ts
 * const user = new TaskLocal<string>();
 * await spawn(function* () {
 *   yield* runWith(user, "ada", function* () {
 *     yield* sleep(1);
 *     console.log(user.get()); // ada
 *   });
 * });
 * ```
 *
 * @throws {TypeError} at the call, if `local` is no TaskLocal or `body` not a function.
 */
export function runWith<T, R>(local: TaskLocal<T>, value: NoInfer<T>, body: BlockBody<R>): Block<Outcome<R>> {
  if (!(local instanceof TaskLocal)) throw wrongType("local", "a TaskLocal", local);
  checkFunction("body", body);
  return new WithLocal<Outcome<R>>(local, value, body as () => unknown);
}

class WithLocal<T> extends FunctionBlock<T> {
  readonly #local: object;
  readonly #value: unknown;

  constructor(local: object, value: unknown, body: () => unknown) {
    super(body);
    this.#local = local;
    this.#value = value;
  }

  protected override open(outer: Region): TaskRegion {
    return TaskRegion.inside(outer, { locals: new Map(outer.locals).set(this.#local, this.#value) });
  }
}
