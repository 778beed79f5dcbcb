/** Work that is done by a few at once. */
import { time } from "./measures.ts";
import type { Measure, Workload } from "./workload.ts";

const LIMIT = 64;

/** The best there can be: as many rounds as it takes with so many at once, each as long as one such timer takes. */
const excess: Measure = {
  id: "excess",
  title: "time, of the best there can be",
  unit: "× bound",
  better: "less",
  of: ({ size, ms, values }) => ms / (Math.ceil(size / LIMIT) * (values["timer"] ?? Number.NaN)),
};

export const mapConcurrent: Workload = {
  id: "map-concurrent",
  title: "Timers of 1 ms, 64 at once",
  what:
    "Many timers of 1 ms are waited for, no more than 64 at once. The best there can be is N/64 times what one such timer takes, " +
    "which each contestant measures of its own before.",
  size: 100_000,
  quick: 10_000,
  expected: (size) => String(size),
  measures: [
    time,
    excess,
    { ...excess, id: "timer", title: "one timer, median", unit: "ms", of: ({ values }) => values["timer"] },
  ],
  targets: [{ by: "gokio", measure: "excess", atMost: 1.3 }],
};
