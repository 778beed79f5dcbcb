/** A contestant that behaves as its first argument says. It does nothing, and so is fast. */
import { appendFileSync, writeSync } from "node:fs";

const [behaviour, note, workload, size] = process.argv.slice(2);
const right = { rendezvous: (size * (size - 1)) / 2, buffered: (size * (size - 1)) / 2, "ping-pong": 2 * size };

const say = (more) =>
  console.log(JSON.stringify({ workload, size: Number(size), ms: 1, check: "", values: {}, ...more }));

const behaviours = {
  right: () =>
    say({
      check: String(right[workload]),
      values: {
        p99: 2,
        cdf: [
          [1, 0.5],
          [2, 1],
        ],
      },
    }),
  wrong: () => say({ check: String(right[workload] + 1) }),
  missing: () => console.log(JSON.stringify({ workload, missing: true })),
  garbage: () => console.log("Hello, world!"),
  silent: () => {},
  chatty: () => {
    console.log("progress: 50 %");
    behaviours.right();
  },
  flood: () => {
    for (;;) writeSync(1, "x".repeat(65_536));
  },
  impossible: () => say({ ms: -1, check: String(right[workload]) }),
  numberless: () => say({ ms: "1", check: String(right[workload]) }),
  other: () => say({ workload: "another", check: String(right[workload]) }),
  smaller: () => say({ size: 1, check: "0" }),
  crash: () => {
    throw new Error("out of luck");
  },
  // The line is right, and then it fails after all.
  late: () => {
    behaviours.right();
    process.exitCode = 3;
  },
  hang: () => setInterval(() => {}, 1000),
  environment: () => {
    if (process.env.LAB_TEST_NOISE !== undefined) throw new Error("the environment is not plain");
    behaviours.right();
  },
};

if (note !== "-") appendFileSync(note, `${behaviour} ${workload}\n`);
behaviours[behaviour]();
