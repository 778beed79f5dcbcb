/** In processes of their own: a dump at a signal, and tracing from the start. */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { dumpOnSignal } from "../../src/diagnostics/signal.ts";
import { MisuseError } from "../../src/errors.ts";
import { programs } from "../support/programs.ts";

const run = programs();

const STUCK = `
  const jobs = chan(8, { name: "jobs" });
  function* work() {
    yield* recv(jobs);
  }
  for (let n = 1; n <= 1000; n++) spawn(work, { name: \`worker \${n}\` });
  await sleep(20);
`;

const GO_ON = "for (let n = 0; n < 1000; n++) await jobs.send(n);";

describe("a dump at a signal", () => {
  test("is printed to the error stream each time, while the program goes on; and no more when it is disposed", async () => {
    const { code, stdout, stderr } = await run(`
      import { chan, recv, sleep, spawn } from "gokio";
      import { dumpOnSignal } from "gokio/diagnostics";
      const listening = dumpOnSignal("SIGUSR2");
      ${STUCK}
      process.kill(process.pid, "SIGUSR2");
      await sleep(20);
      ${GO_ON}
      await sleep(20);
      process.kill(process.pid, "SIGUSR2");
      await sleep(20);
      listening[Symbol.dispose]();
      process.on("SIGUSR2", () => console.log("mine"));
      process.kill(process.pid, "SIGUSR2");
      await sleep(20);
      console.log("done");
    `);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "mine\ndone\n" });
    const [stuck, free] = stderr.split(/(?=^gokio: )/m);
    expect(stuck).toContain("gokio: 1000 tasks: 1000 parked; 1 wait outside tasks");
    expect(stuck).toContain('1000 tasks (worker #): parked on recv on chan(8, "jobs")\n');
    expect(stuck).toContain("\n\noutside tasks: sleep\n");
    expect(free).toBe("gokio: 0 tasks; 1 wait outside tasks\n\noutside tasks: sleep\n");
  });

  test("goes where it is told to, and keeps nobody alive", async () => {
    const { code, stdout, stderr } = await run(`
      import { sleep, spawn } from "gokio";
      import { dumpOnSignal } from "gokio/diagnostics";
      dumpOnSignal("SIGTERM", { to: (dump) => console.log(dump.toJSON().tasks.length) });
      spawn(() => sleep(50));
      await new Promise((resolve) => setTimeout(resolve, 5));
      process.kill(process.pid, "SIGTERM");
    `);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "1\n", stderr: "" });
  });

  test.each(["SIGNONE", "", "usr2", "SIGKILL"])("%j is no signal to listen to", (signal) => {
    expect(() => dumpOnSignal(signal)).toThrow(MisuseError);
    expect(() => dumpOnSignal(signal)).toThrow(`there is no signal ${JSON.stringify(signal)} that this process`);
  });

  test("what is no name, and what is no function, is told at the call", () => {
    expect(() => dumpOnSignal(12 as never)).toThrow("signal must be the name of a signal, not 12");
    expect(() => dumpOnSignal("SIGUSR2", { to: "stderr" as never })).toThrow("to must be a function");
    expect(process.listenerCount("SIGUSR2")).toBe(0);
  });
});

