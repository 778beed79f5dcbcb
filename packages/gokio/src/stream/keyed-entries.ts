/**
 * Streams by key, and how they are pulled as one.
 *
 * # Algorithm
 *
 * Whoever pulls is answered by the stream whose turn it is, or by the next that has an item at hand. If none has one, every stream is asked at
 * once: each has an entry, which is itself the waiter that is linked to its stream.
 *
 *     stream a ──▶ entry a ──┐
 *     stream b ──▶ entry b ──┼──▶ receivers, oldest first
 *     stream c ──▶ entry c ──┘
 *
 * 1. Entries are linked only while there are receivers. So nothing is pulled that nobody asked for, and an item that comes has somebody to go to; one
 *    that was on its way when another was faster stays in its stream.
 * 2. The turn goes on after the stream that was served. Where it is that of a stream which has to be waited for, all are asked: one that
 *    always has an item at hand cannot keep the others from working.
 * 3. Receivers wait only while there are streams.
 *
 * @module
 */
import { END, give, giveUpAll } from "../chan/ends.ts";
import { ClosedError } from "../errors.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { PENDING, type Pending } from "../kernel/step.ts";
import { WaitList } from "../kernel/wait-list.ts";
import { Waiter } from "../kernel/waiter.ts";
import type { PullInlet } from "./pulls.ts";
import type { Upstream } from "./upstream.ts";

type Pair<K, T> = [key: K, item: T];
type Item<T> = IteratorResult<T, undefined>;

/** One stream of a map. */
export class Entry<K, T> extends Waiter<Item<T>> {
  readonly #core: Core<K, T>;
  readonly key: K;
  readonly upstream: Upstream<T>;

  constructor(core: Core<K, T>, key: K, upstream: Upstream<T>) {
    super();
    this.#core = core;
    this.key = key;
    this.upstream = upstream;
  }

  get isLinked(): boolean {
    return this.op !== undefined;
  }

  link(): void {
    if (this.isLinked) return;
    this.op = this.upstream.next;
    this.op.link(this);
  }

  unlink(): void {
    if (!this.isLinked) return;
    this.op = undefined;
    this.upstream.next.unlink(this);
    this.slot = undefined;
  }

  override wake(item: Item<T>): void {
    this.op = undefined;
    this.slot = undefined;
    this.#core.arrived(this, item);
  }

  override fail(error: unknown): void {
    this.op = undefined;
    this.slot = undefined;
    this.#core.failed(this, error);
  }

  override get scheduler(): Scheduler {
    return (this.#core.receivers.head as Waiter).scheduler;
  }

  override get daemon(): boolean {
    return this.#core.isDaemon;
  }
}

/** All streams of a map, and who waits for an item of any of them. */
export class Core<K, T> implements PullInlet<Pair<K, T>> {
  readonly receivers = new WaitList();
  readonly #byKey = new Map<K, Entry<K, T>>();
  /** In the order of their turns. */
  readonly #entries: Entry<K, T>[] = [];
  /** Whose turn it is. */
  #turn = 0;

  get size(): number {
    return this.#entries.length;
  }

  keys(): IterableIterator<K> {
    return this.#byKey.keys();
  }

  entry(key: K): Entry<K, T> | undefined {
    return this.#byKey.get(key);
  }

  get isDaemon(): boolean {
    for (let each = this.receivers.head; each !== undefined; each = each.next) if (!each.daemon) return false;
    return true;
  }

  // ── the streams ──

  add(entry: Entry<K, T>): void {
    this.#byKey.set(entry.key, entry);
    this.#entries.push(entry);
    if (this.receivers.head !== undefined) entry.link();
  }

  takeOut(entry: Entry<K, T>): void {
    entry.unlink();
    const index = this.#entries.indexOf(entry);
    this.#byKey.delete(entry.key);
    this.#entries.splice(index, 1);
    if (index < this.#turn) this.#turn--;
    if (this.#turn >= this.#entries.length) this.#turn = 0;
  }

  /** Takes `entry` out; whoever waits is told, if it was the last. */
  drop(entry: Entry<K, T>): void {
    this.takeOut(entry);
    this.#endIfEmpty();
  }

  clear(): Entry<K, T>[] {
    const all = [...this.#entries];
    for (const entry of all) this.takeOut(entry);
    this.#endIfEmpty();
    return all;
  }

  #endIfEmpty(): void {
    if (this.size === 0 && this.receivers.head !== undefined) giveUpAll(this.receivers, new ClosedError(this.label));
  }

  // ── pulling ──

  /** Has the stream whose turn it is get an item, if that goes without waiting. Called where code of the user's may run. */
  fill(): void {
    for (let left = this.size; left > 0; left--) {
      const entry = this.#entries[this.#turn];
      if (entry === undefined || entry.isLinked) return;
      const { run } = entry.upstream;
      run.fill();
      // One that has ended passes its turn on. It may have been taken out by code of its own.
      if (!run.isOver || run.failure !== undefined || this.#byKey.get(entry.key) !== entry) return;
      this.takeOut(entry);
    }
  }

  /** The next item, if one is at hand. @throws what a stream has failed with. */
  pull(): Item<Pair<K, T>> | Pending {
    let at = this.#turn;
    for (let left = this.size; left > 0; left--) {
      const entry = this.#entries[at] as Entry<K, T>;
      const item = this.#tryEntry(entry);
      if (item === PENDING) at = (at + 1) % this.size;
      else if (item.done === true) {
        this.takeOut(entry);
        if (at >= this.size) at = 0;
      } else {
        this.#turn = (at + 1) % this.size;
        return { done: false, value: [entry.key, item.value] };
      }
    }
    return this.size === 0 ? END : PENDING;
  }

  #tryEntry(entry: Entry<K, T>): Item<T> | Pending {
    try {
      return entry.isLinked ? PENDING : entry.upstream.next.try();
    } catch (error) {
      this.takeOut(entry);
      throw error;
    }
  }

  take(): Pair<K, T> | Pending {
    const item = this.pull();
    if (item === PENDING) return PENDING;
    if (item.done === true) throw new ClosedError(this.label);
    return item.value;
  }

  /** A receiver was linked. */
  wanted(): void {
    const { size } = this;
    for (let i = 0; i < size; i++) (this.#entries[(this.#turn + i) % size] as Entry<K, T>).link();
  }

  /** A receiver has gone. */
  unwanted(): void {
    if (this.receivers.head === undefined) for (const entry of this.#entries) entry.unlink();
  }

  // ── the streams' side ──

  arrived(entry: Entry<K, T>, item: Item<T>): void {
    if (item.done === true) {
      this.drop(entry);
      return;
    }
    this.#turn = (this.#entries.indexOf(entry) + 1) % this.size;
    const receiver = this.receivers.shift() as Waiter;
    if (this.receivers.head === undefined) this.unwanted();
    else entry.link();
    give(receiver, [entry.key, item.value] satisfies Pair<K, T>);
  }

  failed(entry: Entry<K, T>, error: unknown): void {
    this.takeOut(entry);
    const receiver = this.receivers.shift() as Waiter;
    this.unwanted();
    this.#endIfEmpty();
    receiver.fail(error);
  }

  get label(): string {
    return `StreamMap(${this.size})`;
  }
}
