/** Foreign work whose outcome comes when nobody waits for it any more. */
import { expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { spawn } from "../../src/task/spawn.ts";
import { wait } from "../../src/task/wait.ts";
import { turn } from "../support/turns.ts";

test.each([
  ["a function", (late: Promise<string>) => wait(() => late)],
  ["a promise", (late: Promise<string>) => wait(late)],
])("%s: a later wait of the same task is not woken with it", async (_name, make) => {
  let settle = (_value: string): void => {};
  const late = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const token = new CancellationToken();
  const ch = chan<string>();
  const handle = spawn(function* () {
    const first = yield* runUntilCancelled(token, function* () {
      return yield* make(late);
    });
    return [first, yield* recv(ch)];
  });
  await turn();
  token.cancel();
  await turn();
  settle("late");
  await turn();
  expect(handle.finished).toBe(false);
  expect(ch.trySend("right")).toBe(true);
  expect(await handle).toEqual([undefined, "right"]);
});
