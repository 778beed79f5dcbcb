/**
 * Ping and pong through a buffered channel, as generators. `next` receives in a box, so that the end of the channel is a value.
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
import { mpsc, next, type Sender, send, sleep, spawn, type Task } from "gokio";

const [tx, rx] = mpsc<string>(32);

function* play(to: Sender<string>, word: string): Task<void> {
  for (let round = 1; round <= 3; round++) {
    yield* send(to, `${word} ${round}`);
    yield* sleep(10);
  }
}

const other = tx.clone();
spawn(play(tx, "ping"), { move: tx });
spawn(play(other, "pong"), { move: other });

await spawn(function* (): Task<void> {
  for (let word = yield* next(rx); !word.done; word = yield* next(rx)) console.log(word.value);
});
console.log("nobody is left to play");
