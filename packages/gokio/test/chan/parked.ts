/** What the tests of channels share. */
import { expect } from "vitest";
import type { Driven } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";

/** What `promise` is rejected with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error) => error,
  );
}

/** Lets `wait` park, and sees that it did. */
export async function parked<T>(wait: Driven<T>): Promise<Driven<T>> {
  await turn();
  expect(wait.ended).toBeUndefined();
  return wait;
}
