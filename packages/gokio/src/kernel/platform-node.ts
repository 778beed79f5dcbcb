/**
 * The ambient context and the process of Node, Bun and Deno.
 *
 * The storage is made, but not switched on, until the first async task starts: on Node 20 a storage in use costs every promise
 * of the process, and generator tasks do without it.
 *
 * @module
 */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import process from "node:process";
import { deadlockOf } from "./deadlock.ts";
import type { Enter, Platform, Program } from "./platform.ts";

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
};
