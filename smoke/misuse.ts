/** Wrong on purpose: every marked line must be refused by the compiler, or this file itself doesn't compile. */
import { chan, recv, select, spawn } from "gokio";

export async function misuse(): Promise<void> {
  const numbers = chan<number>(1);
  // @ts-expect-error a channel of numbers takes no string
  await numbers.send("one");
  const handle = spawn(async () => 1);
  // @ts-expect-error the handle's type is the body's
  const text: string = await handle;
  // @ts-expect-error a body is a function
  spawn(5);
  const won = await select({ number: recv(numbers) });
  // @ts-expect-error there is no such case
  if (won.key === "other") return;
  void text;
}
