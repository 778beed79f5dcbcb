import { EventEmitter } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { type Observable, of, type Subject } from "rxjs";
import { broadcast } from "../../src/chan/broadcast.ts";
import { chan } from "../../src/chan/chan.ts";
import { mpsc } from "../../src/chan/mpsc.ts";
import { oneshot } from "../../src/chan/oneshot.ts";
import { watch } from "../../src/chan/watch.ts";
import type { LaggedError } from "../../src/errors.ts";
import { JoinSet } from "../../src/group/join-set.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import { pipeTo } from "../../src/stream/sinks.ts";
import { Stream } from "../../src/stream/stream.ts";
import type { Settled } from "../../src/task/task.ts";

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_T extends true>(): void {}
type Item<S> = S extends Stream<infer T> ? T : never;

// Iterables, async iterables, and functions that give them.
const array = Stream.from([1, 2]);
same<Same<Item<typeof array>, number>>();
const readonly = Stream.from(["a", 1] as const);
same<Same<Item<typeof readonly>, "a" | 1>>();
const text = Stream.from("text");
same<Same<Item<typeof text>, string>>();
const map = Stream.from(new Map<string, number>());
same<Same<Item<typeof map>, [string, number]>>();
const generator = Stream.from(function* () {
  yield 1;
  yield "a";
});
same<Same<Item<typeof generator>, 1 | "a">>();
const asyncGenerator = Stream.from(async function* () {
  yield new Date();
});
same<Same<Item<typeof asyncGenerator>, Date>>();
const made = Stream.from((async function* (): AsyncGenerator<bigint> {})());
same<Same<Item<typeof made>, bigint>>();
const stream = Stream.from(Stream.range(0));
same<Same<Item<typeof stream>, number>>();
const later = Stream.from(() => Stream.once("a"));
same<Same<Item<typeof later>, string>>();

// Channels.
const ofChan = Stream.from(chan<Date>());
same<Same<Item<typeof ofChan>, Date>>();
const ofMpsc = Stream.from(mpsc<Date>(1)[1]);
same<Same<Item<typeof ofMpsc>, Date>>();
const ofOneshot = Stream.from(oneshot<Date>()[1]);
same<Same<Item<typeof ofOneshot>, Date>>();
const ofWatch = Stream.from(watch<Date | undefined>(undefined)[1]);
same<Same<Item<typeof ofWatch>, Date | undefined>>();
const ofBroadcast = Stream.from(broadcast<Date>(1).subscribe());
same<Same<Item<typeof ofBroadcast>, Date>>();
const withLag = Stream.from(broadcast<Date>(1).subscribe(), { lag: "item" });
same<Same<Item<typeof withLag>, Date | LaggedError>>();
const ofSet = Stream.from(new JoinSet<Date>());
same<Same<Item<typeof ofSet>, Settled<Date>>>();
// @ts-expect-error: only what can lag.
Stream.from([1], { lag: "item" });

// The platform.
const ofWeb = Stream.from(new ReadableStream<Date>());
same<Same<Item<typeof ofWeb>, Date>>();
const ofNode = Stream.from<Buffer>(createReadStream("file"));
same<Same<Item<typeof ofNode>, Buffer>>();
const ofEmitter = Stream.fromEvents<[code: number]>(new EventEmitter(), "exit");
same<Same<Item<typeof ofEmitter>, [code: number]>>();
const ofTarget = Stream.fromEvents<MessageEvent>(new EventTarget(), "message");
same<Same<Item<typeof ofTarget>, MessageEvent>>();
const plainTarget = Stream.fromEvents(new EventTarget(), "message");
same<Same<Item<typeof plainTarget>, Event>>();

// Observables.
const ofObservable = Stream.from(of(1, 2));
same<Same<Item<typeof ofObservable>, number>>();
const ofSubject = Stream.fromObservable({} as Subject<Date>);
same<Same<Item<typeof ofSubject>, Date>>();
const flat = Stream.from([1]).flatMap((n): Observable<string> => of(String(n)));
same<Same<Item<typeof flat>, string>>();
// @ts-expect-error: a sender has a subscribe of another kind.
Stream.from(broadcast<number>(1));
// @ts-expect-error: a number is none.
Stream.from(1);
// @ts-expect-error: nor is an operation.
Stream.from(chan<number>().recv());

// Made.
const unfolded = Stream.unfold(0, (n) => (n < 3 ? ([String(n), n + 1] as const) : undefined));
same<Same<Item<typeof unfolded>, string>>();
const unfoldedLater = Stream.unfold(0, async (n) => (n < 3 ? ([String(n), n + 1] as const) : undefined));
same<Same<Item<typeof unfoldedLater>, string>>();
const repeated = Stream.repeat("a");
same<Same<Item<typeof repeated>, string>>();
const none = Stream.empty();
same<Same<Item<typeof none>, never>>();

// Targets take what the stream has.
const numbers = Stream.range(0);
const piped: Promise<void> = numbers.pipeTo(chan<number>());
const operation: Operation<void> = pipeTo(numbers, mpsc<number | string>(1)[0], { end: true });
pipeTo(numbers, broadcast<number>(1));
pipeTo(numbers, watch(0)[0]);
pipeTo(numbers, new WritableStream<number>());
pipeTo(Stream.from(["a"]), createWriteStream("file"));
// @ts-expect-error: a channel of strings takes no numbers.
pipeTo(numbers, chan<string>());
// @ts-expect-error: nor does a stream of strings.
pipeTo(numbers, new WritableStream<string>());
// @ts-expect-error: a receiver is no target.
pipeTo(numbers, mpsc<number>(1)[1]);
const web: ReadableStream<number> = numbers.toReadableStream();
const node = (await import("node:stream")).Readable.from(numbers) satisfies Readable;
void [piped, operation, web, node];
