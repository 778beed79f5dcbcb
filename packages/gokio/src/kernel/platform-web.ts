/**
 * What a runtime without Node's modules offers: no ambient context, no process.
 *
 * Chosen by the `#platform` condition of package.json; see {@link Platform} for what each member means.
 *
 * @module
 */
import type { Platform, Program } from "./platform.ts";

export const platform: Platform = {
  hasAmbience: false,
  isAmbienceInUse: false,
  ambient: () => undefined,
  enter: (_store, body) => body(),
  snapshot: () => (body) => body(),
  isolated: (body) => body(),
  watch: () => {},
};

export const program: Program = {
  onSignal: () => () => {},
  exit: () => {},
  onNamedSignal: () => undefined,
  env: () => undefined,
  complain: (text) => (globalThis as { console?: { error(text: string): void } }).console?.error(text),
  collect: async () => (globalThis as { gc?(): void }).gc?.(),
  originalPosition: (file, line, column) => ({ file, line, column }),
};
