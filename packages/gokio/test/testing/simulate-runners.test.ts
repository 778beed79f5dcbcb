/** The same in every runner: in Vitest is where the other tests are; here are node:test, and runners in the way of Jest. */
import { describe, expect, test } from "vitest";
import { programs } from "../support/programs.ts";

const run = programs();

describe("node:test", () => {
  test("runs simulations side by side, and shows what fails", async () => {
    const { code, stdout } = await run(
      `
      import assert from "node:assert/strict";
      import { afterEach, describe, test } from "node:test";
      import { interval, sleep } from "gokio";
      import { simulate } from "gokio/testing";

      const real = setTimeout;
      afterEach(() => {});
      describe("side by side", { concurrency: true }, () => {
        for (const n of [1, 2, 3]) {
          test("ticks every " + n, async () => {
            const elapsed = await simulate(async (sim) => {
              let ticks = 0;
              for await (const _ of interval(n)) if (++ticks === 100) return sim.elapsed;
            });
            assert.equal(elapsed, 99 * n);
          });
          test("fakes timers " + n, async () => {
            const now = await simulate(async () => {
              for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, n));
              return Date.now();
            }, { fakeTimers: true, startsAt: 0 });
            assert.equal(now, 20 * n);
          });
        }
        test("real time passes meanwhile", async () => {
          const before = Date.now();
          await new Promise((resolve) => setTimeout(resolve, 5));
          assert.ok(Date.now() - before < 60_000 && Date.now() > 1e12);
        });
      });
      test("nothing is left", () => assert.equal(setTimeout, real));
      test("a failure", async () => {
        await simulate(async () => {
          await sleep(3_600_000);
          assert.equal(1, 2);
        }, { seed: 77 });
      });
      test("what comes after it", async () => {
        assert.equal(await simulate(async (sim) => sim.elapsed), 0);
      });
      `,
      { args: ["--test", "--test-reporter=tap"] },
    );
    expect(stdout).toContain("# pass 9");
    expect(stdout).toContain("# fail 1");
    expect(stdout).toMatch(/not ok \d+ - a failure/);
    expect(stdout).toContain('{ seed: "v1-4d" }');
    expect(code).toBe(1);
  });
});

describe("a runner that gives each file globals of its own", () => {
  /** What such a runner does: the file and the library are loaded into a context whose globals are the runner's, one after the other. */
  const RUNNER = `
    import { build } from "GOKIO_ESBUILD";
    import { createRequire } from "node:module";
    import vm from "node:vm";

    const bundle = async (contents) => {
      const built = await build({
        stdin: { contents, resolveDir: import.meta.dirname ?? process.cwd() },
        bundle: true, write: false, format: "cjs", platform: "node", target: "node20",
        define: { "import.meta.url": '"file:///runner/test.js"' }, ignoreAnnotations: true, logLevel: "error",
      });
      return built.outputFiles[0].text;
    };
    const require = createRequire(import.meta.url);

    async function runFile(contents) {
      const tests = [], after = [];
      const globals = {
        test: (name, body) => tests.push([name, body]),
        afterEach: (body) => after.push(body),
        setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask,
        performance, AbortController, AbortSignal, process, structuredClone,
      };
      const context = vm.createContext(globals);
      context.globalThis = context.global = context;
      const code = await bundle(contents);
      vm.runInContext("(function (require, module, exports) {" + code + "\\n})", context)(require, { exports: {} }, {});
      const results = [];
      for (const [name, body] of tests) {
        try {
          await body();
          for (const each of after) await each();
          results.push("ok " + name);
        } catch (error) {
          results.push("not ok " + name + ": " + error.message.split("\\n")[0]);
        }
      }
      return results;
    }
  `;

  test("runs simulations in each of them", async () => {
    const esbuild = import.meta.resolve("esbuild");
    const { stderr, stdout } = await run(`
      ${RUNNER.replace("GOKIO_ESBUILD", esbuild)}
      const file = \`
        import { chan, interval, sleep, spawn } from "gokio";
        import { simulate } from "gokio/testing";
        const platform = { setTimeout, Date };
        afterEach(() => {
          if (globalThis.setTimeout !== platform.setTimeout || Date !== platform.Date) throw new Error("left behind");
        });
        const equal = (a, b) => { if (a !== b) throw new Error(a + " is not " + b); };
        test("a clock", async () => {
          equal(await simulate(async (sim) => {
            let ticks = 0;
            for await (const _ of interval(10)) if (++ticks === 100) return sim.elapsed;
          }), 990);
        });
        test("generators", async () => {
          equal(await simulate(function* (sim) { yield* sleep(50); return sim.elapsed; }), 50);
        });
        test("fake timers", async () => {
          equal(await simulate(async () => {
            await new Promise((resolve) => setTimeout(resolve, 5000));
            return new Date().toISOString();
          }, { fakeTimers: true, startsAt: 0 }), "1970-01-01T00:00:05.000Z");
        });
        test("a deadlock", async () => simulate(async () => chan().recv()));
        test("real I/O", async () => simulate(async () => new Promise((resolve) => setTimeout(resolve, 1))));
      \`;
      const results = await Promise.all([runFile(file), runFile(file)]);
      console.log(JSON.stringify(results));
    `);
    expect(stderr).toBe("");
    const expected = [
      "ok a clock",
      "ok generators",
      "ok fake timers",
      "not ok a deadlock: the simulation is stuck: everything in it is parked, no timer is set, and nothing is left that could wake anybody",
      "not ok real I/O: real I/O in a simulation, whose clock knows nothing of it: ",
    ];
    expect(JSON.parse(stdout)).toEqual([expected, expected]);
  });
});
