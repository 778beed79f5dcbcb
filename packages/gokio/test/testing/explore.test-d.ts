/** The types of exploring. */
import { expectTypeOf } from "vitest";
import { yieldNow } from "../../src/index.ts";
import {
  type ExplorationError,
  type ExplorationStrategy,
  type Explored,
  exhaustive,
  explore,
  type FailureKind,
  mixed,
  pct,
  random,
} from "../../src/testing/index.ts";

// Bodies of both flavours, and plain ones.
expectTypeOf(explore(async () => 1)).toEqualTypeOf<Promise<Explored>>();
expectTypeOf(
  explore(function* () {
    yield* yieldNow();
  }),
).toEqualTypeOf<Promise<Explored>>();
explore(() => {});
explore(async (self) => self.name);

// @ts-expect-error an async generator function cannot be a body
explore(async function* () {});
// @ts-expect-error yield has to be yield*
explore(function* () {
  yield 1;
});
// @ts-expect-error a body is needed
explore();
// @ts-expect-error a strategy is made, not named
explore(async () => {}, { strategy: "random" });
// @ts-expect-error what is replayed is a text
explore(async () => {}, { replay: 7 });

expectTypeOf(exhaustive({ preemptions: 2, schedules: 10 })).toEqualTypeOf<ExplorationStrategy>();
expectTypeOf(random({ seed: 1 })).toEqualTypeOf<ExplorationStrategy>();
expectTypeOf(pct({ seed: "v1-1", depth: 2 })).toEqualTypeOf<ExplorationStrategy>();
expectTypeOf(mixed()).toEqualTypeOf<ExplorationStrategy>();

declare const error: ExplorationError;
expectTypeOf(error.kind).toEqualTypeOf<FailureKind>();
expectTypeOf(error.schedule).toEqualTypeOf<string>();
expectTypeOf(error.seed).toEqualTypeOf<string | undefined>();
expectTypeOf(error.steps).toEqualTypeOf<readonly string[]>();
