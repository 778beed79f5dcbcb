/**
 * What the ends of a watch share: the value, and who waits for another one.
 *
 * # Algorithm
 *
 * Every value has a version, one higher than that of the value before. A receiver's view remembers the version it has seen last; any other is
 * a change. Only the latest value is kept, so a slow receiver skips what lies between, and nobody goes back.
 *
 * A new value wakes all who wait for a change, with that value. Those who wait until a predicate accepts stay linked: the predicate is
 * user code, which must not run in the sender's frame, so each gets a check put on its run queue (`wait-for.ts`).
 *
 * 1. Versions only grow.
 * 2. Receives are parked on a view only while it has seen the current version.
 * 3. `parked` holds every view that somebody is parked on; others leave it with the next value.
 *
 * @module
 */
import { ClosedError } from "../errors.ts";
import type { Job } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList, waitersOf } from "../kernel/wait-list.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { wakeAll } from "../kernel/wake-all.ts";
import type { Closing } from "./closed.ts";
import { give, giveUpAll, type Inlet } from "./ends.ts";

/** What is done, from the run queue, for one who waits until a predicate accepts. */
export interface Check extends Job {
  /** There is something new to look at. */
  queue(): void;
  /** The view is gone. */
  fail(error: ClosedError): void;
}

/** The version of no value. */
export const NOTHING = -1;

/** A value that was shown to a predicate. */
export interface Shown<T> {
  readonly value: T;
  readonly version: number;
}

export class WatchState<T> implements Closing {
  value: T;
  version = 0;
  /** How many senders have not been disposed. */
  senders = 0;
  /** A function that modifies the value is being called, by one of them. */
  isModifying = false;
  readonly views = new Set<View<T>>();
  readonly parked = new Set<View<T>>();
  readonly watchers = new WaitList<void>();
  readonly #name: string;

  constructor(value: T, name: string | undefined) {
    this.value = value;
    this.#name = name === undefined ? "watch" : `watch(${JSON.stringify(name)})`;
  }

  /** No other value will come. */
  get hasEnded(): boolean {
    return this.senders === 0;
  }

  /** Whether there is no receiver. One can still be made. */
  get isClosed(): boolean {
    return this.views.size === 0;
  }

  set(value: T): void {
    this.value = value;
    this.version++;
    for (const view of this.parked) view.changed();
  }

  senderGone(): void {
    this.senders--;
    if (this.hasEnded) for (const view of this.parked) view.ended();
  }

  look(seen: number): View<T> {
    const view = new View(this, seen);
    this.views.add(view);
    return view;
  }

  get label(): string {
    return this.#name;
  }
}

/** What one receiver has seen, and who waits there. */
export class View<T> implements Inlet<T> {
  readonly state: WatchState<T>;
  readonly receivers = new WaitList();
  /** Who waits until a predicate accepts; the slot of each is its {@link Check}. */
  readonly checks = new WaitList();
  seen: number;
  isGone = false;

  constructor(state: WatchState<T>, seen: number) {
    this.state = state;
    this.seen = seen;
  }

  get hasChanged(): boolean {
    return this.seen !== this.state.version;
  }

  /** The value, which is seen now. */
  see(): T {
    this.seen = this.state.version;
    return this.state.value;
  }

  /** The value, which is not seen yet: see {@link saw}. */
  show(): Shown<T> {
    const { value, version } = this.state;
    return { value, version };
  }

  /** Marks what was shown as seen, unless a later one is already. */
  saw({ value, version }: Shown<T>): T {
    this.seen = Math.max(this.seen, version);
    return value;
  }

  /** Takes the value as not seen, so that whoever waits for such a one need wait no longer. */
  forget(): void {
    if (this.receivers.head === undefined) this.seen = NOTHING;
    else this.#giveAll(this.see());
  }

  /** The value, if it is not seen yet. */
  take(): T | Pending {
    if (this.isGone) throw new ClosedError(this.label);
    if (this.hasChanged) return this.see();
    if (this.state.hasEnded) throw new ClosedError(this.label);
    this.state.parked.add(this);
    return PENDING;
  }

  /** Adds `waiter`, whose slot is its check. */
  addCheck(waiter: Waiter): void {
    this.checks.push(waiter);
    this.state.parked.add(this);
  }

  changed(): void {
    if (this.receivers.head !== undefined) this.#giveAll(this.see());
    if (this.checks.head === undefined) this.state.parked.delete(this);
    else this.#queueChecks();
  }

  #giveAll(value: T): void {
    for (let waiter = this.receivers.shift(); waiter !== undefined; waiter = this.receivers.shift())
      give(waiter, value);
  }

  #queueChecks(): void {
    for (const waiter of waitersOf(this.checks)) (waiter.slot as Check).queue();
  }

  ended(): void {
    giveUpAll(this.receivers, new ClosedError(this.label));
    this.#queueChecks();
  }

  leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    const { state } = this;
    state.views.delete(this);
    state.parked.delete(this);
    const error = new ClosedError(this.label);
    giveUpAll(this.receivers, error);
    for (let waiter = this.checks.head; waiter !== undefined; waiter = this.checks.head)
      (waiter.slot as Check).fail(error);
    if (state.isClosed) wakeAll(state.watchers, undefined);
  }

  get label(): string {
    return this.isGone ? `the receiver of ${this.state.label}` : this.state.label;
  }
}
