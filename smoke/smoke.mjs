/**
 * What a program of a user does, in the smallest form: the same file runs on every runtime and, bundled, in a browser.
 * Nothing here is ambient that a browser lacks: the async task hands its own signal on.
 */
import { CancellationToken, cancelled, chan, recv, scope, select, send, sleep, spawn } from "gokio";
import { dump } from "gokio/diagnostics";
import { explore, simulate } from "gokio/testing";

function runtime() {
  if (globalThis.Deno !== undefined) return `deno ${globalThis.Deno.version.deno}`;
  if (globalThis.Bun !== undefined) return `bun ${globalThis.Bun.version}`;
  if (globalThis.document !== undefined) return `browser ${/Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? ""}`;
  return `node ${globalThis.process.versions.node}`;
}

function check(condition, what) {
  if (!condition) throw new Error(`smoke failed: ${what}`);
}

async function selectReceives() {
  const numbers = chan(1);
  const sender = spawn(async () => {
    for (const n of [1, 2, 3]) await numbers.send(n);
    return "sent";
  });
  const got = [];
  while (got.length < 3) {
    const won = await select({ number: recv(numbers), late: sleep(10_000) });
    check(won.key === "number", `select took ${String(won.key)}`);
    got.push(won.value);
  }
  check(got.join() === "1,2,3", `received ${got}`);
  check((await sender) === "sent", "the sender's own value");
}

async function generatorSelects() {
  const numbers = chan(0);
  const sum = spawn(function* () {
    let total = 0;
    for (let i = 0; i < 3; i++) total += yield* recv(numbers);
    return total;
  });
  for (const n of [1, 2, 3]) await numbers.send(n);
  check((await sum) === 6, "a generator task receives");
}

async function sleeps() {
  const before = performance.now();
  await sleep(20);
  check(performance.now() - before >= 19, "sleep came back early");
}

async function abortRunsFinally() {
  const cleaned = [];
  const generator = spawn(function* () {
    try {
      yield* sleep(60_000);
    } finally {
      cleaned.push("generator");
    }
  });
  const asynchronous = spawn(async (self) => {
    try {
      await sleep(60_000, { signal: self.signal });
    } finally {
      cleaned.push("async");
    }
  });
  await sleep(1);
  generator.abort();
  asynchronous.abort();
  const ends = [await generator.settled(), await asynchronous.settled()];
  check(cleaned.sort().join() === "async,generator", `cleanup ran in: ${cleaned}`);
  check(
    ends.every((end) => end.status === "aborted"),
    `ended ${JSON.stringify(ends)}`,
  );
}

async function tokenCancels() {
  const token = new CancellationToken();
  spawn(async () => {
    await sleep(5);
    token.cancel();
  });
  const won = await select({ stop: cancelled(token), late: sleep(10_000) });
  check(won.key === "stop", "a token wins a select");
}

async function scopeWaits() {
  const done = [];
  await scope(async (s) => {
    for (const ms of [5, 10]) {
      s.spawn(async () => {
        await sleep(ms);
        done.push(ms);
      });
    }
  });
  check(done.join() === "5,10", "a scope waits for its children");
}

async function looksInside() {
  const jobs = chan(0, { name: "jobs" });
  const worker = spawn(function* () {
    return yield* recv(jobs);
  });
  await sleep(1);
  const text = dump().toString();
  check(text.includes('recv on chan(0, "jobs")'), `the dump says ${text}`);
  await jobs.send("job");
  check((await worker) === "job", "a task that was looked at goes on");
}

// Generators: without AsyncLocalStorage, as in browsers, async code can't be told apart from what is outside.
async function simulates() {
  const elapsed = await simulate(function* (sim) {
    yield* sleep(3_600_000);
    return sim.elapsed;
  });
  check(elapsed === 3_600_000, `an hour took ${elapsed} ms of virtual time`);
}

async function explores() {
  const { schedules, complete } = await explore(function* () {
    const numbers = chan(1);
    for (const n of [1, 2]) {
      spawn(function* () {
        yield* send(numbers, n);
      });
    }
    const sum = (yield* recv(numbers)) + (yield* recv(numbers));
    if (sum !== 3) throw new Error(`received ${sum}`);
  });
  check(complete && schedules > 1, `explored ${schedules} schedules`);
}

await selectReceives();
await generatorSelects();
await sleeps();
await abortRunsFinally();
await tokenCancels();
await scopeWaits();
await looksInside();
await simulates();
await explores();
console.log(`smoke ok ${runtime()}`);
