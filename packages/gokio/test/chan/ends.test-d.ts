/** The types of the ends of mpsc, oneshot, broadcast and watch. */
import { type BroadcastReceiver, type BroadcastSender, broadcast } from "../../src/chan/broadcast.ts";
import { type Chan, chan } from "../../src/chan/chan.ts";
import { closed } from "../../src/chan/closed.ts";
import { next, recv, type Sink, type Source, send } from "../../src/chan/ends.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { type OneshotReceiver, type OneshotSender, oneshot } from "../../src/chan/oneshot.ts";
import { reserve, reserveMany, type SendPermit } from "../../src/chan/permit.ts";
import { type Receiver, recvMany } from "../../src/chan/receiver.ts";
import type { Sender, WeakSender } from "../../src/chan/sender.ts";
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

/** A sending end takes what it was made for, and less: it is never one for more. */
export function* variance(): Task<void> {
  type Wide = number | string;
  const [tx] = mpsc<number>(1);
  const [wide, wideRx] = mpsc<Wide>(1);
  const ch = chan<number>();
  // @ts-expect-error: it would take strings.
  tx satisfies Sender<Wide>;
  // @ts-expect-error: so would what it is cloned from, and to.
  tx.downgrade() satisfies WeakSender<Wide>;
  // @ts-expect-error
  tx satisfies Sink<Wide>;
  // @ts-expect-error
  ch satisfies Sink<Wide>;
  // @ts-expect-error
  ch satisfies Chan<Wide>;
  // @ts-expect-error
  send<Wide>(tx, "a");
  // @ts-expect-error
  reserve<Wide>(tx);
  // @ts-expect-error: a permit is one, too.
  tx.reserve() satisfies Promise<SendPermit<Wide>>;
  // @ts-expect-error
  oneshot<number>()[0] satisfies OneshotSender<Wide>;
  // @ts-expect-error: what subscribes, receives.
  broadcast<number>(1) satisfies BroadcastSender<Wide>;
  // @ts-expect-error
  broadcast<Wide>(1) satisfies BroadcastSender<number>;
  // @ts-expect-error
  watch(1 as number)[0] satisfies WatchSender<Wide>;
  // @ts-expect-error
  watch<Wide>(1)[0] satisfies WatchSender<number>;
  // The other way round is right: who takes both, takes numbers. Receiving ends are as all that gives.
  wide satisfies Sender<number> satisfies Sink<number>;
  wide.downgrade() satisfies WeakSender<number>;
  oneshot<Wide>()[0] satisfies OneshotSender<number>;
  chan<Wide>() satisfies Sink<number>;
  ch satisfies Source<Wide>;
  mpsc<number>(1)[1] satisfies Receiver<Wide> satisfies Source<Wide>;
  broadcast<number>(1).subscribe() satisfies BroadcastReceiver<Wide>;
  // What is inferred is what the channel carries.
  true satisfies Same<ReturnType<typeof reserve<Wide>>, Operation<SendPermit<Wide>>>;
  const permit = yield* reserve(wide);
  true satisfies Same<typeof permit, SendPermit<Wide>>;
  const permits = yield* reserveMany(tx, 2);
  true satisfies Same<typeof permits, SendPermit<number>[]>;
  yield* send(wide, 1);
  yield* send(chan<Wide>(), "a");
  // @ts-expect-error: neither.
  yield* send(wide, true);
  // @ts-expect-error
  yield* send(ch, "a");
  const sink: Sink<string> = wide;
  yield* send(sink, "a");
  const got = yield* recv(wideRx);
  true satisfies Same<typeof got, Wide>;
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
  await closed(tx);
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
  const old: number | string = tx.sendReplace(3);
  // @ts-expect-error: whether something was modified has to be said.
  tx.sendIfModified(() => {});
  // @ts-expect-error: the value is looked at, and sent by the sender.
  rx.value = 3;
  void [old, narrow, wide, fresh, guard, modified];
}
