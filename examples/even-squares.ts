/**
 * Even squares, five of them, at most one every 100 ms. The range has no end: only what is asked for is made.
 *
 * Prints:
 *
 *     0
 *     4
 *     16
 *     36
 *     64
 *
 * @module
 */
import { Stream } from "gokio";

const squares = Stream.range(0).map((n) => n * n);
const even = squares.filter((n) => n % 2 === 0);
for await (const square of even.throttle(100).take(5)) console.log(square);
