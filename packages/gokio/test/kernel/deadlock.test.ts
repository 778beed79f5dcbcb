/** What ends a process, what keeps it, and what is said when nothing can go on. */
import { describe, expect, test } from "vitest";
import { programs } from "../support/programs.ts";

const run = programs();
const HEAD = "gokio: deadlock: everything is parked, and nothing is left that could wake it\n";

describe("a deadlock is listed once, and the exit code is 2:", () => {
  test("tasks of both flavours, by name and wait", async () => {
    const { code, stdout, stderr } = await run(`
      import { chan, recv, send, select, spawn } from "gokio";
      const jobs = chan(0, { name: "jobs" });
      const results = chan(3);
      spawn(function* () { yield* recv(jobs); }, { name: "worker" });
      spawn(async () => { await results.recv(); }, { name: "collector" });
      spawn(function* () { yield* select({ a: recv(jobs), b: send(chan(), 1) }); });
      console.log("started");
    `);
    expect(stderr).toBe(
      `${HEAD}  task 1 (worker): recv on chan(0, "jobs")\n` +
        "  task 2 (collector): recv on chan(3)\n" +
        '  task 3: select of a: recv on chan(0, "jobs"), b: send on chan(0)\n',
    );
    expect([code, stdout]).toEqual([2, "started\n"]);
  });

  test("a top-level await", async () => {
    const { code, stdout, stderr } = await run(`
      import { chan } from "gokio";
      await chan().recv();
      console.log("never");
    `);
    expect(stderr).toBe(`${HEAD}  outside tasks: recv on chan(0)\n`);
    expect([code, stdout]).toEqual([2, ""]);
  });

  test("a top-level await of a task", async () => {
    const { code, stderr } = await run(`
      import { chan, spawn } from "gokio";
      const never = chan();
      await spawn(async () => await never.recv(), { name: "stuck" });
    `);
    expect(stderr).toBe(`${HEAD}  task 1 (stuck): recv on chan(0)\n  outside tasks: join of task 1 (stuck)\n`);
    expect(code).toBe(2);
  });

  test("a task in a foreign await that will never end", async () => {
    const { code, stderr } = await run(`
      import { spawn } from "gokio";
      spawn(async () => await new Promise(() => {}), { name: "lost" });
    `);
    expect(stderr).toBe(`${HEAD}  task 1 (lost): a foreign await\n`);
    expect(code).toBe(2);
  });

  test("after a while of real work", async () => {
    const { code, stdout, stderr } = await run(`
      import { chan, sleep, spawn } from "gokio";
      const ch = chan();
      spawn(async () => { for await (const value of ch) console.log(value); });
      for (let i = 0; i < 3; i++) { await sleep(2); await ch.send(i); }
    `);
    expect(stdout).toBe("0\n1\n2\n");
    expect(stderr).toBe(`${HEAD}  task 1: next on chan(0)\n`);
    expect(code).toBe(2);
  });

  test("two tasks that wait for each other, and a sleep for ever", async () => {
    const { code, stderr } = await run(`
      import { join, sleep, spawn } from "gokio";
      const a = spawn(function* () { yield* join(b); }, { name: "a" });
      const b = spawn(function* () { yield* join(a); }, { name: "b" });
      spawn(() => sleep(Infinity));
    `);
    expect(stderr).toBe(
      `${HEAD}  task 1 (a): join of task 2 (b)\n  task 2 (b): join of task 1 (a)\n  task 3: sleep(Infinity)\n\n` +
        "  a cycle:\n" +
        "    task 1 (a) waits for task 2 (b): join of task 2 (b)\n" +
        "    task 2 (b) waits for task 1 (a): join of task 1 (a)\n",
    );
    expect(code).toBe(2);
  });

  test("even if the process comes to its end more than once", async () => {
    const { code, stderr } = await run(`
      import { chan, spawn } from "gokio";
      spawn(() => chan().recv());
      let rounds = 3;
      process.on("beforeExit", () => { if (--rounds > 0) setTimeout(() => {}, 1); });
    `);
    expect(stderr).toBe(`${HEAD}  task 1: recv on chan(0)\n`);
    expect(code).toBe(2);
  });

  test("a long list is cut", async () => {
    const { code, stderr } = await run(`
      import { chan, spawn } from "gokio";
      for (let i = 0; i < 60; i++) spawn(() => chan().recv());
    `);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.length).toBe(52);
    expect(lines[1]).toBe("  task 1: recv on chan(0)");
    expect(lines[51]).toBe("  … and 10 more");
    expect(code).toBe(2);
  });
});

