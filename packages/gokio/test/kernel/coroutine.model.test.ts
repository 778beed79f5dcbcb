/**
 * Cancellation against a naive interpreter: random programs of sleeps, blocks, calls and cleanup, in virtual time, with an abort from outside, in
 * both flavours. What ran, when, and how it ended must agree.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { shield } from "../../src/task/shield.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { HEAVY } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

type Program =
  | { readonly kind: "sleep"; readonly ms: number; id?: number }
  | { readonly kind: "all"; readonly parts: readonly Program[]; id?: number }
  | { readonly kind: "finally"; readonly body: Program; readonly cleanup: Program; id?: number }
  | { readonly kind: "catch"; readonly body: Program; id?: number }
  | { readonly kind: "call"; readonly body: Program; id?: number }
  | { readonly kind: "timeout"; readonly ms: number; readonly body: Program; id?: number }
  | { readonly kind: "shield"; readonly ms: number | undefined; readonly body: Program; id?: number };

const units = fc.nat({ max: 12 });
const { program } = fc.letrec<{ program: Program }>((tie) => ({
  program: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.record({ kind: fc.constant("sleep" as const), ms: units }),
    fc.record({ kind: fc.constant("all" as const), parts: fc.array(tie("program"), { maxLength: 4 }) }),
    fc.record({ kind: fc.constant("finally" as const), body: tie("program"), cleanup: tie("program") }),
    fc.record({ kind: fc.constant("catch" as const), body: tie("program") }),
    fc.record({ kind: fc.constant("call" as const), body: tie("program") }),
    fc.record({ kind: fc.constant("timeout" as const), ms: units, body: tie("program") }),
    fc.record({
      kind: fc.constant("shield" as const),
      ms: fc.option(units, { nil: undefined }),
      body: tie("program"),
    }),
  ),
}));

/** Numbers the parts, and says how long each lasts: never twice the same, so that nothing happens at the same time. */
function numbered(root: Program): Program {
  let last = 0;
  const duration = (ms: number, id: number): number => ms * 10_000 + ((id * 7919) % 9973) + 1;
  const copy = (part: Program): Program => {
    const id = ++last;
    switch (part.kind) {
      case "sleep":
        return { ...part, id, ms: duration(part.ms, id) };
      case "all":
        return { ...part, id, parts: part.parts.map(copy) };
      case "finally":
        return { ...part, id, body: copy(part.body), cleanup: copy(part.cleanup) };
      case "catch":
      case "call":
        return { ...part, id, body: copy(part.body) };
      case "timeout":
        return { ...part, id, ms: duration(part.ms, id), body: copy(part.body) };
      case "shield":
        return { ...part, id, ms: part.ms === undefined ? undefined : duration(part.ms, id), body: copy(part.body) };
    }
  };
  return copy(root);
}

interface Story {
  readonly events: string[];
  outcome: string;
}

type Log = (what: string) => void;

// ── the real thing ──

// Each part is called: the language forgets a `return()` where a generator run by plain `yield*` waits in its cleanup.
function* generated(part: Program, log: Log): Task<void> {
  switch (part.kind) {
    case "sleep":
      yield* sleep(part.ms);
      log(`slept ${part.id}`);
      break;
    case "all":
      for (const each of part.parts) yield* call(generated, each, log);
      break;
    case "finally":
      try {
        yield* call(generated, part.body, log);
      } finally {
        log(`cleanup ${part.id}`);
        try {
          yield* call(generated, part.cleanup, log);
        } catch {
          log(`cleanup ${part.id} failed`);
        }
      }
      break;
    case "catch":
      try {
        yield* call(generated, part.body, log);
      } catch {
        log(`caught ${part.id}`);
      }
      break;
    case "call":
      yield* call(generated, part.body, log);
      break;
    case "timeout":
      yield* timeout(part.ms, () => generated(part.body, log));
      break;
    case "shield":
      yield* shield(() => generated(part.body, log), part.ms === undefined ? {} : { ms: part.ms });
  }
}

