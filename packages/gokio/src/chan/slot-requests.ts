/**
 * What senders ask of an mpsc channel: a slot for a message, or for permits.
 *
 * @module
 */
import { ClosedError, checkCount, MAX_CAPACITY, SendError } from "../errors.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import type { Waiter } from "../kernel/waiter.ts";
import { Entry, type MpscCore, type Outlet } from "./mpsc-core.ts";
import { SendPermit } from "./permit.ts";

/** The sender that asks. */
interface Asking<T> {
  /** The channel. @throws {MisuseError} if the sender was disposed. */
  live(): Outlet<T>;
  readonly label: string;
}

export function offer<T>(core: Outlet<T>, value: T): boolean {
  if (core.isClosed) throw new SendError(core.label, value);
  if (!core.hasRoom) return false;
  core.put(value);
  return true;
}

export function hold<T>(core: Outlet<T>): SendPermit<T> | Pending {
  if (core.isClosed) throw new ClosedError(core.label);
  if (!core.hasRoom) return PENDING;
  core.reserved++;
  return new SendPermit(core);
}

export function holdMany<T>(core: Outlet<T>, count: number): SendPermit<T>[] | Pending {
  if (core.isClosed) throw new ClosedError(core.label);
  if (count !== 0 && !core.hasRoomFor(count)) return PENDING;
  core.reserved += count;
  return permits(core, count);
}

/** New permits, for slots that are reserved. */
function permits<T>(core: Outlet<T>, count: number): SendPermit<T>[] {
  const made: SendPermit<T>[] = [];
  for (let i = 0; i < count; i++) made.push(new SendPermit(core));
  return made;
}

export function checkSlots(core: Outlet<never>, count: number): void {
  checkCount("count", count, 0, Math.min(core.capacity, MAX_CAPACITY));
}

export class Send<T> extends Entry<void> {
  readonly sender: Asking<T>;
  readonly #value: T;

  constructor(sender: Asking<T>, value: T) {
    super();
    this.sender = sender;
    this.#value = value;
  }

  override try(): undefined | Pending {
    return offer(this.sender.live(), this.#value) ? undefined : PENDING;
  }

  override link(waiter: Waiter<void>): void {
    this.sender.live().enter(waiter, this);
  }

  override admit(waiter: Waiter<void>, core: MpscCore<unknown>): void {
    waiter.wake();
    core.putAdmitted(this.#value);
  }

  override refuse(waiter: Waiter<void>): void {
    waiter.fail(new SendError(this.sender.label, this.#value));
  }

  override describe(): string {
    return `send on ${this.sender.label}`;
  }
}

/** A request for permits. */
abstract class PermitRequest<T, R> extends Entry<R> {
  readonly sender: Asking<T>;

  constructor(sender: Asking<T>) {
    super();
    this.sender = sender;
  }

  override link(waiter: Waiter<R>): void {
    this.sender.live().enter(waiter, this);
  }

  override refuse(waiter: Waiter<R>): void {
    waiter.fail(new ClosedError(this.sender.label));
  }
}

export class Reserve<T> extends PermitRequest<T, SendPermit<T>> {
  override try(): SendPermit<T> | Pending {
    return hold(this.sender.live());
  }

  override admit(waiter: Waiter<SendPermit<T>>, core: MpscCore<unknown>): void {
    waiter.wake(new SendPermit(core as MpscCore<T>));
  }

  override describe(): string {
    return `reserve on ${this.sender.label}`;
  }
}

export class ReserveMany<T> extends PermitRequest<T, SendPermit<T>[]> {
  readonly #core: Outlet<T>;
  readonly #count: number;

  constructor(sender: Asking<T>, core: Outlet<T>, count: number) {
    super(sender);
    this.#core = core;
    this.#count = count;
  }

  override get slots(): number {
    return this.#count;
  }

  override try(): SendPermit<T>[] | Pending {
    return holdMany(this.sender.live(), this.#count);
  }

  /** There may be a slot for those behind, though there were too few for this. */
  override unlinked(): void {
    this.#core.serve();
  }

  override admit(waiter: Waiter<SendPermit<T>[]>, core: MpscCore<unknown>): void {
    waiter.wake(permits(core as MpscCore<T>, this.#count));
  }

  override describe(): string {
    return `reserveMany(${this.#count}) on ${this.sender.label}`;
  }
}
