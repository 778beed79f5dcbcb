/**
 * The order in which a select tries its cases, as one decision: which case comes first.
 *
 * A case that is not ready leaves everything as it was, so all that matters is which ready case is come to first. Whoever starts at
 * case k goes on with those behind it, and then with those before. What each case answered is noted by standing in front of its
 * `try`: so a strategy that tries everything knows which of the other beginnings would have come out the same.
 *
 * @module
 */
import type { Operation } from "../../kernel/operation.ts";
import { PENDING, type Pending } from "../../kernel/step.ts";
import { NONE_READY } from "./decision.ts";

/** What a select shows of itself to the dice. */
export interface Selecting {
  readonly alternatives: readonly Operation<unknown>[];
}

export class SelectOrder {
  readonly #first: number;
  /** As the select has it: Fisher and Yates. */
  readonly #order: number[];
  #tried = 0;

  constructor(count: number, first: number) {
    this.#first = first;
    this.#order = Array.from({ length: count }, (_, index) => index);
  }

  /** How far behind the next place in the order the case is that is to be tried now. */
  next(): number {
    const order = this.#order;
    const at = this.#tried++;
    const place = order.indexOf((this.#first + at) % order.length, at);
    order[place] = order[at] as number;
    return place - at;
  }
}

/** Tells which case of a select is ready, or {@link NONE_READY}, while it tries them. */
export function noteOutcome({ alternatives }: Selecting, tell: (won: number) => void): void {
  // One that occurs twice, or is not to be changed: then nobody knows, and every beginning is tried.
  if (new Set(alternatives).size < alternatives.length || alternatives.some(isFixed)) return;
  let pending = 0;
  const stop = (): void => {
    for (const op of alternatives) Reflect.deleteProperty(op, "try");
  };
  alternatives.forEach((op, index) => {
    const original = op.try;
    const noting = (): unknown | Pending => {
      let value: unknown;
      try {
        value = original.call(op);
      } finally {
        if (value !== PENDING) {
          stop();
          tell(index);
        } else if (++pending === alternatives.length) {
          stop();
          tell(NONE_READY);
        }
      }
      return value;
    };
    Object.defineProperty(op, "try", { value: noting, configurable: true, writable: true });
  });
}

function isFixed(op: Operation<unknown>): boolean {
  return Object.hasOwn(op, "try") || !Object.isExtensible(op);
}
