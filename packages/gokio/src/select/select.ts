/**
 * Select: wait for several operations, and let exactly one happen.
 *
 * # Algorithm
 *
 * The cases are tried in a random order, each equally likely, and the first that is ready wins: so each ready case is as likely as any
 * other. If none is, all are linked as one race, in which the first to be settled unlinks the others in the same synchronous
 * step. A loser has taken nothing and given nothing away.
 *
 * @module
 */
import { checkOptions, MisuseError } from "../errors.ts";
import { type WaitOptions, withOptions } from "../kernel/abortable.ts";
import { currentScheduler } from "../kernel/current.ts";
import { Operation } from "../kernel/operation.ts";
import { RaceOperation } from "../kernel/race.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { type Case, type CaseValue, operationOf } from "./cases.ts";
import type { TaskCase } from "./task-case.ts";

type Cases = Readonly<Record<string, Case>>;

/** Which case won, and with what: a union that `switch (result.key)` takes apart. */
export type Selected<C extends Cases> = {
  [K in keyof C & string]: C[K] extends undefined
    ? never
    : { readonly key: K; readonly value: CaseValue<NonNullable<C[K]>> };
}[keyof C & string];

/** Makes a `task(body)` beside a default a type error. */
type WithoutTasks<C extends Cases> = {
  readonly [K in keyof C]: Extract<C[K], TaskCase<unknown>> extends never
    ? unknown
    : "a select with a default cannot start a task";
};

export interface SelectOptions extends WaitOptions {
  /** Try the cases in the order written, instead of a fair one. (Keys that are whole numbers come first, as in every object.) */
  readonly biased?: boolean;
}

/**
 * Waits until one of the cases can happen, and lets that one happen.
 *
 * A case is an operation, a JoinHandle or a promise; `undefined` is a case that is switched off. Without any, it waits to be cancelled. A
 * case that fails makes the select throw.
 *
 * Cancel-safe: a cancelled select has let no case happen.
 *
 * @example
 * ```ts
 * const jobs = chan<string>(1);
 * await jobs.send("build");
 * const won = await select({ job: recv(jobs), tick: sleep(1000) });
 * if (won.key === "job") console.log(won.value.toUpperCase()); // BUILD
 * ```
 *
 * @throws {TypeError} at the call, if a case is none of these.
 * @throws {MisuseError} at the call, if there is both a default and a `task(body)`.
 */
export function select<C extends Cases>(cases: C, options?: SelectOptions): Operation<Selected<C>>;
export function select<C extends Cases, D>(
  cases: C & WithoutTasks<C>,
  options: SelectOptions & { readonly default: D },
): Operation<Selected<C> | { readonly key: "default"; readonly value: D }>;
export function select(cases: Cases, options: AnyOptions = NO_OPTIONS): Operation<unknown> {
  checkOptions(cases, "cases");
  const keys: string[] = [];
  const ops: Operation<unknown>[] = [];
  // The engine reads the properties of a for…in by position; keys by name would be looked up one by one.
  for (const key in cases) {
    const value = cases[key];
    if (value === undefined) continue;
    keys.push(key);
    ops.push(value instanceof Operation ? value : operationOf(key, value));
  }
  return withOptions(new Select(keys, ops, checkOptions(options)), options);
}

type AnyOptions = SelectOptions & { readonly default?: unknown };
const NO_OPTIONS: AnyOptions = {};

interface Won {
  readonly key: string;
  readonly value: unknown;
}

/** Room for one order: a select within a select takes another. */
let spare: number[] = [];

class Select extends RaceOperation<Won> {
  readonly alternatives: readonly Operation<unknown>[];
  readonly #keys: readonly string[];
  readonly #biased: boolean | undefined;
  readonly #fallback: Won | Pending;

  constructor(keys: string[], ops: Operation<unknown>[], options: AnyOptions) {
    super();
    this.#keys = keys;
    this.alternatives = ops;
    this.#biased = options.biased;
    this.#fallback = "default" in options ? { key: "default", value: options.default } : PENDING;
    if (this.#fallback !== PENDING && this.startsWork)
      throw new MisuseError("a select with a default cannot start a task");
  }

  override won(index: number, value: unknown): Won {
    return { key: this.#keys[index] as string, value };
  }

  /** Tries the cases in a random order, made as it is needed (Fisher and Yates), or as they are written. */
  override try(): Won | Pending {
    const ops = this.alternatives;
    const { host } = currentScheduler();
    const order = spare;
    spare = [];
    for (let i = 0; i < ops.length; i++) order[i] = i;
    let won: Won | Pending = PENDING;
    for (let i = 0, left = ops.length; left > 0 && won === PENDING; i++, left--) {
      const pick = this.#biased || left === 1 ? i : i + (host.random(left, this) % left);
      const index = order[pick] as number;
      order[pick] = order[i] as number;
      const value = (ops[index] as Operation<unknown>).try();
      if (value !== PENDING) won = this.won(index, value);
    }
    spare = order;
    return won === PENDING ? this.#fallback : won;
  }

  override describe(): string {
    const cases = this.#keys.map((key, i) => `${key}: ${(this.alternatives[i] as Operation<unknown>).describe()}`);
    return `select of ${cases.join(", ") || "nothing"}`;
  }
}