async function awaited(part: Program, log: Log): Promise<void> {
  switch (part.kind) {
    case "sleep":
      await sleep(part.ms);
      log(`slept ${part.id}`);
      break;
    case "all":
      for (const each of part.parts) await awaited(each, log);
      break;
    case "finally":
      try {
        await awaited(part.body, log);
      } finally {
        log(`cleanup ${part.id}`);
        try {
          await awaited(part.cleanup, log);
        } catch {
          log(`cleanup ${part.id} failed`);
        }
      }
      break;
    case "catch":
      try {
        await awaited(part.body, log);
      } catch {
        log(`caught ${part.id}`);
      }
      break;
    case "call":
      await call(awaited, part.body, log);
      break;
    case "timeout":
      await timeout(part.ms, () => awaited(part.body, log));
      break;
    case "shield":
      await shield(() => awaited(part.body, log), part.ms === undefined ? {} : { ms: part.ms });
  }
}

function real(flavour: "generator" | "async", part: Program, abortAt: number): Promise<Story> {
  return virtual(async (clock) => {
    const story: Story = { events: [], outcome: "" };
    const log: Log = (what) => void story.events.push(`${clock.elapsed}: ${what}`);
    const task = flavour === "async" ? spawn(() => awaited(part, log)) : spawn(() => generated(part, log));
    const aborter = spawn(function* () {
      yield* sleep(abortAt);
      task.abort("from outside");
    });
    const settled = await task.settled();
    story.outcome = settled.status === "failed" ? `failed: ${(settled.error as Error).name}` : settled.status;
    story.outcome += ` at ${clock.elapsed}`;
    aborter.abort();
    await aborter.settled();
    return story;
  });
}

// ── the naive interpreter ──

interface Scope {
  readonly outer: Scope | undefined;
  /** When it is cancelled by itself. */
  readonly deadline: number;
  readonly shielded: boolean;
  /** Generators: its unwinding has begun. */
  unwound: boolean;
}

/** A generator is returned from, down to the body of `to`. */
class Unwinding {
  readonly to: Scope;
  constructor(to: Scope) {
    this.to = to;
  }
}

/** What a wait throws when `by` has been cancelled. */
class Cancelled {
  readonly by: Scope;
  constructor(by: Scope) {
    this.by = by;
  }
}

const NEVER = Number.POSITIVE_INFINITY;

abstract class Interpreter {
  now = 0;
  readonly story: Story = { events: [], outcome: "" };
  protected readonly task: Scope;

  constructor(abortAt: number) {
    this.task = { outer: undefined, deadline: abortAt, shielded: true, unwound: false };
  }

  /** What a wait in `scope` ends with if it goes on until `until`, and when. */
  protected abstract interruption(scope: Scope, until: number): { at: number; with: unknown } | undefined;
  protected abstract block(scope: Scope, ms: number, shielded: boolean, body: Program): void;

  protected inside(outer: Scope, ms: number, shielded: boolean): Scope {
    return { outer, deadline: this.now + ms, shielded, unwound: false };
  }

  log(what: string): void {
    this.story.events.push(`${this.now}: ${what}`);
  }

  run(part: Program, scope: Scope): void {
    switch (part.kind) {
      case "sleep": {
        const end = this.now + part.ms;
        const interruption = this.interruption(scope, end);
        this.now = interruption?.at ?? end;
        if (interruption !== undefined) throw interruption.with;
        this.log(`slept ${part.id}`);
        break;
      }
      case "all":
        for (const each of part.parts) this.run(each, scope);
        break;
      case "finally":
        try {
          this.run(part.body, scope);
        } finally {
          this.log(`cleanup ${part.id}`);
          this.catching(part.cleanup, scope, `cleanup ${part.id} failed`);
        }
        break;
      case "catch":
        this.catching(part.body, scope, `caught ${part.id}`);
        break;
      case "call":
        this.run(part.body, scope);
        break;
      case "timeout":
        this.block(scope, part.ms, false, part.body);
        break;
      case "shield":
        this.block(scope, part.ms ?? NEVER, true, part.body);
    }
  }

  catching(part: Program, scope: Scope, what: string): void {
    try {
      this.run(part, scope);
    } catch (thrown) {
      if (!(thrown instanceof Cancelled)) throw thrown;
      this.log(what);
    }
  }

  protected abstract outcome(thrown: unknown): string;

  tell(part: Program): Story {
    let thrown: unknown;
    try {
      this.run(part, this.task);
    } catch (error) {
      thrown = error;
    }
    this.story.outcome = `${this.outcome(thrown)} at ${this.now}`;
    return this.story;
  }
}

