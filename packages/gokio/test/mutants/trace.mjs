/** Wrong traces and recordings. */
const trace = ["diagnostics/trace.test.ts"];
const metrics = ["diagnostics/metrics.test.ts"];
const sites = ["diagnostics/sites.test.ts"];

export const mutants = [
  {
    name: "it goes on when the last has stopped",
    file: "diagnostics/trace.ts",
    find: "      attached?.[dispose]();\n",
    replace: "",
    tests: trace,
  },
  {
    name: "it is off with the first that stops",
    file: "diagnostics/trace.ts",
    find: "      if (rates.size > 0) return;\n",
    replace: "",
    tests: trace,
  },
  {
    name: "the last rate counts, not the highest",
    file: "diagnostics/trace.ts",
    find: "  rate = Math.max(...rates.values());",
    replace: "  rate = rates.get(own) as number;",
    tests: trace,
  },
  {
    name: "the place of an await is not known",
    file: "diagnostics/trace.ts",
    find: "      awaitedAt = here;\n",
    replace: "",
    tests: trace,
  },
  {
    name: "the waits of async code do not count as runs of its task",
    file: "diagnostics/trace.ts",
    find: "    count(waiter.region.task);\n",
    replace: "",
    tests: trace,
  },
  {
    name: "a capture leaves stacks as long as it needs them",
    file: "diagnostics/sites.ts",
    find: "else errors.stackTraceLimit = limit;",
    replace: "else errors.stackTraceLimit = DEPTH;",
    tests: sites,
  },
  {
    name: "the frames of an installed gokio are shown",
    file: "diagnostics/sites.ts",
    find: "if (/\\/node_modules\\/gokio\\//.test(url)) return true;",
    replace: "",
    tests: sites,
  },
  {
    name: "a turn goes on over the pauses between",
    file: "diagnostics/recording.ts",
    find: `  roused(scheduler: Scheduler): void {
    this.of(scheduler).turnBegan = undefined;`,
    replace: `  roused(scheduler: Scheduler): void {
    this.of(scheduler);`,
    tests: metrics,
  },
  {
    name: "the delay of a job counts from the last but one time it was queued",
    file: "diagnostics/recording.ts",
    find: "this.of(scheduler).queuedAt.set(job, scheduler.host.now());",
    replace:
      "const { queuedAt } = this.of(scheduler);\n    if (!queuedAt.has(job)) queuedAt.set(job, scheduler.host.now());",
    tests: metrics,
  },
  {
    name: "channels are held",
    file: "diagnostics/known-channels.ts",
    find: "this.#refs.push(new WeakRef(found.object));",
    replace: "this.#refs.push({ deref: () => found.object } as unknown as WeakRef<object>);",
    tests: metrics,
  },
  {
    name: "what is queued of async tasks is counted twice",
    file: "diagnostics/metrics.ts",
    find: '(state === "runnable" && record.gen !== undefined)',
    replace: 'state === "runnable"',
    tests: metrics,
  },
  {
    name: "a bound belongs to the bucket above",
    file: "diagnostics/histogram.ts",
    find: "ms > (BOUNDS[bucket] as number)",
    replace: "ms >= (BOUNDS[bucket] as number)",
    tests: ["diagnostics/histogram.test.ts"],
  },
];
