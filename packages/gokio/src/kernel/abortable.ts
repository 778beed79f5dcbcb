/**
 * The `signal` option: an operation raced against a cancellation.
 *
 * An AbortSignal becomes a source by listening to it, once for all waits that watch it and only while there are any, so
 * that a million waits on one long-lived signal leave no listener behind.
 *
 * @module
 */
import { wrongType } from "../errors.ts";
import {
  Cancellation,
  type CancelSource,
  cancelSource,
  type HasCancelSource,
  type Member,
  Members,
  tellMembers,
} from "./cancel-source.ts";
import { currentRegion } from "./current.ts";
import { derived } from "./derived.ts";
import { Operation } from "./operation.ts";
import { startIn } from "./promise-waiter.ts";
import { RaceOperation } from "./race.ts";
import { PENDING, type Pending } from "./step.ts";
import type { Waiter } from "./waiter.ts";

/** What can cancel a wait. */
export type Signal = AbortSignal | HasCancelSource;

/** The options of every wait. */
export interface WaitOptions {
  /**
   * Cancels the wait: it then throws `CancelledError`, even where the operation was ready, if the signal was aborted before.
   *
   * The platform's `AbortSignal.timeout(ms)` does not hold the process. Where it is all that could end the waits there are, Node ends first, and they
   * are reported as a deadlock. For a limit on a wait, take `timeout`, or a token with `cancelAfter`, which do hold it then.
   */
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
  throw wrongType("signal", "an AbortSignal, a CancellationToken or a Context", signal);
}

class Abortable<T> extends RaceOperation<T> {
  override readonly alternatives: readonly [CancelWatch, Operation<T>];

  constructor(op: Operation<T>, source: CancelSource) {
    super();
    this.alternatives = [new CancelWatch(source), op];
  }

  override won(_index: number, value: unknown): T {
    return value as T;
  }

  override describe(): string {
    return this.alternatives[1].describe();
  }
}

/** Fails once `source` is cancelled. */
class CancelWatch extends Operation<never> {
  readonly #source: CancelSource;

  constructor(source: CancelSource) {
    super();
    this.#source = source;
  }

  override try(): Pending {
    if (this.#source.cancellation !== undefined) throw this.#source.cancellation.error;
    return PENDING;
  }

  override link(waiter: Waiter<never>): void {
    waiter.slot = new Registration((cancellation) => waiter.fail(cancellation.error));
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
  readonly #told: (cancellation: Cancellation) => void;

  constructor(told: (cancellation: Cancellation) => void) {
    this.#told = told;
  }

  cancelled(cancellation: Cancellation): void {
    this.#told(cancellation);
  }
}

class AbortSignalSource extends Members {
  readonly #signal: AbortSignal;
  #cancellation: Cancellation | undefined;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  get cancellation(): Cancellation | undefined {
    if (this.#signal.aborted) this.#cancellation ??= new Cancellation(this.#signal.reason);
    return this.#cancellation;
  }

  override add(member: Member): void {
    if (this.first === undefined) this.#signal.addEventListener("abort", this.#onAbort);
    super.add(member);
  }

  override remove(member: Member): void {
    super.remove(member);
    if (this.first === undefined) this.#ignore();
  }

  #ignore(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#ignore();
    tellMembers(this, this.cancellation as Cancellation);
  };
}

const abortSignalSource = derived((signal: AbortSignal) => new AbortSignalSource(signal));
