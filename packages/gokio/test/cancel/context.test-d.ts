import { type CancellableContext, Context } from "../../src/cancel/context.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv } from "../../src/chan/ends.ts";
import { runIn } from "../../src/task/run-in.ts";
import { runUntilCancelled } from "../../src/task/run-until-cancelled.ts";
import { TaskLocal } from "../../src/task/task-local.ts";

const user = new TaskLocal<{ name: string }>();
const ctx: CancellableContext = Context.background.withValue(user, { name: "ada" }).withCancel();
const name: string = ctx.get(user).name;
void name;
const date: Date | undefined = ctx.deadline;
void date;

// @ts-expect-error: a value of another type.
ctx.withValue(user, "ada");
// @ts-expect-error: only what was made to be cancelled can be.
Context.background.cancel();
// @ts-expect-error: nor what only adds a value.
ctx.withValue(user, { name: "bob" }).cancel();
// @ts-expect-error: a context is not disposable unless it can be cancelled.
const disposable: Disposable = Context.background;
void disposable;

const ch = chan<number>();
void recv(ch, { signal: ctx });
const ran: Promise<string> = runIn(ctx, async () => "a").then((text) => text);
void ran;
const got: PromiseLike<number | undefined> = runUntilCancelled(ctx, recv(ch));
void got;
const text: PromiseLike<string | undefined> = runUntilCancelled(ctx.signal, function* () {
  yield* recv(ch);
  return "a";
});
void text;
// @ts-expect-error: a bare promise cannot be cancelled.
runUntilCancelled(ctx, Promise.resolve(1));
