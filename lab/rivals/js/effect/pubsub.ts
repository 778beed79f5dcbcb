/**
 * One to many: `PubSub.bounded` for the broadcast, `SubscriptionRef` for the watched value.
 *
 * Effect publishes no benchmark of these; the shapes are those of the package's own documentation (effect, the examples of `PubSub.subscribe` in src/PubSub.ts and of
 * `SubscriptionRef.changes` in src/SubscriptionRef.ts). Messages are published and taken one by one. The watchers fold their stream, which runs no
 * effect for each value; that a SubscriptionRef shows every value, not only the latest, is its way.
 *
 * @module
 */
import { Effect, Fiber, PubSub, Queue, Stream, SubscriptionRef } from "effect";
import { BACKLOG, BATCH, LISTENERS, WATCHERS } from "../../../contestant/numbers.ts";
import { type Sample, timed } from "../../../contestant/program.ts";
import { repeat } from "./repeat.ts";

export function broadcast(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const news = yield* PubSub.bounded<number>(BACKLOG);
    const credits = yield* Queue.bounded<void>(LISTENERS);
    const listeners: Fiber.Fiber<number>[] = [];
    for (let i = 0; i < LISTENERS; i++) {
      const subscription = yield* PubSub.subscribe(news);
      listeners.push(yield* Effect.forkChild(listen(size, subscription, credits)));
    }
    const allCaughtUp = repeat(LISTENERS, () => Queue.take(credits));
    yield* repeat(size, (n) => {
      const published = PubSub.publish(news, n);
      return (n + 1) % BATCH === 0 ? Effect.andThen(published, allCaughtUp) : published;
    });
    let sum = 0;
    for (const each of yield* Fiber.joinAll(listeners)) sum += each;
    return sum;
  });
  return timed(() => Effect.runPromise(Effect.scoped(program)));
}

function listen(
  size: number,
  subscription: PubSub.Subscription<number>,
  credits: Queue.Queue<void>,
): Effect.Effect<number> {
  return Effect.suspend(() => {
    let sum = 0;
    let count = 0;
    const caughtUp = Queue.offer(credits, undefined);
    const received = Effect.flatMap(PubSub.take(subscription), (n) => {
      sum += n;
      return ++count % BATCH === 0 ? caughtUp : Effect.void;
    });
    return Effect.map(
      repeat(size, () => received),
      () => sum,
    );
  });
}

export function watch(size: number): Promise<Sample> {
  const program = Effect.gen(function* () {
    const ref = yield* SubscriptionRef.make(0);
    let violations = 0;
    const follow = SubscriptionRef.changes(ref).pipe(
      Stream.takeUntil((n) => n === size),
      Stream.runFold(
        // The first that comes is the value at the start.
        () => -1,
        (last, n) => {
          if (n <= last) violations++;
          return n;
        },
      ),
    );
    const watchers: Fiber.Fiber<number>[] = [];
    for (let i = 0; i < WATCHERS; i++) watchers.push(yield* Effect.forkChild(follow));
    yield* repeat(size, (n) => Effect.andThen(SubscriptionRef.set(ref, n + 1), Effect.yieldNow));
    let atEnd = 0;
    for (const last of yield* Fiber.joinAll(watchers)) if (last === size) atEnd++;
    return `${atEnd}/${violations}`;
  });
  return timed(() => Effect.runPromise(program));
}
