import { type ChildProcess, spawn as spawnProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { MisuseError } from "../../src/errors.ts";
import { main } from "../../src/group/main.ts";
import type { Task } from "../../src/task/body.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { virtual } from "../support/virtual.ts";

/** What a program may use, as one module. */
const LIBRARY = `
  export { main } from "./group/main.ts";
  export { spawn } from "./task/spawn.ts";
  export { shield } from "./task/shield.ts";
  export { sleep } from "./time/sleep.ts";
  export { chan } from "./chan/chan.ts";
  export { recv } from "./chan/ends.ts";
`;
const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));
let folder: string;
let programs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gokio-main-"));
  await build({
    stdin: { contents: LIBRARY, resolveDir: source(""), loader: "ts" },
    outfile: join(folder, "library.mjs"),
    alias: { "#platform": source("kernel/platform-node.ts") },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    tsconfigRaw: {},
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string[];
  readonly errors: string;
}

/** Runs a program; `act` is called with each line that it prints. */
function runProgram(code: string, act: (line: string, child: ChildProcess) => void = () => {}): Promise<Ended> {
  const file = join(folder, `program-${programs++}.mjs`);
  writeFileSync(file, `import { main, spawn, shield, sleep, chan, recv } from "./library.mjs";\n${code}`);
  const child = spawnProcess(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
  const out: string[] = [];
  let rest = "";
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  child.stdout.on("data", (data) => {
    const lines = (rest + data).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) {
      out.push(line);
      act(line, child);
    }
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, errors })));
}

describe("in a process of its own", () => {
  test("gives the value, aborts what is left over, and ends", async () => {
    const ended = await runProgram(`
      const begun = chan(2);
      const never = async (name) => {
        begun.trySend(name);
        try { await sleep(1e9); } finally { await shield(() => sleep(5)); console.log("cleaned", name); }
      };
      const value = await main(async (s) => {
        s.spawn(() => never("child"));
        spawn(() => never("detached"));
        for (let i = 0; i < 2; i++) await begun.recv();
        return "value";
      });
      console.log(value);
    `);
    expect(ended).toEqual({ code: 0, out: ["cleaned child", "cleaned detached", "value"], errors: "" });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s cancels it gracefully", async (signal, code) => {
    const ended = await runProgram(
      `
      const begun = chan(1);
      const value = await main(function* (s) {
        s.spawn(async () => {
          begun.trySend();
          try { await sleep(1e9); } finally { await shield(() => sleep(5)); console.log("child cleaned"); }
        });
        try {
          yield* recv(begun);
          console.log("ready");
          yield* sleep(1e9);
        } finally {
          console.log("body cleaned", s.signal.reason.cause);
        }
      });
      console.log("over", value);
    `,
      (line, child) => line === "ready" && child.kill(signal),
    );
    expect(ended).toEqual({
      code,
      out: ["ready", `body cleaned ${signal}`, "child cleaned", "over undefined"],
      errors: "",
    });
  });

  test("a second signal ends the process at once", async () => {
    const ended = await runProgram(
      `
      await main(async (s) => {
        console.log("ready");
        try { await sleep(1e9); } finally {
          console.log("cleaning");
          await shield(() => sleep(1e9));
          console.log("not reached");
        }
      });
    `,
      (line, child) => (line === "ready" || line === "cleaning") && child.kill(line === "ready" ? "SIGTERM" : "SIGINT"),
    );
    expect(ended).toEqual({ code: 130, out: ["ready", "cleaning"], errors: "" });
  });

  test("a body that ends by itself after a signal decides the exit code", async () => {
    const ended = await runProgram(
      `
      const value = await main(async (s) => {
        const hold = setInterval(() => {}, 1000);
        const stopped = new Promise((resolve) => s.signal.addEventListener("abort", resolve));
        console.log("ready");
        await stopped;
        clearInterval(hold);
        return "tidy";
      });
      console.log(value);
    `,
      (line, child) => line === "ready" && child.kill("SIGINT"),
    );
    expect(ended).toEqual({ code: 0, out: ["ready", "tidy"], errors: "" });
  });

  test("a failure is the exit code, when all cleanup is through", async () => {
    const ended = await runProgram(`
      const begun = chan(1);
      main(async (s) => {
        s.spawn(async () => {
          begun.trySend();
          try { await sleep(1e9); } finally { await shield(() => sleep(5)); console.log("cleaned"); }
        });
        await begun.recv();
        throw new Error("the program failed");
      });
    `);
    expect([ended.code, ended.out]).toEqual([1, ["cleaned"]]);
    expect(ended.errors).toContain("the program failed");
  });

  test("a failure during a graceful end is one, and so is that of a detached task's cleanup", async () => {
    const ended = await runProgram(
      `
      await main(async () => {
        console.log("ready");
        try { await sleep(1e9); } finally { throw new Error("cleanup failed"); }
      });
    `,
      (line, child) => line === "ready" && child.kill("SIGINT"),
    );
    expect(ended.code).toBe(1);
    expect(ended.errors).toContain("cleanup failed");
    const detached = await runProgram(`
      const begun = chan(1);
      await main(async () => {
        spawn(function* () { begun.trySend(); try { yield* sleep(1e9); } finally { throw new Error("detached cleanup failed"); } });
        await begun.recv();
      });
    `);
    expect(detached.code).toBe(1);
    expect(detached.errors).toContain("detached cleanup failed");
  });

  test("afterwards, signals do what they always do", async () => {
    const ended = await runProgram(
      `
      await main(async () => {});
      console.log("ready");
      setTimeout(() => {}, 1e9);
    `,
      (line, child) => line === "ready" && child.kill("SIGTERM"),
    );
    expect(ended.code).toBe(null);
  });
});

