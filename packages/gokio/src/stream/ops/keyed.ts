/**
 * An item, and what a function of the user's said about it.
 *
 * @module
 */
import type { Signal } from "../line.ts";
import { type Plan, stage } from "../plan.ts";
import { type Asked, FunctionStage } from "./function-stage.ts";

export interface Keyed<K, T> {
  readonly key: K;
  readonly item: T;
}

class KeyedStage<T, K> extends FunctionStage<T, Keyed<K, T>, K> {
  protected override answered(item: T, key: K): Signal {
    return this.down.push({ key, item });
  }
}

/** `plan`, with the key of each item. */
export function keyed<T, K>(plan: Plan, key: Asked<T, K>): Plan {
  return { ...plan, stages: [...plan.stages, stage(KeyedStage, key as never)] };
}
