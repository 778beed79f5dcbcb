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
import type { Enter, Platform } from "./platform.ts";

const storage = new AsyncLocalStorage<object>();
const outside = new AsyncResource("gokio");

export const platform: Platform = {
  hasAmbience: true,
  ambient: () => storage.getStore(),
  enter: (store, body) => storage.run(store, body),
  snapshot: () => AsyncLocalStorage.snapshot() as Enter,
  isolated: (body) => outside.runInAsyncScope(body),
  onIdleExit: (listener) => {
    process.on("beforeExit", listener);
    return () => process.off("beforeExit", listener);
  },
  fatal: (message) => {
    process.exitCode = 2;
    process.stderr.write(`${message}\n`);
  },
};
