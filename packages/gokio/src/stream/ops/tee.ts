/**
 * Several readers of one stream, each of whom sees every item: a fixed number of them, or as many as come.
 *
 * @module
 */
import { Branch } from "../branch.ts";
import { Hub } from "../hub.ts";
import type { Plan } from "../plan.ts";
import type { Stream } from "../stream.ts";

/** Deals every item to every branch. */
class TeeHub<T> extends Hub<T> {
  readonly #branches = new Set<TeeBranch<T>>();

  add(): TeeBranch<T> {
    const branch = new TeeBranch<T>(this, this.#branches);
    if (!this.isOver) this.#branches.add(branch);
    return branch.count();
  }

  get size(): number {
    return this.#branches.size;
  }

  protected override deal(item: T): void {
    for (const branch of this.#branches) branch.push(item);
  }
}

class TeeBranch<T> extends Branch<T> {
  readonly #siblings: Set<TeeBranch<T>>;

  constructor(hub: TeeHub<T>, siblings: Set<TeeBranch<T>>) {
    super(hub);
    this.#siblings = siblings;
  }

  override close(): PromiseLike<unknown> | undefined {
    this.#siblings.delete(this);
    return super.close();
  }
}

/** The plans of `count` streams, each of which has all the items. */
export function teed<T>(plan: Plan, count: number, buffer: number): Plan[] {
  const hub = new TeeHub<T>(plan, buffer);
  return Array.from({ length: count }, () => hub.add().plan);
}

/**
 * A stream that anybody can subscribe to: what {@link Stream.share} makes.
 *
 * Upstream is started by the first item that a subscriber asks for, and closed when the last subscriber has left; then it is over.
 */
export class Shared<T> {
  readonly #hub: TeeHub<T>;
  readonly #make: (plan: Plan) => Stream<T>;

  /** @internal */
  constructor(plan: Plan, buffer: number, make: (plan: Plan) => Stream<T>) {
    this.#hub = new TeeHub<T>(plan, buffer);
    this.#make = make;
  }

  /**
   * A stream of all items from now on. It holds the others back when it is not read, `buffer` items later, until it is closed. After the end of upstream it
   * ends at once; it fails if upstream did.
   *
   * @example
   * ```ts
   * const ticks = Stream.range(0).share();
   * const early = ticks.subscribe();
   * console.log(await early.recv(), await early.recv()); // 0 1
   * const late = ticks.subscribe();
   * console.log(await early.recv(), await late.recv()); // 2 2
   * await early.close();
   * await late.close(); // closes upstream
   * ```
   */
  subscribe(): Stream<T> {
    return this.#make(this.#hub.add().plan);
  }

  /** How many subscribers there are that have not left. */
  get subscribers(): number {
    return this.#hub.size;
  }
}
