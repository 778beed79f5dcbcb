/** The runtime, loaded and started, with nothing to do. */
import { spawn, type Task } from "gokio";
import { nothingDone } from "../contestant/memory.ts";
import type { Sample } from "../contestant/program.ts";

export async function generators(): Promise<Sample> {
  await spawn(function* (): Task<void> {});
  return nothingDone();
}

export async function asyncs(): Promise<Sample> {
  await spawn(async () => {});
  return nothingDone();
}
