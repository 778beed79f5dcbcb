/** What a process says that can make no progress any more; and what it never says. */
import { describe, expect, test } from "vitest";
import { programs } from "../support/programs.ts";

const run = programs();
const HEAD = "gokio: deadlock: everything is parked, and nothing is left that could wake it\n";

describe("the report at the end of a process names", () => {
  test("who holds what the others wait for, and the cycle", async () => {
    const { code, stderr } = await run(`
      import { chan, holding, lock, Mutex, spawn, yieldNow } from "gokio";
      const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
      const both = (first, second) => function* () {
        yield* holding(lock(first), function* () {
          yield* yieldNow();
          yield* holding(lock(second), function* () {});
        });
      };
      spawn(both(a, b), { name: "ab" });
      spawn(both(b, a), { name: "ba" });
      spawn(() => a.lock(), { name: "late" });
      spawn(() => chan(1).recv());
      spawn(() => chan(1).recv(), { daemon: true });
    `);
    expect(stderr).toBe(
      `${HEAD}  task 1 (ab): lock on mutex("b"), held by task 2 (ba)\n` +
        '  task 2 (ba): lock on mutex("a"), held by task 1 (ab)\n' +
        '  task 3 (late): lock on mutex("a"), held by task 1 (ab)\n' +
        "  task 4: recv on chan(1)\n\n" +
        "  a cycle:\n" +
        '    task 1 (ab) waits for task 2 (ba): lock on mutex("b")\n' +
        '    task 2 (ba) waits for task 1 (ab): lock on mutex("a")\n',
    );
    expect(code).toBe(2);
  });

  test("an async task that waits for itself, by a lock and by its own end; and what ended tasks hold", async () => {
    const { code, stderr } = await run(`
      import { Mutex, RwLock, spawn, yieldNow } from "gokio";
      const [db, lost, rw] = [new Mutex(0, { name: "db" }), new Mutex(0, { name: "lost" }), new RwLock(0, { name: "rw" })];
      spawn(async () => await db.with(async () => await db.with(() => {})), { name: "nested" });
      const own = spawn(async () => { await yieldNow(); await own.settled(); }, { name: "own" });
      spawn(async () => { await lost.lock(); }, { name: "careless" });
      spawn(async () => { await yieldNow(); await lost.lock(); }, { name: "victim" });
      spawn(async () => { await rw.read(); await rw.write(); }, { name: "upgrade" });
    `);
    expect(stderr).toBe(
      `${HEAD}  task 1 (nested): lock on mutex("db"), held by itself\n` +
        "  task 2 (own): join of task 2 (own)\n" +
        '  task 4 (victim): lock on mutex("lost"), held by task 3 (careless), which has ended\n' +
        '  task 5 (upgrade): write on rw-lock("rw"), held by itself\n\n' +
        "  a cycle:\n" +
        '    task 1 (nested) waits for itself: lock on mutex("db")\n\n' +
        "  a cycle:\n" +
        "    task 2 (own) waits for itself: join of task 2 (own)\n\n" +
        "  a cycle:\n" +
        '    task 5 (upgrade) waits for itself: write on rw-lock("rw")\n',
    );
    expect(code).toBe(2);
  });

  test("code outside of tasks as the holder", async () => {
    const { code, stderr } = await run(`
      import { Mutex } from "gokio";
      const db = new Mutex(0, { name: "db" });
      await db.with(async () => await db.with(() => {}));
    `);
    expect(stderr).toBe(`${HEAD}  outside tasks: lock on mutex("db"), held by code outside of tasks\n`);
    expect(code).toBe(2);
  });

  test("where they are parked, while tracing", async () => {
    const { code, stderr } = await run(
      `
      import { chan, recv, spawn } from "gokio";
      function* listen() { yield* recv(chan(3)); }
      spawn(listen, { name: "listener" });
    `,
      { env: { GOKIO_TRACE: "1" } },
    );
    expect(stderr).toMatch(/ {2}task 1 \(listener\): recv on chan\(3\)\n {6}at listen \(.*program-\d+\.mjs:3:\d+\)\n/);
    expect(code).toBe(2);
  });
});

test("a server that is idle is never reported, nor the daemons around it: neither at the end nor in the background", async () => {
  const { code, stdout, stderr } = await run(`
    import { createServer, get } from "node:http";
    import { chan, Mutex, sleep, spawn } from "gokio";
    import { findDeadlocks, watchDeadlocks } from "gokio/diagnostics";
    const watching = watchDeadlocks({ every: 5 });
    const [jobs, log] = [chan(0, { name: "jobs" }), chan(8)];
    const state = new Mutex({ requests: 0 });
    spawn(async () => { for await (const job of jobs) job.end("done " + job.n); }, { daemon: true, name: "worker" });
    spawn(function* () { for (;;) yield* sleep(1); }, { daemon: true, name: "ticker" });
    spawn(async () => { for await (const line of log) void line; }, { name: "logger" });
    const server = createServer((request, response) => {
      spawn(async () => {
        const n = await state.with((guard) => ++guard.value.requests);
        response.n = n;
        await jobs.send(response);
      });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const fetchText = () => new Promise((resolve) => get({ port: server.address().port, host: "127.0.0.1", agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk)).on("end", () => resolve(text));
    }));
    console.log(await fetchText());
    // Idle for many checks.
    await sleep(60);
    console.log((await findDeadlocks({ collect: true })).length);
    console.log(await fetchText());
    log.close();
    server.close();
    watching[Symbol.dispose]();
  `);
  expect(stderr).toBe("");
  expect([code, stdout]).toEqual([0, "done 1\n0\ndone 2\n"]);
});

test("a deadlock beside an idle server is told in the background, once, and the process goes on", async () => {
  const { code, stdout, stderr } = await run(`
    import { createServer } from "node:http";
    import { lock, Mutex, sleep, spawn, yieldNow } from "gokio";
    import { watchDeadlocks } from "gokio/diagnostics";
    watchDeadlocks({ every: 2 });
    const server = createServer(() => {}).listen(0, "127.0.0.1");
    const [a, b] = [new Mutex(0, { name: "a" }), new Mutex(0, { name: "b" })];
    const both = (first, second) => function* () {
      yield* lock(first);
      yield* yieldNow();
      yield* lock(second);
    };
    let isTold = false;
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => { isTold = true; return write(text); };
    const tasks = [spawn(both(a, b), { name: "ab" }), spawn(both(b, a), { name: "ba" })];
    while (!isTold) await sleep(1);
    await sleep(20);
    for (const task of tasks) task.abort();
    server.close();
    console.log("went on");
  `);
  expect(stderr).toBe(
    "gokio: a deadlock: tasks that wait for each other\n" +
      '  task 1 (ab) waits for task 2 (ba): lock on mutex("b")\n' +
      '  task 2 (ba) waits for task 1 (ab): lock on mutex("a")\n',
  );
  expect([code, stdout]).toEqual([0, "went on\n"]);
});