describe("GOKIO_TRACE", () => {
  const program = `
    import { chan, recv, sleep, spawn } from "gokio";
    ${STUCK}
    const { dump } = await import("gokio/diagnostics");
    process.stdout.write(String(dump()));
    ${GO_ON}
  `;

  test("traces a program that says nothing of it, from its start, with the places of its own code alone", async () => {
    const { code, stdout, stderr } = await run(program, { env: { GOKIO_TRACE: "1" } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const places = stdout.replace(/\d+(?:\.\d+)? m?s/g, "N ms").replace(/:\d+:\d+/g, ":N:N");
    const [, workers] = places.split("\n\n");
    expect(workers?.replace("N ms to N ms", "N ms")).toMatch(
      /^1000 tasks \(worker #\): parked on recv on chan\(8, "jobs"\), N ms\n.*\n {4}parked at work \(program-\d+\.mjs:N:N\)\n {4}made N ms(?: to N ms)? ago, has run once\n {4}made at program-\d+\.mjs:N:N$/,
    );
  });

  test.each([undefined, "", "0"])("set to %j, it does nothing", async (value) => {
    const { code, stdout, stderr } = await run(program, value === undefined ? {} : { env: { GOKIO_TRACE: value } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("made");
  });

  test("a value that is none is told, and does not stop the program", async () => {
    const { code, stdout, stderr } = await run(program, { env: { GOKIO_TRACE: "yes" } });
    expect(code).toBe(0);
    expect(stderr).toBe('gokio: GOKIO_TRACE must be a rate from 0 to 1, not "yes"\n');
    expect(stdout).toContain("1000 tasks");
  });
});

test("a hundred thousand tasks that do the same are one paragraph, one node, and a list of as many", async () => {
  const { code, stdout, stderr } = await run(`
    import { chan, recv, sleep, spawn } from "gokio";
    import { dump } from "gokio/diagnostics";
    const jobs = chan();
    function* work() {
      yield* recv(jobs);
    }
    for (let n = 0; n < 100_000; n++) spawn(work, { daemon: true });
    await sleep(1);
    while (dump().toJSON().tasks.some(({ state }) => state !== "parked")) await sleep(1);
    const taken = dump();
    console.log(String(taken).split("\\n\\n")[1]?.split("\\n")[0]);
    console.log(taken.toDot().match(/shape=box/g).length, taken.toJSON().tasks.length);
    process.exit(0);
  `);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe("100000 tasks: parked on recv on chan(0)\n1 100000\n");
});

describe("places are those of the sources, without --enable-source-maps", () => {
  const SOURCE = `
    import { chan, recv, spawn, yieldNow } from "gokio";
    import { dump, trace } from "gokio/diagnostics";

    interface Job { readonly id: number }
    type Unused = { readonly [key: string]: Job };
    const jobs = chan<Job>();
    trace();
    spawn(async function load(): Promise<void> {
      await recv(jobs);
    });
    await yieldNow();
    const [task] = dump().toJSON().tasks;
    console.log(JSON.stringify([task?.madeAt?.[0], task?.waits[0]?.parkedAt?.[0]]));
    jobs.trySend({ id: 1 });
  `;

  test.each(["inline", "external", "linked"] as const)("with a map that is %s", async (sourcemap) => {
    const bundled = await build({
      stdin: { contents: SOURCE, loader: "ts", sourcefile: "load.ts", resolveDir: import.meta.dirname },
      format: "esm",
      sourcemap,
      minify: true,
      outfile: "load.mjs",
      write: false,
    });
    const text = bundled.outputFiles.find(({ path }) => path.endsWith("load.mjs"))?.text ?? "";
    const map = bundled.outputFiles.find(({ path }) => path.endsWith(".map"))?.text;
    const { code, stdout, stderr } = await run(text, map === undefined ? {} : { files: { "load.mjs.map": map } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const frames = JSON.parse(stdout) as { name: string; file: string; line: number; column: number }[];
    if (sourcemap === "external") {
      // Nothing leads from the code to its map.
      expect(frames[0]?.file).toMatch(/^program-\d+\.mjs$/);
      return;
    }
    const lines = SOURCE.split("\n");
    for (const { file } of frames) expect(file).toMatch(/(?:^|\/)load\.ts$/);
    expect(frames.map(({ line }) => lines[line - 1]?.trim())).toEqual([
      "spawn(async function load(): Promise<void> {",
      "await recv(jobs);",
    ]);
  });
});

test("nothing of it is loaded by the text of a web bundle", async () => {
  const index = new URL("../../src/index.ts", import.meta.url).pathname;
  const { metafile } = await build({
    stdin: { contents: `export { spawn } from ${JSON.stringify(index)};`, resolveDir: import.meta.dirname },
    alias: { "#platform": new URL("../../src/kernel/platform-web.ts", import.meta.url).pathname },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "error",
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  expect(inputs.map(([path]) => path).filter((path) => /diagnostics|probe/.test(path))).toEqual([]);
  expect(readFileSync(index, "utf8")).toContain('import "./diagnostics/install.ts"');
});
