/**
 * One stream in two: the items of which a predicate is true, and the others.
 *
 * @module
 */
import { Branch } from "../branch.ts";
import { Hub } from "../hub.ts";
import type { Plan } from "../plan.ts";
import type { Asked } from "./function-stage.ts";
import { type Keyed, keyed } from "./keyed.ts";

class PartitionHub<T> extends Hub<Keyed<unknown, T>> {
  readonly matching = new Branch<T>(this).count();
  readonly others = new Branch<T>(this).count();

  protected override deal({ key, item }: Keyed<unknown, T>): void {
    if (key) this.matching.push(item);
    else this.others.push(item);
  }
}

/** The plans of the two. */
export function partitioned<T>(plan: Plan, predicate: Asked<T, unknown>, buffer: number): [Plan, Plan] {
  const { matching, others } = new PartitionHub<T>(keyed(plan, predicate), buffer);
  return [matching.plan, others.plan];
}
