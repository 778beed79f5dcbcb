/** Two tasks that wait for each other. */
import { rate } from "./measures.ts";
import type { Workload } from "./workload.ts";

export const pingPong: Workload = {
  id: "ping-pong",
  title: "Ping-pong",
  what: "Two tasks pass a number back and forth over two unbuffered channels, and each adds 1 to it.",
  size: 500_000,
  quick: 200_000,
  expected: (size) => String(2 * size),
  measures: [rate("round trips")],
  targets: [{ by: "gokio", atLeast: 1.5, times: ["go-2"] }],
};
