/** Disposal where the language does not know it yet: the library as a browser without `Symbol.dispose` sees it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { asyncDispose, dispose } from "../../src/kernel/dispose.ts";

const sources = fileURLToPath(new URL("../../src", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gokio-dispose-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The library without the two symbols, and with nothing else changed. */
async function withoutSymbols(): Promise<typeof import("../../src/index.ts")> {
  const { outputFiles } = await build({
    entryPoints: [join(sources, "index.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    define: { "Symbol.dispose": "undefined", "Symbol.asyncDispose": "undefined" },
    alias: { "#platform": join(sources, "kernel/platform-web.ts") },
  });
  const path = join(folder, "gokio.mjs");
  writeFileSync(path, outputFiles[0]?.contents ?? "");
  return import(pathToFileURL(path).href);
}

test("where the symbols are there, they are the ones", () => {
  expect(dispose).toBe(Symbol.dispose);
  expect(asyncDispose).toBe(Symbol.asyncDispose);
});

test("where they are not, what is disposable is so by the registered symbols", async () => {
  const { mpsc, Mutex, spawn, JoinSet } = await withoutSymbols();
  const registered = Symbol.for("Symbol.dispose");
  const registeredAsync = Symbol.for("Symbol.asyncDispose");
  const [tx, rx] = mpsc<number>(1);
  await spawn(async () => tx.send(1), { move: tx });
  expect(await rx.next()).toEqual({ done: false, value: 1 });
  expect(await rx.next()).toEqual({ done: true, value: undefined });
  const mutex = new Mutex(0);
  const guard = (await mutex.lock()) as unknown as Record<symbol, () => void>;
  guard[registered]?.();
  expect(mutex.tryLock()).toBeDefined();
  const set = new JoinSet();
  const [, quiet] = mpsc<number>(1);
  const waiter = set.spawn(async (self) => quiet.recv({ signal: self.signal }).catch(() => {}));
  await (set as unknown as Record<symbol, () => Promise<void>>)[registeredAsync]?.();
  expect(waiter.finished).toBe(true);
  expect("undefined" in mutex).toBe(false);
});

test("no other file names them", () => {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const naming = files.filter((name) =>
    readFileSync(join(sources, name), "utf8")
      .split("\n")
      .some((line) => /Symbol\.(asyncD|d)ispose/.test(line) && !/^\s*(\*|\/\/)/.test(line)),
  );
  expect(naming).toEqual(["kernel/dispose.ts"]);
});
