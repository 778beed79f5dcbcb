/**
 * The headline: an actor is an async function with a `Chan` of 64.
 *
 * ts-chan publishes no benchmark of actors. This is the loop of its prime sieve (examples/concurrent-prime-sieve/index.js): receive, look, send on. The first messages go in by
 * `trySend`, which is its way to send without waiting.
 *
 * @module
 */
import type { Chan } from "ts-chan";
import { crowd, firstMessage, MAILBOX, type Message, Walk } from "../../../contestant/actors.ts";
import { resident } from "../../../contestant/memory.ts";
import type { Work } from "../../../contestant/program.ts";
import { type Make, received } from "./channels.ts";

export function headline(make: Make): Work {
  return async (receipts, params) => {
    const { actors, inflight } = crowd(params);
    let done = (): void => {};
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const walk = new Walk<Chan<Message>>(receipts, () => done());
    const actor = async (mailbox: Chan<Message>): Promise<void> => {
      for (;;) {
        const message = await received<Message>(mailbox);
        const next = walk.received(message);
        if (next === undefined) return;
        await next.send(message);
      }
    };
    for (let i = 0; i < actors; i++) {
      const mailbox = make<Message>(MAILBOX);
      walk.mailboxes.push(mailbox);
      // It runs up to its receive at once.
      void actor(mailbox);
    }
    const parked = resident();
    const begun = performance.now();
    for (let i = 0; i < inflight; i++) {
      const mailbox = walk.mailboxes[i % actors] as Chan<Message>;
      if (!mailbox.trySend(firstMessage(i))) throw new Error("the mailboxes hold less than what is in flight");
    }
    await finished;
    return walk.sample(performance.now() - begun, parked);
  };
}
