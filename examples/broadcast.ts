/**
 * Broadcast to three subscribers. Every message goes to each of them; the sender never waits, and its disposal ends their loops.
 *
 * Prints:
 *
 *     3 subscribers
 *     ada hears: breakfast
 *     bob hears: breakfast
 *     cyd hears: breakfast
 *     ada hears: lunch
 *     bob hears: lunch
 *     cyd hears: lunch
 *     all have left
 *
 * @module
 */
import { type BroadcastReceiver, broadcast, sleep, spawn } from "gokio";

async function listen(name: string, news: BroadcastReceiver<string>): Promise<void> {
  for await (const text of news) console.log(`${name} hears: ${text}`);
}

const bell = broadcast<string>(16);
const listeners = ["ada", "bob", "cyd"].map((name) => {
  // Subscribed here, not in the task: that starts later, and would miss what is sent before.
  const news = bell.subscribe();
  return spawn(() => listen(name, news), { move: news });
});

console.log(`${bell.send("breakfast")} subscribers`);
await sleep(10);
bell.send("lunch");
bell[Symbol.dispose]();

await Promise.all(listeners);
console.log("all have left");
