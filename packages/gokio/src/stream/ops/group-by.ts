/**
 * A stream of streams, one for each key.
 *
 * # Algorithm
 *
 * The groups are branches of a hub, and so is the stream of them. The first item of a key makes a group, which waits there to be taken; the others go to
 * their group. Groups that nobody has taken, or nobody reads, hold the rest back as branches do.
 *
 * 1. Upstream is held open by the stream of groups, and by each group from its first pull on.
 * 2. When the stream of groups is left, those go on that have been pulled. The others get no more: they may have been dropped, which nothing
 *    tells. Who reads one after all gets an error, for its end would be a lie.
 * 3. Of a key whose group was left, only the key is kept.
 *
 * @module
 */
import { MisuseError } from "../../errors.ts";
import { Branch } from "../branch.ts";
import { Hub } from "../hub.ts";
import type { Plan } from "../plan.ts";
import type { Asked } from "./function-stage.ts";
import { type Keyed, keyed } from "./keyed.ts";

class GroupHub<T, K, S> extends Hub<Keyed<K, T>> {
  readonly groups = new Groups<T, K, S>(this).count();
  /** The branch of each key; `undefined` once it was left. */
  readonly branches = new Map<K, GroupBranch<T, K, S> | undefined>();
  /** Those that nobody has pulled. */
  readonly unread = new Set<GroupBranch<T, K, S>>();
  readonly #make: (plan: Plan) => S;

  constructor(plan: Plan, buffer: number, make: (plan: Plan) => S) {
    super(plan, buffer);
    this.#make = make;
  }

  protected override deal({ key, item }: Keyed<K, T>): void {
    if (!this.branches.has(key)) this.#open(key);
    this.branches.get(key)?.push(item);
  }

  #open(key: K): void {
    if (this.groups.isClosed) return;
    const branch = new GroupBranch<T, K, S>(this, key);
    this.branches.set(key, branch);
    this.unread.add(branch);
    this.groups.push([key, this.#make(branch.plan)]);
  }
}

/** The stream of groups. */
class Groups<T, K, S> extends Branch<readonly [K, S]> {
  readonly #hub: GroupHub<T, K, S>;

  constructor(hub: GroupHub<T, K, S>) {
    super(hub);
    this.#hub = hub;
  }

  override close(): PromiseLike<unknown> | undefined {
    // After the end of upstream every group has all its items.
    if (!this.#hub.isOver) this.#cutUnread();
    return super.close();
  }

  #cutUnread(): void {
    const error = new MisuseError("the stream of groups was left before this group was read: read groups as they come");
    for (const branch of this.#hub.unread) branch.cut(error);
    this.#hub.unread.clear();
  }
}

class GroupBranch<T, K, S> extends Branch<T> {
  readonly #hub: GroupHub<T, K, S>;
  readonly #key: K;

  constructor(hub: GroupHub<T, K, S>, key: K) {
    super(hub);
    this.#hub = hub;
    this.#key = key;
  }

  override count(): this {
    this.#hub.unread.delete(this);
    return super.count();
  }

  override close(): PromiseLike<unknown> | undefined {
    this.#hub.branches.set(this.#key, undefined);
    return super.close();
  }
}

/** The plan of the stream of groups, which are made by `make`. */
export function grouped<T, K>(plan: Plan, key: Asked<T, K>, buffer: number, make: (plan: Plan) => unknown): Plan {
  return new GroupHub<T, K, unknown>(keyed(plan, key), buffer, make).groups.plan;
}
