/** Types: the value of a select follows its key. */
import {
  type CancellationToken,
  cancelled,
  type chan,
  join,
  next,
  recv,
  select,
  send,
  sleep,
  spawn,
  type Task,
} from "gokio";

declare const token: CancellationToken;
declare const jobs: ReturnType<typeof chan<{ id: number }>>;
declare const texts: ReturnType<typeof chan<string>>;
declare const maybe: boolean;

/** Fails to compile unless the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_A, _B>(..._proof: Same<_A, _B> extends true ? [] : ["the types differ"]): void => {};

export async function heterogeneous(): Promise<void> {
  const won = await select({
    job: recv(jobs),
    text: next(texts),
    sent: send(texts, "x"),
    tick: sleep(100),
    stop: cancelled(token),
    task: spawn(async () => 5),
    joined: join(spawn(() => "joined")),
    promise: Promise.resolve(new Date(0)),
  });
  switch (won.key) {
    case "job":
      same<typeof won.value, { id: number }>();
      break;
    case "text":
      same<typeof won.value, IteratorResult<string, undefined>>();
      break;
    case "sent":
    case "tick":
      same<typeof won.value, void>();
      break;
    case "stop":
      same<typeof won.value, unknown>();
      break;
    case "task":
      same<typeof won.value, number>();
      break;
    case "joined":
      same<typeof won.value, string>();
      break;
    case "promise":
      same<typeof won.value, Date>();
      break;
    default:
      same<typeof won, never>();
  }
  // @ts-expect-error there is no such case
  if (won.key === "other") return;
}

export async function undefinedCases(): Promise<void> {
  const won = await select({ job: maybe ? recv(jobs) : undefined, text: recv(texts) });
  if (won.key === "job") same<typeof won.value, { id: number }>();
  else same<typeof won.value, string>();
  const off = await select({ job: undefined, text: recv(texts) });
  same<typeof off.key, "text">();
  same<typeof off.value, string>();
}

export async function defaults(): Promise<void> {
  const won = await select({ text: recv(texts) }, { default: 0 });
  if (won.key === "default") same<typeof won.value, number>();
  else same<typeof won.value, string>();
  const plain = await select({ text: recv(texts) }, { biased: true });
  same<typeof plain.key, "text">();
}

export function* inTask(): Task<number> {
  const won = yield* select({ job: recv(jobs), text: recv(texts) });
  if (won.key === "job") return won.value.id;
  return won.value.length;
}

export async function promiseOfUnion(
  promise: Promise<number | string>,
  nested: Promise<Promise<boolean>>,
): Promise<void> {
  const won = await select({ promise, nested });
  if (won.key === "promise") same<typeof won.value, number | string>();
  else same<typeof won.value, boolean>();
}

export function refused(): void {
  // @ts-expect-error a number is no case
  select({ job: 5 });
  // @ts-expect-error a function is no case
  select({ job: () => {} });
  // @ts-expect-error a channel is no case: recv or send it
  select({ job: texts });
  // @ts-expect-error what is sent must fit the channel
  select({ sent: send(texts, 5) });
}
