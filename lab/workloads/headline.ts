/** The headline: a million messages across ten thousand actors. */
import { cost, rate, resident, value } from "./measures.ts";
import type { Target, Workload } from "./workload.ts";

const ACTORS = 10_000;
const RECEIPTS = 1_000_000;
const IN_FLIGHT = [10_000, 1_000, 100];

const JS = ["js"];

const targets: readonly Target[] = IN_FLIGHT.flatMap((inflight): Target[] => [
  { by: "gokio", at: { inflight }, atLeast: 1, times: ["tokio-1"] },
  { by: "gokio", at: { inflight }, atLeast: 1, times: ["go-2"] },
  { by: "gokio-async", at: { inflight }, atLeast: 3, times: JS },
  { by: "gokio", at: { inflight }, measure: "p99", atMost: 1, times: ["go-2"] },
]);

export const headline: Workload = {
  id: "headline",
  name: "Headline",
  title: "A million messages across 10,000 actors",
  what:
    "Actors with mailboxes of 64 pass on messages, each to the actor that a random number in the message names. " +
    "A latency is the time from the sending of a message to its receipt. It starts cold: no warm-up.",
  size: RECEIPTS,
  quick: RECEIPTS,
  params: IN_FLIGHT.map((inflight) => ({ actors: ACTORS, inflight })),
  expected: (size) => String(size),
  measures: [
    rate("msgs"),
    value("p50", "latency, median", "ms"),
    value("p99", "latency, 99 %", "ms"),
    value("p999", "latency, 99.9 %", "ms"),
    value("max", "latency, longest", "ms"),
    resident("parked", "memory, all actors parked", "MB", 1e6),
    resident("peak", "memory, peak", "MB", 1e6),
  ],
  targets: [
    ...targets,
    { by: "gokio", at: { inflight: 1_000 }, measure: "p99", atMost: 1, times: ["tokio-2"] },
    { by: "gokio", at: { inflight: 1_000 }, measure: "p99", atMost: 1.2 },
  ],
  growth: {
    title: "A million messages across more and more actors",
    of: "actors",
    points: [100, 1_000, 10_000, 100_000, 1_000_000].map((actors) => {
      // So that a few actors have no more than their mailboxes hold: a ring of full ones would stand still.
      return { n: actors, size: RECEIPTS, params: { actors, inflight: actors / 10 } };
    }),
    cost: cost("message"),
  },
};
