/**
 * The naturals as a cancellable sequence: a stream makes one number at a time, when it is asked for. The token ends it, also in the middle of a
 * pause, and what is upstream is closed.
 *
 * Prints:
 *
 *     0
 *     1
 *     2
 *     3
 *     the sequence is closed
 *     the loop is over
 *
 * @module
 */
import { CancellationToken, Stream } from "gokio";

const token = new CancellationToken();
const naturals = Stream.range(0)
  .throttle(10)
  .onCancel(() => console.log("the sequence is closed"))
  .takeUntil(token);

for await (const n of naturals) {
  console.log(n);
  if (n === 3) token.cancel("enough");
}
console.log("the loop is over");
