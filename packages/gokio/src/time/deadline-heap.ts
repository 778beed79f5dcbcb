/**
 * A heap of things with a deadline, earliest first, from which any can be taken.
 *
 * A binary heap in an array: the children of `i` are at `2i + 1` and `2i + 2`. Every item knows its place, so that removing one or
 * changing its deadline costs O(log n), and nothing has to be searched or swept.
 *
 * 1. No item comes before its parent; of equal deadlines the one that was set first comes first.
 * 2. `item.place` is its index, or -1 if it is in no heap.
 *
 * @module
 */
export interface Dated {
  deadline: number;
  /** Tells equal deadlines apart: the order they were set in. */
  order: number;
  place: number;
}

export class DeadlineHeap<D extends Dated> {
  #items: D[] = [];
  #orders = 0;

  get size(): number {
    return this.#items.length;
  }

  get first(): D | undefined {
    return this.#items[0];
  }

  add(item: D, deadline: number): void {
    item.deadline = deadline;
    item.order = ++this.#orders;
    this.#rise(item, this.#items.length);
  }

  remove(item: D): void {
    const { place } = item;
    item.place = -1;
    const last = this.#items.pop() as D;
    if (last === item) return;
    // The last takes the empty place, from where it belongs further up or further down.
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  clear(): D[] {
    const items = this.#items;
    for (const item of items) item.place = -1;
    this.#items = [];
    return items;
  }

  #rise(item: D, from: number): void {
    const items = this.#items;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above] as D;
      if (!isBefore(item, parent)) break;
      items[place] = parent;
      parent.place = place;
      place = above;
    }
    items[place] = item;
    item.place = place;
  }

  #sink(item: D, from: number): void {
    const items = this.#items;
    let place = from;
    for (let below = 2 * place + 1; below < items.length; below = 2 * place + 1) {
      let child = items[below] as D;
      const sibling = items[below + 1];
      if (sibling !== undefined && isBefore(sibling, child)) {
        child = sibling;
        below++;
      }
      if (!isBefore(child, item)) break;
      items[place] = child;
      child.place = place;
      place = below;
    }
    items[place] = item;
    item.place = place;
  }
}

function isBefore(a: Dated, b: Dated): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order);
}
