/** Wrong on purpose: every marked line must be refused by the compiler, or this file itself doesn't compile. */
import { chan, Operation, recv, select, send, sleep, spawn, type Task, task, timeout } from "gokio";

export async function misuse(): Promise<void> {
  const numbers = chan<number>(1);
  // @ts-expect-error a channel of numbers takes no string
  await numbers.send("one");
  // @ts-expect-error nor does the operation
  await send(numbers, "one");
  // @ts-expect-error a sent value is one value
  await numbers.send(1, 2);

  const handle = spawn(async () => 1);
  // @ts-expect-error the handle's type is the body's
  const text: string = await handle;
  // @ts-expect-error a body is a function
  spawn(5);
  // @ts-expect-error a promise is no body: it has started already
  spawn(Promise.resolve(5));
  // @ts-expect-error an async generator is no body
  spawn(async function* () {
    yield 1;
  });
  // @ts-expect-error a stray yield: it has to be yield*
  spawn(function* () {
    yield sleep(1);
  });
  spawn(function* (): Task<void> {
    // @ts-expect-error the same, told by the declared type
    yield 1;
  });

  // @ts-expect-error a bare promise cannot be stopped
  await timeout(10, Promise.resolve(1));
  // @ts-expect-error nor can an async generator be limited
  await timeout(10, async function* () {
    yield 1;
  });
  // @ts-expect-error milliseconds are a number
  await sleep("10");
  // @ts-expect-error a signal is an AbortSignal, a token or a context
  await sleep(10, { signal: "stop" });

  const won = await select({ number: recv(numbers) });
  // @ts-expect-error there is no such case
  if (won.key === "other") return;
  // @ts-expect-error the value has the type of its case
  const wrong: string = won.value;
  // @ts-expect-error a number is no case
  await select({ number: 5 });
  // @ts-expect-error work is started when nothing is ready, and a default always is
  await select({ work: task(async () => 1) }, { default: 0 });
  // @ts-expect-error a channel is received from with recv
  await select({ number: numbers });

  // @ts-expect-error an operation is a class of its own, with more than a try
  class Half extends Operation<number> {
    override try(): number {
      return 1;
    }
  }
  void [text, wrong, Half];
}
