/**
 * A queue whose head is served at a time: what intervals, delay queues and rate limiters wait on.
 *
 * Only the head waits for time to pass, so there is one timer, however many wait and whatever they wait for; and none while nobody does.
 * Who comes when others wait queues behind them, even if it could be served.
 *
 * 1. Between calls, nobody waits, or the head's time has not come, or the alarm has rung and its job is due.
 * 2. An alarm is set exactly while somebody waits whose time will come. It holds the process if one of them does.
 *
 * @module
 */
import { Alarm } from "./alarm.ts";
import { Operation } from "./operation.ts";
import type { Scheduler } from "./scheduler.ts";
import { PENDING, type Pending } from "./step.ts";
import { WaitList } from "./wait-list.ts";
import type { Waiter } from "./waiter.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** A request of a {@link TimedQueue}. The queue finds it in the waiter's `slot`: its `op` may be one that delegates to this. */
export abstract class TimedRequest<T> extends Operation<T> {
  protected abstract readonly queue: TimedQueue<T>;

  override try(): T | Pending {
    return this.queue.take(this);
  }

  override link(waiter: Waiter<T>): void {
    waiter.slot = this;
    this.queue.link(waiter);
  }

  override unlink(waiter: Waiter<T>): void {
    this.queue.unlink(waiter);
  }

  override unlinked(): void {
    this.queue.update();
  }
}

export abstract class TimedQueue<T> {
  readonly scheduler: Scheduler;
  readonly waiters = new WaitList<T>();
  #alarm: Alarm | undefined = undefined;
  #alarmAt = NEVER;
  /** How many wait that keep the process alive. */
  #holding = 0;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  /** The time at which `request` could be served, if it is the next; `Infinity` if it cannot be told. */
  protected abstract dueAt(request: TimedRequest<T>): number;
  /** Serves `request`: its time has come. It may have come a while ago: `due`, for one that waited. */
  protected abstract serve(request: TimedRequest<T>, now: number, due: number): T;

  take(request: TimedRequest<T>): T | Pending {
    if (this.waiters.head !== undefined) return PENDING;
    const now = this.scheduler.host.now();
    return this.dueAt(request) <= now ? this.serve(request, now, now) : PENDING;
  }

  link(waiter: Waiter<T>): void {
    this.waiters.push(waiter);
    if (!waiter.daemon) this.#holding++;
    this.#arm();
  }

  /** To be followed by {@link update}. */
  unlink(waiter: Waiter<T>): void {
    if (waiter.list === (this.waiters as WaitList<unknown>)) this.#remove(waiter);
  }

  /** Ends the wait of everybody. */
  failAll(error: unknown): void {
    for (let head = this.waiters.head; head !== undefined; head = this.waiters.head) {
      this.#remove(head);
      head.fail(error);
    }
    this.#arm();
  }

  /** Serves whose time has come: to be called when the head may have changed, or its time. */
  update(now = this.scheduler.host.now()): void {
    for (let head = this.waiters.head; head !== undefined; head = this.waiters.head) {
      const request = head.slot as TimedRequest<T>;
      const due = this.dueAt(request);
      if (due > now) break;
      this.#remove(head);
      head.wake(this.serve(request, now, due));
    }
    this.#arm();
  }

  #remove(waiter: Waiter<T>): void {
    this.waiters.remove(waiter);
    if (!waiter.daemon) this.#holding--;
  }

  #arm(): void {
    const { head } = this.waiters;
    const at = head === undefined ? NEVER : this.dueAt(head.slot as TimedRequest<T>);
    const daemon = this.#holding === 0;
    if (at === this.#alarmAt && (this.#alarm === undefined || this.#alarm.daemon === daemon)) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#alarmAt = at;
    if (at === NEVER) return;
    const alarm = new Alarm(this.scheduler, at, daemon, () => this.#rang(alarm));
    this.#alarm = alarm;
  }

  #rang(alarm: Alarm): void {
    // One that was replaced between its ringing and its job has nothing to say.
    if (alarm !== this.#alarm) return;
    const at = this.#alarmAt;
    this.#alarm = undefined;
    this.#alarmAt = NEVER;
    // By the alarm it is `at`, though the sums that led there were rounded.
    this.update(Math.max(at, this.scheduler.host.now()));
  }
}
