import { expect, test } from "vitest";
import { Stream } from "../../src/stream/stream.ts";
import { turn } from "../support/turns.ts";

async function* always(): AsyncGenerator<string> {
  for (;;) yield "async";
}

test("a stream that always has an item does not keep an async one from being merged", async () => {
  const merged = Stream.repeat("sync").merge(Stream.from(always)).take(2000);
  const seen = { sync: 0, async: 0 };
  for await (const item of merged) seen[item as "sync" | "async"]++;
  expect(seen.async).toBeGreaterThan(200);
  expect(seen.sync).toBeGreaterThan(200);
});

test("an item that was made unasked is pulled by the next one who asks, and dropped when the stream is left", async () => {
  let made = 0;
  const source = Stream.from(async function* () {
    for (;;) yield made++;
  });
  const merged = Stream.repeat(-1).merge(source);
  for (let i = 0; i < 20; i++) await merged.next();
  await turn();
  const before = made;
  await turn();
  expect(made, "nothing is made while nobody asks").toBe(before);
  await merged.close();
});