describe("in virtual time", () => {
  test("ends every task, and gives the value", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      const value = await main(async (s) => {
        s.spawn(function* () {
          try {
            yield* sleep(1e9);
          } finally {
            yield* sleep(10);
            log.push("child");
          }
        });
        await sleep(1);
        return "value";
      });
      expect([value, clock.elapsed, log]).toEqual(["value", 11, ["child"]]);
      await expect(
        main(async () => {
          await sleep(5);
          throw new Error("broken");
        }),
      ).rejects.toThrow("broken");
    }));

  test("leftovers that had begun are cleaned up, and what those start is ended, too", () =>
    virtual(async (clock) => {
      const log: string[] = [];
      await main(async (s) => {
        s.spawn(function* () {
          try {
            yield* sleep(1e9);
          } finally {
            yield* sleep(10);
            spawn(function* () {
              try {
                yield* sleep(1e9);
              } finally {
                log.push("its child");
              }
            });
            log.push("child");
          }
        });
        await sleep(1);
      });
      expect([clock.elapsed, log]).toEqual([11, ["child", "its child"]]);
    }));

  test("so is what detached leftovers start while they are cleaned up", () =>
    virtual(async () => {
      const log: string[] = [];
      function* leftover(depth: number): Task<void> {
        try {
          yield* sleep(1e9);
        } finally {
          yield* sleep(10);
          log.push(`depth ${depth}`);
          if (depth < 3) {
            spawn(() => leftover(depth + 1));
            yield* sleep(1);
          }
        }
      }
      await main(async () => {
        spawn(() => leftover(1));
        await sleep(1);
      });
      expect(log).toEqual(["depth 1", "depth 2", "depth 3"]);
    }));

  test("only at the top, and once", () =>
    virtual(async () => {
      await spawn(async () => {
        expect(() => main(async () => {})).toThrow(MisuseError);
      });
      const running = main(() => sleep(1));
      expect(() => main(async () => {})).toThrow(MisuseError);
      await running;
      await main(async () => {});
      expect(() => main(5 as never)).toThrow(TypeError);
    }));
});

describe("signals, in this process", () => {
  const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
  const signal = (name: "SIGINT" | "SIGTERM") => process.emit(name, name);

  afterEach(() => {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  });

  test("the first cancels, and decides the exit code; afterwards nobody listens", () =>
    virtual(async (clock) => {
      const before = listeners();
      const log: string[] = [];
      const ended = main(async (s) => {
        s.spawn(function* () {
          try {
            yield* sleep(1e9);
          } finally {
            yield* sleep(10);
            log.push("cleaned");
          }
        });
        await sleep(1e9);
      });
      await sleep(5);
      expect(listeners()).toBe(before + 2);
      signal("SIGTERM");
      expect(await ended).toBe(undefined);
      expect([clock.elapsed, log, process.exitCode, listeners()]).toEqual([15, ["cleaned"], 143, before]);
    }));

  test("the second exits at once, with its own code", () =>
    virtual(async () => {
      const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
      const ended = main(function* () {
        try {
          yield* sleep(1e9);
        } finally {
          yield* sleep(10);
        }
      });
      await sleep(1);
      signal("SIGTERM");
      expect(exit).not.toHaveBeenCalled();
      signal("SIGINT");
      expect(exit).toHaveBeenCalledWith(130);
      await ended;
    }));

  test("a failure of cleanup is no interruption", () =>
    virtual(async () => {
      const ended = main(function* () {
        try {
          yield* sleep(1e9);
        } finally {
          throw new Error("cleanup failed");
        }
      });
      await sleep(1);
      signal("SIGINT");
      await expect(ended).rejects.toThrow("cleanup failed");
      expect(process.exitCode).toBe(undefined);
    }));

  test("a body that ends by itself has its value, and exit code 0", () =>
    virtual(async () => {
      const ended = main(async (s) => {
        await new Promise((resolve) => s.signal.addEventListener("abort", resolve));
        return "tidy";
      });
      setImmediate(() => signal("SIGINT"));
      await sleep(1000);
      expect([await ended, process.exitCode]).toEqual(["tidy", undefined]);
    }));
});
