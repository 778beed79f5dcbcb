/** The types of the ends of mpsc, oneshot, broadcast and watch. */
import { type BroadcastReceiver, type BroadcastSender, broadcast } from "../../src/chan/broadcast.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv, send } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { type OneshotReceiver, oneshot } from "../../src/chan/oneshot.ts";
import { reserve, type SendPermit } from "../../src/chan/permit.ts";
import { type Receiver, recvMany } from "../../src/chan/receiver.ts";
import type { Sender } from "../../src/chan/sender.ts";
import { waitFor } from "../../src/chan/wait-for.ts";
import { type WatchSender, watch } from "../../src/chan/watch.ts";
import { changed, type WatchReceiver } from "../../src/chan/watch-receiver.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { select } from "../../src/select/select.ts";
import type { Task } from "../../src/task/body.ts";

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

export function* mpscTypes(): Task<void> {
  const [tx, rx] = mpsc<string>(4);
  const unbounded: [Sender<number>, Receiver<number>] = mpsc.unbounded<number>({ name: "log" });
  const text: string = yield* recv(rx);
  const many: string[] = yield* recvMany(rx, 3);
  const permit: SendPermit<string> = yield* reserve(tx);
  const nothing: void = yield* send(tx, text);
  yield* closed(tx);
  permit.send(many.join());
  const weak: Sender<string> | undefined = tx.downgrade().upgrade();
  const step = yield* next(rx);
  // @ts-expect-error: only a value that is there is a string.
  step.value satisfies string;
  if (step.done !== true) step.value satisfies string;
  // @ts-expect-error: the channel carries strings.
  yield* send(tx, 1);
  // @ts-expect-error: so does its permit.
  permit.send(1);
  // @ts-expect-error: nothing is received from a sender.
  recv(tx);
  // @ts-expect-error: nor sent to a receiver.
  send(rx, "a");
  // @ts-expect-error: a receiver has no other end to wait for.
  closed(rx);
  // @ts-expect-error: a bounded channel has a bound.
  mpsc<string>();
  // @ts-expect-error: channels of different things are different.
  tx.sameChannel(unbounded[0]);
  // @ts-expect-error: the waits of a closed end give nothing.
  weak?.closed() satisfies Promise<string>;
  return nothing;
}

export async function eagerTypes(): Promise<void> {
  const [tx, rx] = mpsc<Promise<number>>(1);
  true satisfies Same<ReturnType<typeof rx.recv>, Promise<number>>;
  true satisfies Same<ReturnType<typeof rx.next>, Promise<IteratorResult<Promise<number>, undefined>>>;
  true satisfies Same<ReturnType<typeof rx.recvMany>, Promise<Promise<number>[]>>;
  true satisfies Same<ReturnType<typeof rx.tryRecv>, IteratorResult<Promise<number>, undefined> | undefined>;
  true satisfies Same<ReturnType<typeof tx.reserve>, Promise<SendPermit<Promise<number>>>>;
  for await (const n of mpsc<number>(1)[1]) n satisfies number;
}

export async function oneshotTypes(): Promise<void> {
  const [tx, rx]: [{ send(value: number): boolean }, OneshotReceiver<number>] = oneshot<number>();
  const n: number = await recv(rx);
  // @ts-expect-error: one number goes through.
  tx.send("a");
  const won = await select({ answer: recv(rx), gone: closed(oneshot<string>()[0]) });
  if (won.key === "answer") won.value satisfies number;
  else won.value satisfies void;
  n satisfies number;
}

export async function broadcastTypes(): Promise<void> {
  const tx: BroadcastSender<string> = broadcast<string>(1);
  const rx: BroadcastReceiver<string> = tx.subscribe();
  const receivers: number = tx.send("a");
  true satisfies Same<ReturnType<typeof rx.recv>, Promise<string>>;
  // @ts-expect-error: sending never waits, so it is no operation.
  send(tx, "b");
  for await (const text of rx.resubscribe()) text satisfies string;
  receivers satisfies number;
}

export function* watchTypes(): Task<void> {
  const [tx, rx]: [WatchSender<number | string>, WatchReceiver<number | string>] = watch<number | string>(0);
  yield* changed(rx);
  const narrow: number = yield* waitFor(rx, (value) => typeof value === "number");
  const wide: Operation<number | string> = waitFor(rx, (value) => value !== 3);
  const fresh: number | string = yield* recv(rx);
  const guard: Promise<string> = rx.waitFor((value) => typeof value === "string");
  const modified: boolean = tx.sendIfModified((current) => {
    current.value satisfies number | string;
    return true;
  });
  tx.sendModify((current) => {
    // @ts-expect-error: the watch holds numbers and strings.
    current.value = true;
  });
  // @ts-expect-error: whether something was modified has to be said.
  tx.sendIfModified(() => {});
  // @ts-expect-error: the value is looked at, and sent by the sender.
  rx.value = 3;
  void [narrow, wide, fresh, guard, modified];
}