describe("no deadlock is reported", () => {
  test("when everything has ended", async () => {
    expect(
      await run(`
        import { chan, spawn } from "gokio";
        const ch = chan();
        spawn(() => ch.send(5));
        console.log(await ch.recv());
      `),
    ).toEqual({ code: 0, stdout: "5\n", stderr: "" });
  });

  test("for daemons, and they do not keep the process: neither by a wait nor by a timer", async () => {
    expect(
      await run(`
        import { chan, recv, select, sleep, spawn } from "gokio";
        const daemon = { daemon: true };
        spawn(function* () { yield* recv(chan()); }, daemon);
        spawn(async () => { await chan().recv(); }, daemon);
        spawn(function* () { yield* sleep(100_000_000); }, daemon);
        spawn(async () => { await sleep(100_000_000); }, daemon);
        spawn(function* () { yield* select({ a: sleep(100_000_000), b: recv(chan()) }); }, daemon);
        console.log("done");
      `),
    ).toEqual({ code: 0, stdout: "done\n", stderr: "" });
  });

  test("for the deadline of a token, which does not keep the process either", async () => {
    expect(
      await run(`
        import { CancellationToken } from "gokio";
        new CancellationToken().cancelAfter(100_000_000);
        console.log("done");
      `),
    ).toEqual({ code: 0, stdout: "done\n", stderr: "" });
  });

  test("while a timer, or work that is foreign, may still wake somebody", async () => {
    expect(
      await run(`
        import { readFile } from "node:fs/promises";
        import { chan, sleep, spawn, wait } from "gokio";
        const ch = chan();
        setTimeout(() => ch.trySend("from a timer"), 20);
        console.log(await ch.recv());
        spawn(function* () { yield* sleep(20); ch.trySend("from a task"); });
        console.log(await ch.recv());
        const text = await wait((signal) => readFile(process.argv[1], { encoding: "utf8", signal }));
        console.log(text.includes("gokio"));
      `),
    ).toEqual({ code: 0, stdout: "from a timer\nfrom a task\ntrue\n", stderr: "" });
  });

  test("for a wait that was cancelled, or lost", async () => {
    expect(
      await run(`
        import { CancellationToken, chan, recv, select, sleep, spawn } from "gokio";
        const token = new CancellationToken();
        const wait = chan().recv({ signal: token }).catch((error) => error.name);
        token.cancel();
        console.log(await wait);
        console.log((await select({ never: recv(chan()), soon: sleep(1) })).key);
        const task = spawn(() => chan().recv());
        await sleep(1);
        task.abort();
        console.log((await task.settled()).status);
      `),
    ).toEqual({ code: 0, stdout: "AbortError\nsoon\naborted\n", stderr: "" });
  });

  test("for a wait with a deadline, while its timer runs", async () => {
    expect(
      await run(`
        import { chan, recv, timeout } from "gokio";
        console.log(await timeout(10, recv(chan())).then(String, (error) => error.name));
        console.log(await timeout(10, async () => await chan().recv()).then(String, (error) => error.name));
      `),
    ).toEqual({ code: 0, stdout: "TimeoutError\nTimeoutError\n", stderr: "" });
  });
});

test("a sleep of anybody who is no daemon keeps the process, and one that is cancelled does not", async () => {
  const { stdout, ...rest } = await run(`
      import { sleep, spawn } from "gokio";
      spawn(function* () { yield* sleep(20); console.log("generator"); });
      spawn(async () => { await sleep(25); console.log("async"); });
      const long = spawn(() => sleep(100_000_000));
      await sleep(30);
      long.abort();
      console.log("outside");
    `);
  // A machine that is slow to start the tasks may have the last one end first.
  expect(stdout.trimEnd().split("\n").sort()).toEqual(["async", "generator", "outside"]);
  expect(rest).toEqual({ code: 0, stderr: "" });
});

test("an unjoined failure ends the process as an unhandled rejection does, with the error itself", async () => {
  const { code, stderr } = await run(`
    import { spawn } from "gokio";
    spawn(function* () { throw new RangeError("nobody asks"); });
  `);
  expect(code).toBe(1);
  expect(stderr.split("RangeError: nobody asks").length).toBe(2);
});

