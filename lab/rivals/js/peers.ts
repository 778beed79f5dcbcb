/** The peers, each loaded only when it is asked for: none is to pay for another in memory. */
import type { Contestant } from "../../contestant/program.ts";

export const peers: Readonly<Record<string, () => Promise<Contestant>>> = {
  effect: async () => (await import("./effect/index.ts")).contestant,
  "ts-chan": async () => (await import("./ts-chan/index.ts")).contestant,
  "ts-chan-unsafe": async () => (await import("./ts-chan/index.ts")).unsafeContestant,
  rxjs: async () => (await import("./rxjs.ts")).contestant,
  "async-mutex": async () => (await import("./async-mutex.ts")).contestant,
  "p-limit": async () => (await import("./p-limit.ts")).contestant,
  promises: async () => (await import("./bare/promises.ts")).contestant,
  generators: async () => (await import("./bare/generators.ts")).contestant,
  "set-timeout": async () => (await import("./bare/set-timeout.ts")).contestant,
  "abort-signal": async () => (await import("./bare/abort-signal.ts")).contestant,
};
