/** Types of Result: everything here is inferred, nothing annotated but what is checked. */
import type { Err, Ok, Result } from "../src/result.ts";
import { err, ok } from "../src/result.ts";
import { attempt } from "../src/task/attempt.ts";
import type { Task } from "../src/task/body.ts";
import { call } from "../src/task/call.ts";
import { join } from "../src/task/join-handle.ts";
import { spawn } from "../src/task/spawn.ts";
import { sleep } from "../src/time/sleep.ts";
import { timeout } from "../src/time/timeout.ts";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(..._proof: Equal<A, B> extends true ? [] : ["the types differ", A, B]): void {}

declare const number: Result<number, RangeError>;
declare const text: Result<string, "empty">;

// An Err stays in the type of the body it leaves, beside what the body returns.
const both = spawn(function* () {
  const n = yield* number;
  yield* sleep(1);
  const s = yield* text;
  same<typeof n, number>();
  same<typeof s, string>();
  return n + s.length;
});
same<Awaited<typeof both>, number | Err<RangeError> | Err<"empty">>();

// Without a failure there is none in the type.
const fine = spawn(function* () {
  const n = yield* ok(1);
  return n;
});
same<Awaited<typeof fine>, number>();

// Helpers run by plain yield* are part of the body; calls, blocks and attempts end what leaves.
function* helper() {
  return yield* text;
}
const helped = spawn(function* () {
  return (yield* helper()).length;
});
same<Awaited<typeof helped>, number | Err<"empty">>();

const ended = spawn(function* () {
  const called = yield* call(helper);
  same<typeof called, string | Err<"empty">>();
  const limited = yield* timeout(1, function* () {
    return yield* number;
  });
  same<typeof limited, number | Err<RangeError>>();
  const [value, error] = yield* attempt(helper);
  same<typeof value, string | undefined>();
  same<typeof error, "empty" | Error | undefined>();
  const joined = yield* join(helped);
  same<typeof joined, number | Err<"empty">>();
  return true;
});
same<Awaited<typeof ended>, boolean>();

// A body that says what it returns has to say its errors, too.
export function* honest(): Task<Result<number, "empty">> {
  return ok((yield* text).length);
}
export function* silent(): Task<number> {
  // @ts-expect-error: the "empty" would be lost.
  return (yield* text).length;
}
const outcome = spawn(honest);
same<Awaited<typeof outcome>, Ok<number> | Err<"empty">>();

// What says nothing of errors can be used anywhere; recursion and generics need no more than before.
export function* nested(): Task<void> {
  yield* counted(1);
  yield* call(counted, 1);
}
function* counted(n: number): Task<number> {
  return n === 0 ? 0 : yield* counted(n - 1);
}
export function* generic<T>(body: () => Task<T>): Task<T> {
  return yield* call(body);
}
const any: () => Task<unknown> = honest;
spawn(any);

// The methods of a union.
same<ReturnType<typeof mapped>, Ok<string> | Err<RangeError>>();
function mapped() {
  return number.map((n) => n.toFixed());
}
same<ReturnType<typeof chained>, Result<boolean, "odd" | RangeError>>();
function chained(): Result<boolean, "odd" | RangeError> {
  return number.andThen((n) => (n % 2 === 0 ? ok(true) : err("odd" as const)));
}
const matched = number.match({ ok: (n) => n.toFixed(), err: (e) => e.message.length });
same<typeof matched, string | number>();
const otherwise = number.unwrapOr("none");
same<typeof otherwise, number | "none">();
if (number.isOk()) same<typeof number.value, number>();
else same<typeof number.error, RangeError>();
const renamed: Result<number, string> = number.mapErr((e) => e.message);
void renamed;

// The pairs of attempt.
const parsed = attempt(() => JSON.parse("1"));
const [json, syntax] = parsed;
same<typeof json, any>();
same<typeof syntax, Error | undefined>();
const plain = attempt(() => 1);
if (plain[1] === undefined) same<(typeof plain)[0], number>();
const later = attempt(async () => "a");
const [letter] = await later;
same<typeof letter, string | undefined>();
const operation = await attempt(sleep(1));
same<(typeof operation)[1], Error | undefined>();
const unpacked = attempt(() => text);
same<(typeof unpacked)[0], string | undefined>();
same<(typeof unpacked)[1], "empty" | Error | undefined>();
// @ts-expect-error: nothing that could be attempted.
attempt(1);

// The other side of a union is the one that orElse and unwrapOrElse are asked for.
const recovered = number.orElse((error) => (error.message === "" ? ok("none") : err("worse" as const)));
same<typeof recovered, Ok<number> | Ok<string> | Err<"worse">>();
const unwrapped = number.unwrapOrElse((error) => error.message);
same<typeof unwrapped, number | string>();
