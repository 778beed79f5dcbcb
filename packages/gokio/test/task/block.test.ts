/** Blocks that wait on their way out, seen from what is around them. */
import { describe, expect, test } from "vitest";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Region } from "../../src/kernel/region.ts";
import { type BodyOutcome, FunctionBlock } from "../../src/task/block.ts";
import type { Task } from "../../src/task/body.ts";
import { call } from "../../src/task/call.ts";
import { settled } from "../../src/task/join-handle.ts";
import { TaskRegion } from "../../src/task/region.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";
import { flavours } from "./flavours.ts";

/** A block that waits when its body has ended, and logs each end. */
class Draining<T> extends FunctionBlock<T> {
  readonly #log: string[];

  constructor(log: string[], body: () => unknown) {
    super(body);
    this.#log = log;
  }

  protected override open(outer: Region): TaskRegion {
    return TaskRegion.inside(outer);
  }

  protected override drain(_region: TaskRegion, body: BodyOutcome<T> | undefined): Operation<unknown> {
    this.#log.push(body === undefined ? "drain, unwound" : `drain, ${Object.keys(body)[0]}`);
    return sleep(1);
  }

  protected override close(region: TaskRegion): void {
    this.#log.push("close");
    super.close(region);
  }
}

describe.each(flavours)("a block that waits on its way out, $name", ({ body }) => {
  test("is drained and closed once, and gives the body's outcome", async () => {
    const log: string[] = [];
    const value = await spawn(
      body(function* () {
        const one = yield new Draining(
          log,
          body(function* () {
            yield yieldNow();
            return 1;
          }),
        );
        try {
          yield new Draining(log, () => {
            throw new Error("x");
          });
        } catch (error) {
          return [one, (error as Error).message];
        }
        return "not reached";
      }),
    );
    expect(value).toEqual([1, "x"]);
    expect(log).toEqual(["drain, value", "close", "drain, error", "close"]);
  });

  test("an abort unwinds what is around it, once it has been left", async () => {
    const log: string[] = [];
    const handle = spawn(
      body(function* () {
        try {
          yield new Draining(
            log,
            body(function* () {
              try {
                yield sleep(60_000);
              } finally {
                log.push("body");
              }
            }),
          );
          log.push("not reached");
        } finally {
          log.push("around");
        }
      }),
    );
    await turn();
    handle.abort("why");
    handle.abort("again");
    expect(await settled(handle)).toEqual({ status: "aborted", reason: "why" });
    expect(log.filter((line) => !line.startsWith("drain"))).toEqual(["body", "close", "around"]);
  });

  test("so does a timeout around it, and the task goes on after that", () =>
    virtual(async () => {
      const log: string[] = [];
      const value = await spawn(
        body(function* () {
          try {
            yield timeout(
              1,
              body(function* () {
                yield new Draining(
                  log,
                  body(function* () {
                    yield sleep(60_000);
                  }),
                );
                log.push("not reached");
              }),
            );
          } catch (error) {
            log.push((error as Error).name);
          }
          yield yieldNow();
          return 1;
        }),
      );
      expect(value).toBe(1);
      expect(log.filter((line) => !line.startsWith("drain"))).toEqual(["close", "TimeoutError"]);
    }));
});

test("blocks in blocks, in helpers run by plain yield* and by call: inside out, and nothing after them", async () => {
  const log: string[] = [];
  function* inner(depth: number): Task<void> {
    if (depth === 0) yield* sleep(60_000);
    else if (depth % 2 === 0) yield* call(helper, depth - 1);
    else yield* helper(depth - 1);
  }
  function* helper(depth: number): Task<void> {
    yield* new Draining<void>(log, function* () {
      yield* inner(depth);
      log.push("not reached");
    });
    log.push("not reached");
  }
  const handle = spawn(() => helper(4));
  await turn();
  handle.abort();
  expect((await settled(handle)).status).toBe("aborted");
  expect(log).toEqual([...Array(5)].flatMap(() => ["drain, unwound", "close"]));
});