/** The first time from `now` on, and not after `until`, at which one of the scopes is cancelled. */
function firstOf(deadlines: readonly number[], now: number, until: number): number {
  return Math.min(NEVER, ...deadlines.map((at) => Math.max(at, now)).filter((at) => at < until));
}

class GeneratorInterpreter extends Interpreter {
  /** The scopes whose cancellation reaches a wait in `scope`, innermost first. */
  #reaching(scope: Scope): Scope[] {
    const reaching: Scope[] = [];
    for (let each: Scope | undefined = scope; each !== undefined && !each.unwound; each = each.outer) {
      reaching.push(each);
      if (each.shielded) break;
    }
    return reaching;
  }

  protected override interruption(scope: Scope, until: number): { at: number; with: unknown } | undefined {
    const reaching = this.#reaching(scope);
    const at = firstOf(
      reaching.map(({ deadline }) => deadline),
      this.now,
      until,
    );
    if (at === NEVER) return undefined;
    const to = reaching.findLast(({ deadline }) => deadline <= at) as Scope;
    for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
      each.unwound = true;
      if (each === to) break;
    }
    return { at, with: new Unwinding(to) };
  }

  protected override block(outer: Scope, ms: number, shielded: boolean, body: Program): void {
    // A block that is no shield meets what has been cancelled where it is entered, as a wait would. Times are whole numbers.
    const met = shielded ? undefined : this.interruption(outer, this.now + 0.5);
    if (met !== undefined) throw met.with;
    const scope = this.inside(outer, ms, shielded);
    try {
      this.run(body, scope);
    } catch (thrown) {
      // The unwinding of a region ends where it was entered, with a throw.
      throw thrown instanceof Unwinding && thrown.to === scope ? new Cancelled(scope) : thrown;
    }
  }

  protected override outcome(thrown: unknown): string {
    if (thrown === undefined) return "ok";
    return thrown instanceof Unwinding ? "aborted" : "failed: TimeoutError";
  }
}

class AsyncInterpreter extends Interpreter {
  #delivered = false;

  /** Who cancels `scope` first, and when: itself, or what it is inside of. */
  #cancels(scope: Scope): Scope {
    if (scope.shielded || scope.outer === undefined) return scope;
    const outer = this.#cancels(scope.outer);
    return outer.deadline < scope.deadline ? outer : scope;
  }

  #refuse(by: Scope): Cancelled {
    if (by === this.task) this.#delivered = true;
    return new Cancelled(by);
  }

  protected override interruption(scope: Scope, until: number): { at: number; with: unknown } | undefined {
    const by = this.#cancels(scope);
    if (by.deadline >= until) return undefined;
    return { at: Math.max(by.deadline, this.now), with: this.#refuse(by) };
  }

  protected override block(outer: Scope, ms: number, shielded: boolean, body: Program): void {
    const by = this.#cancels(outer);
    if (!shielded && by.deadline <= this.now) throw this.#refuse(by);
    this.run(body, this.inside(outer, ms, shielded));
  }

  protected override outcome(thrown: unknown): string {
    if (thrown instanceof Cancelled && thrown.by !== this.task) return "failed: TimeoutError";
    return this.#delivered ? "aborted" : "ok";
  }
}

describe.each(["generator", "async"] as const)("%s", (flavour) => {
  test(
    "runs what the naive interpreter runs, when it does, and ends as it does",
    async () => {
      const seen = { ok: 0, aborted: 0, failed: 0, cleanup: 0, caught: 0 };
      await fc.assert(
        fc.asyncProperty(program, fc.nat({ max: 40 }), async (shape, abortUnits) => {
          const part = numbered(shape);
          const abortAt = abortUnits * 7_001 + 5_003;
          const interpreter = flavour === "async" ? new AsyncInterpreter(abortAt) : new GeneratorInterpreter(abortAt);
          const expected = interpreter.tell(part);
          expect(await real(flavour, part, abortAt)).toEqual(expected);
          seen[(/^\w+/.exec(expected.outcome) as RegExpExecArray)[0] as "ok" | "aborted" | "failed"]++;
          for (const event of expected.events) {
            if (event.includes("cleanup")) seen.cleanup++;
            if (event.includes("caught")) seen.caught++;
          }
        }),
        { numRuns: 2000, seed: 20_243 },
      );
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
    },
    HEAVY,
  );
});
