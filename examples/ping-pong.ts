/**
 * Ping and pong through a buffered channel, with a cloned sender. Each task is given a sender of its own to `move` in, which is
 * disposed when the task ends; with the last of them, the channel ends, and so does the loop.
 *
 * Prints:
 *
 *     ping 1
 *     pong 1
 *     ping 2
 *     pong 2
 *     ping 3
 *     pong 3
 *     nobody is left to play
 *
 * @module
 */
import { mpsc, type Sender, sleep, spawn } from "gokio";

const [tx, rx] = mpsc<string>(32);

async function play(to: Sender<string>, word: string): Promise<void> {
  for (let round = 1; round <= 3; round++) {
    await to.send(`${word} ${round}`);
    await sleep(10);
  }
}

const other = tx.clone();
spawn(() => play(tx, "ping"), { move: tx });
spawn(() => play(other, "pong"), { move: other });

for await (const word of rx) console.log(word);
console.log("nobody is left to play");
