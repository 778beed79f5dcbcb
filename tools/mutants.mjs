/**
 * Runs the tests against wrong versions of the code, each of which they must notice.
 *
 *     node tools/mutants.mjs [--tested] [primitive…]
 *
 * The tests are first run without a mutant, for their failures would prove nothing; `--tested` says that they have just passed.
 *
 * The mutants of a primitive are listed in packages/gokio/test/mutants/. Nothing is written into the sources: a plugin hands the
 * test runner the mutated text when the file is loaded. Two workers of this file each keep one runner alive and rerun
 * the listed tests in it; a worker that hangs, in a mutant that loops for ever, is ended, and that mutant is killed.
 */
import { fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(import.meta.url);
const root = resolve(dirname(here), "..");
const source = join(root, "packages/gokio/src");
const tests = join(root, "packages/gokio/test");
const TESTED = "--tested";
const WORKERS = 2;
/** A test of a mutant that waits this long waits for ever. */
const TEST_MS = 2_000;
/** A mutant of which no test ends for this long loops for ever. */
const HANG_MS = 12_000;
/** How long a run may go on once a test has failed. */
const FAILED_MS = 2_000;

// ── the worker: one test runner, many runs ──

async function work() {
  // The tests print what they like; only verdicts leave this process.
  const { createVitest } = await import("vitest/node");
  const { loadConfigFromFile } = await import("vite");
  const loaded = await loadConfigFromFile({ command: "serve", mode: "test" }, join(root, "vitest.config.ts"), root);
  const { test, ...vite } = loaded.config.test.projects[0];
  let mutant;
  const plugin = {
    name: "mutant",
    enforce: "pre",
    transform: (code, id) => (mutant !== undefined && id === mutant.path ? mutated(code, mutant) : undefined),
  };
  // The first failure is told at once: what follows it may hang.
  const reporter = {
    onTestCaseResult(test) {
      process.send(test.result().state === "failed" ? { failure: test.fullName } : { passed: test.fullName });
    },
  };
  const options = { config: false, root, watch: false, maxWorkers: 1, reporters: [reporter], api: false };
  const vitest = await createVitest("test", { ...test, ...options }, { ...vite, plugins: [plugin] });
  const specs = new Map((await vitest.globTestSpecifications()).map((spec) => [spec.moduleId, spec]));

  process.on("message", async (job) => {
    const before = mutant;
    mutant = job.mutant;
    for (const changed of [before, mutant]) if (changed !== undefined) vitest.invalidateFile(changed.path);
    vitest.config.bail = job.mutant === undefined ? 0 : 1;
    for (const project of vitest.projects) {
      project.config.bail = vitest.config.bail;
      project.config.testTimeout = job.mutant === undefined ? 20_000 : TEST_MS;
    }
    const wanted = job.tests.map((file) => specs.get(join(tests, file)));
    try {
      const missing = job.tests.filter((_file, i) => wanted[i] === undefined);
      if (missing.length > 0) throw new Error(`no such test file: ${missing.join(", ")}`);
      // The runner remembers the runs before.
      vitest.state.filesMap.clear();
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted);
      const ours = new Set(wanted.map((spec) => spec.moduleId));
      process.send(
        verdictOf(
          testModules.filter((module) => ours.has(module.moduleId)),
          unhandledErrors,
        ),
      );
    } catch (error) {
      process.send({ verdict: "broken", why: String(error?.message ?? error) });
    }
  });
  process.send({ verdict: "ready" });
}

function mutated(code, { find, replace }) {
  return code.replace(find, () => replace);
}

function verdictOf(testModules, unhandledErrors) {
  const failed = [];
  for (const module of testModules) {
    for (const test of module.children.allTests("failed")) failed.push(test.fullName);
    const unloaded = module.errors()[0];
    if (unloaded !== undefined && module.children.size === 0) return { verdict: "broken", why: unloaded.message };
    if (module.state() === "failed" && failed.length === 0) failed.push(module.relativeModuleId);
  }
  if (failed.length === 0 && unhandledErrors.length > 0) failed.push(`unhandled: ${unhandledErrors[0]?.message}`);
  return failed.length === 0 ? { verdict: "passed" } : { verdict: "failed", why: failed[0] };
}

// ── the parent: hands out the runs ──

