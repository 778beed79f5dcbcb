/**
 * The ambient context and the process of Node, Bun and Deno.
 *
 * The storage is made, but not switched on, until the first async task starts: on Node 20 a storage in use costs every promise
 * of the process, and generator tasks do without it.
 *
 * @module
 */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { constants } from "node:os";
import process from "node:process";
import { deadlockOf } from "./deadlock.ts";
import type { Enter, Platform, Program } from "./platform.ts";
import { originalPosition } from "./platform-node-sources.ts";

const storage = new AsyncLocalStorage<object>();
let isInUse = false;
const outside = new AsyncResource("gokio");

export const platform: Platform = {
  hasAmbience: true,
  ambient: () => storage.getStore(),
  get isAmbienceInUse() {
    return isInUse;
  },
  enter: (store, body) => {
    isInUse = true;
    return storage.run(store, body);
  },
  snapshot: () => AsyncLocalStorage.snapshot() as Enter,
  isolated: (body) => outside.runInAsyncScope(body),
  watch: (scheduler) => {
    process.on("beforeExit", () => {
      const report = deadlockOf(scheduler);
      if (report === undefined) return;
      process.exitCode = 2;
      process.stderr.write(`${report}\n`);
    });
  },
};

interface DenoLike {
  readonly permissions: { querySync(what: object): { readonly state: string } };
}

/** Deno asks the user about each variable that it was not told of; a library should not make it. */
function mayRead(variable: string): boolean {
  const deno = (globalThis as { Deno?: DenoLike }).Deno;
  return deno === undefined || deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

export const program: Program = {
  onSignal: (listener) => {
    const interrupted = (): void => listener("SIGINT", 130);
    const terminated = (): void => listener("SIGTERM", 143);
    process.on("SIGINT", interrupted).on("SIGTERM", terminated);
    return () => process.off("SIGINT", interrupted).off("SIGTERM", terminated);
  },
  exit: (code, atOnce) => {
    if (atOnce) process.exit(code);
    process.exitCode = code;
  },
  onNamedSignal: (name, listener) => {
    if (!Object.hasOwn(constants.signals, name)) return undefined;
    try {
      process.on(name as NodeJS.Signals, listener);
    } catch {
      // Nobody can listen to SIGKILL.
      return undefined;
    }
    return () => process.off(name, listener);
  },
  env: (name) => (mayRead(name) ? process.env[name] : undefined),
  complain: (text) => void process.stderr.write(text),
  collect: async () => (await collector())?.(),
  originalPosition,
};

/** The runtime's own garbage collector, if it has one that can be called. */
async function collector(): Promise<(() => void) | undefined> {
  const { gc, Bun: bun } = globalThis as { gc?(): void; Bun?: { gc(now: boolean): void } };
  if (bun !== undefined) return () => bun.gc(true);
  if (gc !== undefined) return gc;
  try {
    // Loaded when first needed: hardly any program does.
    const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import("node:v8"), import("node:vm")]);
    setFlagsFromString("--expose-gc");
    return runInNewContext("gc") as () => void;
  } catch {
    return undefined;
  }
}
