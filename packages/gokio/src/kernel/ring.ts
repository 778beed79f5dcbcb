/**
 * A growing ring buffer: a first-in, first-out queue without an allocation per item.
 *
 * The length of `#items` is a power of two, so that an index wraps with a mask. It starts empty, doubles when full, and is
 * given back once a ring that had grown past {@link KEEP} runs empty: a burst does not cost memory for ever.
 *
 * Invariant: a slot outside [head, head + length) holds `undefined`, so that a queue never keeps a taken item alive.
 *
 * @module
 */
const FIRST = 4;
const KEEP = 16_384;

const NONE: never[] = [];

export class Ring<T> {
  // Shared until the first push: most mailboxes of a large program are empty.
  #items: (T | undefined)[] = NONE;
  #mask = -1;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length > this.#mask) this.#grow();
    this.#items[(this.#head + this.#length) & this.#mask] = item;
    this.#length++;
  }

  /** Removes and returns the oldest item. Only for a ring that is not empty: items may themselves be `undefined`. */
  shift(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    if (--this.#length === 0 && this.#mask >= KEEP) this.clear();
    return item;
  }

  /** The item `index` places behind the oldest. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#items[(this.#head + index) & this.#mask] : undefined;
  }

  clear(): void {
    this.#items = NONE;
    this.#mask = -1;
    this.#head = 0;
    this.#length = 0;
  }

  #grow(): void {
    const bigger: (T | undefined)[] = [];
    const size = Math.max(FIRST, (this.#mask + 1) * 2);
    for (let i = 0; i < size; i++)
      bigger.push(i < this.#length ? this.#items[(this.#head + i) & this.#mask] : undefined);
    this.#items = bigger;
    this.#mask = size - 1;
    this.#head = 0;
  }
}