async function main(args) {
  const jobs = await listJobs(args.filter((arg) => arg !== TESTED));
  if (args.includes(TESTED)) jobs.splice(0, jobs.length, ...jobs.filter((job) => job.mutant !== undefined));
  const survivors = [];
  const broken = [];
  const started = performance.now();
  let killed = 0;
  await runAll(jobs, ({ job, verdict, why, ms }) => {
    const label =
      job.mutant === undefined
        ? `${job.primitive}: the tests, without a mutant`
        : `${job.primitive}: ${job.mutant.name}`;
    if (verdict === "broken") broken.push(`${label}: ${why}`);
    else if (job.mutant === undefined && verdict === "failed") broken.push(`${label} fail: ${why}`);
    else if (job.mutant !== undefined && verdict === "passed") survivors.push(label);
    else if (job.mutant !== undefined) killed++;
    const said =
      job.mutant === undefined ? verdict : { passed: "SURVIVED", failed: "killed", broken: "BROKEN" }[verdict];
    console.log(`${said.padEnd(9)}${String(Math.round(ms)).padStart(6)} ms  ${label}${why ? `  (by ${why})` : ""}`);
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`mutants: ${killed} killed, ${survivors.length} survived, ${broken.length} broken, in ${seconds} s`);
  for (const line of broken) console.error(`mutants: broken: ${line}`);
  for (const line of survivors) console.error(`mutants: survived: ${line}`);
  if (survivors.length + broken.length > 0) process.exitCode = 1;
}

async function listJobs(wanted) {
  const known = readdirSync(join(tests, "mutants")).filter((file) => file.endsWith(".mjs"));
  const names = wanted.length > 0 ? wanted : known.map((file) => file.slice(0, -".mjs".length));
  const jobs = [];
  for (const primitive of names) {
    const { mutants } = await import(pathToFileURL(join(tests, "mutants", `${primitive}.mjs`)).href);
    if (mutants.length < 5) throw new Error(`${primitive} has ${mutants.length} mutants; five are asked for`);
    jobs.push({ primitive, tests: [...new Set(mutants.flatMap((mutant) => mutant.tests))] });
    for (const mutant of mutants) jobs.push({ primitive, tests: mutant.tests, mutant: checked(mutant) });
  }
  return jobs;
}

/** The mutant with its path, and why it is none, if so: the code has moved on. */
function checked({ name, file, find, replace }) {
  const path = join(source, file);
  const found = readFileSync(path, "utf8").split(find).length - 1;
  const wrong = found !== 1 ? `the text to find occurs ${found} times in ${file}` : undefined;
  return { name, path, find, replace, wrong: find === replace ? "it changes nothing" : wrong };
}

/** Runs `jobs` on a few workers, in order; calls `report` with each result. */
async function runAll(jobs, report) {
  const queue = [...jobs];
  const lanes = Array.from({ length: Math.min(WORKERS, queue.length) }, async () => {
    let worker;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      if (job.mutant?.wrong !== undefined) {
        report({ job, verdict: "broken", why: job.mutant.wrong, ms: 0 });
        continue;
      }
      worker ??= await startWorker();
      const from = performance.now();
      const { alive, ...result } = await ask(worker, job);
      report({ job, ...result, ms: performance.now() - from });
      if (!alive) {
        end(worker);
        worker = undefined;
      }
    }
    if (worker !== undefined) end(worker);
  });
  await Promise.all(lanes);
}

async function startWorker() {
  // A process group of its own, so that it ends together with the processes its runner has started.
  const worker = fork(here, ["--worker"], { cwd: root, detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  running.add(worker);
  const { verdict, why } = await reply(worker).result;
  if (verdict !== "ready") throw new Error(`the test runner does not start: ${why}`);
  return worker;
}

const running = new Set();

function end(worker) {
  running.delete(worker);
  try {
    process.kill(-worker.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** One run on `worker`; one that does not end has failed. */
function ask(worker, job) {
  let timer;
  let hasFailed = false;
  const giveUpAfter = (ms, why) => {
    clearTimeout(timer);
    timer = setTimeout(run.give, ms, { verdict: "failed", why, alive: false });
  };
  const run = reply(worker, ({ failure }) => {
    if (hasFailed) return;
    hasFailed = failure !== undefined;
    if (hasFailed) giveUpAfter(FAILED_MS, failure);
    else giveUpAfter(HANG_MS, "it hangs");
  });
  giveUpAfter(HANG_MS, "it hangs");
  worker.send(job);
  return run.result.then((result) => {
    clearTimeout(timer);
    return { alive: true, ...result };
  });
}

/** The next verdict of `worker`, or what `give` is called with before it. */
function reply(worker, onTestEnd = () => {}) {
  let give;
  const result = new Promise((resolve) => {
    const said = (message) => ("verdict" in message ? give(message) : onTestEnd(message));
    const died = (code) => give({ verdict: "broken", why: `the test runner ended with ${code}`, alive: false });
    give = (message) => {
      worker.off("message", said);
      worker.off("exit", died);
      resolve(message);
    };
    worker.on("message", said);
    worker.on("exit", died);
  });
  return { result, give };
}

if (process.argv[2] === "--worker") await work();
else {
  process.on("exit", () => {
    for (const worker of running) end(worker);
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
  await main(process.argv.slice(2));
}
