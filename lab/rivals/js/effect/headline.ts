/**
 * The headline: an actor is a fiber with a `Queue.bounded(64)`, which takes, steps, and offers to the next.
 *
 * Effect publishes no benchmark of actors. This is the consumer of its producer/consumer benchmark, `Queue.take` and `flatMap` for ever (effect-smol,
 * packages/effect/benchmark/effect/comprehensive.ts), with the loop of repeat.ts. The first messages go in by `Queue.offerUnsafe`, the way to
 * offer now or not at all. The actors are detached, so that the program ends with the last receipt.
 *
 * @module
 */
import { Deferred, Effect, Queue } from "effect";
import { crowd, firstMessage, MAILBOX, type Message, Walk } from "../../../contestant/actors.ts";
import { resident } from "../../../contestant/memory.ts";
import type { Params, Sample } from "../../../contestant/program.ts";
import { endlessly, repeat, until } from "./repeat.ts";

type Mailbox = Queue.Queue<Message>;

export function headline(receipts: number, params: Params): Promise<Sample> {
  const { actors, inflight } = crowd(params);
  const program = Effect.gen(function* () {
    const done = yield* Deferred.make<void>();
    const walk = new Walk<Mailbox>(receipts, () => Deferred.doneUnsafe(done, Effect.void));
    let waiting = 0;
    const actor = (mailbox: Mailbox): Effect.Effect<void> => {
      const turn = Effect.flatMap(Queue.take(mailbox), (message) => {
        const next = walk.received(message);
        return next === undefined ? Effect.never : Queue.offer(next, message);
      });
      return Effect.suspend(() => {
        waiting++;
        return endlessly(() => turn);
      });
    };
    yield* repeat(actors, () =>
      Effect.flatMap(Queue.bounded<Message>(MAILBOX), (mailbox) => {
        walk.mailboxes.push(mailbox);
        return Effect.forkDetach(actor(mailbox));
      }),
    );
    yield* until(() => waiting === actors);
    const parked = resident();
    const begun = performance.now();
    for (let i = 0; i < inflight; i++) {
      const mailbox = walk.mailboxes[i % actors] as Mailbox;
      if (!Queue.offerUnsafe(mailbox, firstMessage(i))) {
        throw new Error("the mailboxes hold less than what is in flight");
      }
    }
    yield* Deferred.await(done);
    return walk.sample(performance.now() - begun, parked);
  });
  return Effect.runPromise(program);
}