test("importing the package does nothing: no handler, no timer, no output", async () => {
  expect(
    await run(`
      const before = process.eventNames().length;
      await import("gokio");
      console.log(process.eventNames().length - before);
    `),
  ).toEqual({ code: 0, stdout: "0\n", stderr: "" });
});

test("the deadline of a token holds the process while it is all that can wake somebody", async () => {
  const { code, stdout, stderr } = await run(`
    import { CancellationToken, chan, sleep, spawn } from "gokio";
    const token = new CancellationToken().cancelAfter(20);
    console.log(await chan().recv({ signal: token }).catch((error) => error.name));
    const ch = chan();
    spawn(async () => { await sleep(20); await ch.send("from a daemon"); }, { daemon: true });
    console.log(await ch.recv());
    new CancellationToken().cancelAfter(60_000);
  `);
  expect(stderr).toBe("");
  expect([code, stdout]).toEqual([0, "TimeoutError\nfrom a daemon\n"]);
});

describe("what is shielded is listed, too:", () => {
  test("a shield outside of tasks, and one in a task", async () => {
    const { code, stderr } = await run(`
      import { chan, shield, spawn } from "gokio";
      spawn(async () => await shield(() => shield(async () => await chan(1).recv())), { name: "shielded" });
      await shield(async () => await chan(2).recv());
    `);
    expect(stderr).toBe(`${HEAD}  task 1 (shielded): recv on chan(1)\n  outside tasks: recv on chan(2)\n`);
    expect(code).toBe(2);
  });

  test("what a scope and a group wait for, to be left", async () => {
    const { code, stderr } = await run(`
      import { chan, JoinSet, scope, shield, yieldNow } from "gokio";
      const stuck = async () => {
        try { await chan(1).recv(); } finally { await shield(async () => await chan(2).recv()); }
      };
      void (async () => {
        const set = new JoinSet();
        set.spawn(stuck, { daemon: true });
        await yieldNow();
        await set[Symbol.asyncDispose]();
      })();
      await scope(async (s) => { s.spawn(stuck, { name: "child" }); await yieldNow(); s.cancel(); });
    `);
    expect(code).toBe(2);
    expect(stderr).toContain(HEAD);
    expect(stderr).toMatch(/ \(child\): (a foreign await|recv on chan\(2\))\n/);
    // The scope, the group, and both shields.
    expect(stderr.split("outside tasks: ").length).toBeGreaterThanOrEqual(3);
  });
});

describe("who waits for daemons is no daemon, and holds the process for them:", () => {
  test("a scope", async () => {
    const program = `
      import { scope, sleep } from "gokio";
      await scope(async (s) => { s.spawn(async () => { await sleep(20); console.log("daemon done"); }, { daemon: true }); });
      console.log("end");
    `;
    expect(await run(program)).toEqual({ code: 0, stdout: "daemon done\nend\n", stderr: "" });
  });

  test("a scope that waits for the cleanup of one", async () => {
    const program = `
      import { scope, shield, sleep } from "gokio";
      await scope(async (s) => {
        s.spawn(async () => {
          try { await sleep(60_000); } finally { await shield(() => sleep(20)); console.log("cleaned"); }
        }, { daemon: true });
        await sleep(1);
        s.cancel();
      });
      console.log("end");
    `;
    expect(await run(program)).toEqual({ code: 0, stdout: "cleaned\nend\n", stderr: "" });
  });

  test("main", async () => {
    const program = `
      import { main, shield, sleep } from "gokio";
      const value = await main(async (s) => {
        s.spawn(async () => {
          try { await sleep(30); } finally { await shield(() => sleep(20)); console.log("cleaned"); }
        }, { daemon: true });
        await sleep(1);
        return "value";
      });
      console.log(value);
    `;
    expect(await run(program)).toEqual({ code: 0, stdout: "cleaned\nvalue\n", stderr: "" });
  });

  test("a handle that is disposed", async () => {
    const program = `
      import { shield, sleep, spawn, yieldNow } from "gokio";
      const handle = spawn(async () => { await shield(() => sleep(20)); console.log("done"); }, { daemon: true });
      await yieldNow();
      await handle[Symbol.asyncDispose]();
      console.log("end");
    `;
    expect(await run(program)).toEqual({ code: 0, stdout: "done\nend\n", stderr: "" });
  });
});
