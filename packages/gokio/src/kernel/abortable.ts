/**
 * The `signal` option: an operation raced against a cancellation.
 *
 * An AbortSignal becomes a source by listening to it, once for all waits that watch it and only while there are any, so
 * that a million waits on one long-lived signal leave no listener behind.
 *
 * @module
 */
import { CancelledError, show } from "../errors.ts";
import {
  addMember,
  type CancelSource,
  cancelSource,
  type HasCancelSource,
  type Member,
  type MemberList,
  removeMember,
} from "./cancel-source.ts";
import { currentRegion } from "./current.ts";
import { Operation } from "./operation.ts";
import { startIn } from "./promise-waiter.ts";
import { RaceOperation } from "./race.ts";
import { PENDING, type Pending } from "./step.ts";
import { servingLast, type Waiter } from "./waiter.ts";

/** What can cancel a wait. */
export type Signal = AbortSignal | HasCancelSource;

/** The options of every wait. */
export interface WaitOptions {
  /** Cancels the wait: it then throws `CancelledError`, even where the operation was ready, if the signal was aborted before. */
  readonly signal?: Signal | undefined;
}

/** `op`, unless `signal` comes first. */
export function withSignal<T>(op: Operation<T>, signal: Signal): Operation<T> {
  return new Abortable(op, sourceOf(signal));
}

/** `op` itself, or raced against the signal if the options have one. */
export function withOptions<T>(op: Operation<T>, options: WaitOptions | undefined): Operation<T> {
  return options?.signal === undefined ? op : withSignal(op, options.signal);
}

/** Starts `op` now, in the region of the caller: what every eager method does. */
export function start<T>(op: Operation<T>, options?: WaitOptions): Promise<Awaited<T>> {
  return startIn(currentRegion(), withOptions(op, options));
}

/** @throws {TypeError} if `signal` is nothing that can cancel. */
export function sourceOf(signal: Signal): CancelSource {
  if (typeof signal === "object" && signal !== null) {
    if (cancelSource in signal) return signal[cancelSource];
    if (typeof signal.addEventListener === "function" && "aborted" in signal) return abortSignalSource(signal);
  }
  throw new TypeError(`signal must be an AbortSignal, a CancellationToken or a Context, not ${show(signal)}`);
}

class Abortable<T> extends RaceOperation<T> {
  override readonly alternatives: readonly [Cancellation, Operation<T>];

  constructor(op: Operation<T>, source: CancelSource) {
    super();
    this.alternatives = [new Cancellation(source), op];
  }

  override won(_index: number, value: unknown): T {
    return value as T;
  }

  override describe(): string {
    return this.alternatives[1].describe();
  }
}

/** Fails once `source` is cancelled. */
class Cancellation extends Operation<never> {
  readonly #source: CancelSource;

  constructor(source: CancelSource) {
    super();
    this.#source = source;
  }

  override try(): Pending {
    if (this.#source.error !== undefined) throw this.#source.error;
    return PENDING;
  }

  override link(waiter: Waiter<never>): void {
    waiter.slot = new Registration((error) => waiter.fail(error));
    this.#source.add(waiter.slot as Registration);
  }

  override unlink(waiter: Waiter<never>): void {
    this.#source.remove(waiter.slot as Registration);
  }

  override describe(): string {
    return "cancellation";
  }
}

/** A member that does what it is told; `told` must not run user code. */
export class Registration implements Member {
  source: CancelSource | undefined = undefined;
  older: Member | undefined = undefined;
  newer: Member | undefined = undefined;
  readonly #told: (error: CancelledError) => void;

  constructor(told: (error: CancelledError) => void) {
    this.#told = told;
  }

  cancelled(error: CancelledError): void {
    this.#told(error);
  }
}

/** The error for a signal's reason: a signal of this library's carries it already. */
function asCancelled(reason: unknown): CancelledError {
  return reason instanceof CancelledError ? reason : new CancelledError(reason);
}

const sources = new WeakMap<AbortSignal, AbortSignalSource>();

function abortSignalSource(signal: AbortSignal): AbortSignalSource {
  let source = sources.get(signal);
  if (source === undefined) {
    source = new AbortSignalSource(signal);
    sources.set(signal, source);
  }
  return source;
}

class AbortSignalSource implements CancelSource, MemberList {
  // The entry of a WeakMap may hold its key: the pair is collected together.
  readonly #signal: AbortSignal;
  first: Member | undefined = undefined;
  #error: CancelledError | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get error(): CancelledError | undefined {
    if (this.#signal.aborted) this.#error ??= asCancelled(this.#signal.reason);
    return this.#error;
  }

  add(member: Member): void {
    if (this.first === undefined) this.#signal.addEventListener("abort", this.#onAbort);
    addMember(this, member, this);
  }

  remove(member: Member): void {
    if (member.source !== this) return;
    removeMember(this, member);
    if (this.first === undefined) this.#signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const error = this.error as CancelledError;
    servingLast(() => {
      for (let member = this.first; member !== undefined; member = this.first) {
        this.remove(member);
        member.cancelled(error);
      }
    });
  };
}
