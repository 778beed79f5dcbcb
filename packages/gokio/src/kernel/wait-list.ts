/**
 * The waiters of one resource, in order of arrival, linked through the waiters themselves.
 *
 *     head ─▶ waiter ─▶ waiter ─▶ waiter ◀─ tail       push at the tail, serve at the head,
 *               ◀─        ◀─                            remove anywhere: O(1) each, no allocation
 *
 * 1. A waiter is on at most one list, and `waiter.list` names it.
 * 2. A linked waiter is a live waiter: whoever settles one takes it off first. So the head can always be served, and nothing
 *    has to be swept.
 *
 * @module
 */
import type { Waiter } from "./waiter.ts";

export class WaitList<T = unknown> {
  head: Waiter<T> | undefined = undefined;
  tail: Waiter<T> | undefined = undefined;
  size = 0;

  push(waiter: Waiter<T>): void {
    const tail = this.tail;
    waiter.list = this as WaitList<unknown>;
    waiter.previous = tail as Waiter | undefined;
    if (tail === undefined) this.head = waiter;
    else tail.next = waiter as Waiter;
    this.tail = waiter;
    this.size++;
  }

  /** Takes the head off. */
  shift(): Waiter<T> | undefined {
    const head = this.head;
    if (head === undefined) return undefined;
    const next = head.next;
    this.head = next as Waiter<T> | undefined;
    if (next === undefined) this.tail = undefined;
    else next.previous = undefined;
    head.list = head.next = undefined;
    this.size--;
    return head;
  }

  /** Takes `waiter` off; does nothing if it is not on this list. */
  remove(waiter: Waiter<T>): void {
    if (waiter.list !== (this as WaitList<unknown>)) return;
    const { previous, next } = waiter;
    if (previous === undefined) this.head = next as Waiter<T> | undefined;
    else previous.next = next;
    if (next === undefined) this.tail = previous as Waiter<T> | undefined;
    else next.previous = previous;
    waiter.list = waiter.previous = waiter.next = undefined;
    this.size--;
  }
}

/** The waiters of a list, oldest first. */
export function* waitersOf<T>(list: WaitList<T>): Generator<Waiter<T>, void> {
  for (let waiter = list.head; waiter !== undefined; waiter = waiter.next as Waiter<T> | undefined) yield waiter;
}
