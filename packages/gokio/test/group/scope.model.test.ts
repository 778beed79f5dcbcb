/** Random trees of tasks, in nested scopes, with random failures, aborts and cancellation: nobody left, every failure told once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Scope, scope } from "../../src/group/scope.ts";
import type { Block } from "../../src/task/block.ts";
import type { Task } from "../../src/task/body.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { unhandledDuring } from "../support/leaks.ts";
import { virtual } from "../support/virtual.ts";

/** What a task does: its steps, then it ends; and its cleanup. */
interface Plan {
  readonly async: boolean;
  readonly steps: readonly Step[];
  readonly cleanup: number;
  readonly cleanupFails: boolean;
}
type Step =
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "spawn"; readonly plan: Plan }
  | { readonly kind: "scope"; readonly plan: Plan }
  | { readonly kind: "fail" }
  | { readonly kind: "abort"; readonly which: number }
  | { readonly kind: "cancel" };

const { plan } = fc.letrec<{ plan: Plan; step: Step }>((tie) => ({
  plan: fc.record({
    async: fc.boolean(),
    steps: fc.array(tie("step"), { maxLength: 6, depthIdentifier: "steps" }),
    cleanup: fc.nat({ max: 8 }),
    cleanupFails: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 2, arbitrary: fc.constant(true) }),
  }),
  step: fc.oneof(
    { depthIdentifier: "steps", maxDepth: 4 },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: fc.nat({ max: 12 }) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("spawn" as const), plan: tie("plan") }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("scope" as const), plan: tie("plan") }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("fail" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("abort" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const) }) },
  ),
}));

/** Runs plans, and keeps the books. */
class World {
  live = 0;
  count = 0;
  nested = 0;
  readonly thrown = new Set<unknown>();

  fail(what: string): never {
    const error = new Error(`${what} ${this.thrown.size}`);
    this.thrown.add(error);
    throw error;
  }

  body(s: Scope, plan: Plan): () => Promise<void> {
    return plan.async ? () => this.#asyncBody(s, plan) : (this.#generatorBody(s, plan) as never);
  }

  /** What takes no time. */
  #act(s: Scope, step: Step, children: JoinHandle<unknown>[]): void {
    if (step.kind === "spawn") children.push(s.spawn(this.body(s, step.plan)));
    else if (step.kind === "abort") children[step.which % children.length]?.abort();
    else if (step.kind === "cancel") s.cancel();
    else if (step.kind === "fail") this.fail("body");
  }

  async #asyncBody(s: Scope, plan: Plan): Promise<void> {
    this.count++;
    this.live++;
    const children: JoinHandle<unknown>[] = [];
    let thrown = false;
    try {
      for (const step of plan.steps) {
        if (step.kind === "sleep") await sleep(step.ms);
        else if (step.kind === "scope") await this.#scope(step.plan);
        else this.#act(s, step, children);
      }
    } catch (error) {
      thrown = this.#isFailure(error);
      throw error;
    } finally {
      await shield(() => sleep(plan.cleanup));
      this.live--;
      if (plan.cleanupFails && !thrown) this.fail("cleanup");
    }
  }

  #generatorBody(s: Scope, plan: Plan): () => Task<void> {
    const world = this;
    return function* () {
      world.count++;
      world.live++;
      const children: JoinHandle<unknown>[] = [];
      let thrown = false;
      try {
        for (const step of plan.steps) {
          if (step.kind === "sleep") yield* sleep(step.ms);
          else if (step.kind === "scope") yield* world.#scope(step.plan);
          else world.#act(s, step, children);
        }
      } catch (error) {
        thrown = world.#isFailure(error);
        throw error;
      } finally {
        // An abort may come while a task that had ended its body cleans up: that is a wait like any other. Were an error on its way
        // out, returning from the generator would drop it; that is how generators are.
        try {
          if (!thrown) yield* sleep(plan.cleanup);
        } finally {
          world.live--;
          if (plan.cleanupFails && !thrown) world.fail("cleanup");
        }
      }
    };
  }

  #scope(plan: Plan): Block<void> {
    this.nested++;
    return scope((s) => this.body(s, plan)());
  }

  /** Whether the books know of what was thrown: cleanup that threw over it would lose it. */
  #isFailure(error: unknown): boolean {
    return flat(error).some((each) => this.thrown.has(each));
  }
}

function flat(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(flat) : [error];
}

test("when a scope has ended, nobody is left, and every failure has been told, once", async () => {
  const seen = { ok: 0, failed: 0, aborted: 0, several: 0, cancelled: 0, nested: 0 };
  const unhandled = await unhandledDuring(() =>
    fc.assert(
      fc.asyncProperty(plan, fc.boolean(), fc.option(fc.nat({ max: 30 })), async (root, awaited, abortAt) => {
        const world = new World();
        await virtual(async () => {
          let leftInside = -1;
          const body = (s: Scope) => world.body(s, root)();
          const outer = awaited
            ? spawn(async () => {
                try {
                  await scope(body);
                } finally {
                  leftInside = world.live;
                }
              })
            : spawn(function* () {
                try {
                  yield* scope(body);
                } finally {
                  leftInside = world.live;
                }
              });
          const aborter = spawn(function* () {
            if (abortAt === null) return;
            yield* sleep(abortAt + 0.5);
            outer.abort("from outside");
          });
          const end = await outer.settled();
          expect([world.live, leftInside]).toEqual([0, 0]);
          const told = end.status === "failed" ? flat(end.error) : [];
          // A scope that was cancelled from inside throws that, where nothing failed.
          const failures = told.filter((each) => (each as Error).name !== "AbortError");
          expect(failures).toHaveLength(world.thrown.size);
          expect(new Set(failures)).toEqual(world.thrown);
          if (failures.length === 0 && told.length > 0) seen.cancelled++;
          else seen[end.status]++;
          if (failures.length > 1) seen.several++;
          if (world.nested > 0) seen.nested++;
          aborter.abort();
          await aborter.settled();
        });
      }),
      { numRuns: 2000, seed: 11 },
    ),
  );
  expect(unhandled).toEqual([]);
  for (const [path, count] of Object.entries(seen)) expect([path, count > 20]).toEqual([path, true]);
}, 60_000);
