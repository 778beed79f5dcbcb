/**
 * Node, Bun and Deno: real work shows in the async hooks, where the runtime has them.
 *
 * @module
 */
import { createHook, type HookCallbacks } from "node:async_hooks";
import nodeModule from "node:module";
import process from "node:process";
import nodeTimers from "node:timers";
import nodePromises from "node:timers/promises";
import { realHost } from "../kernel/host.ts";
import type { TestingPlatform, WorkKind, WorkListener } from "./platform.ts";

const work = (what: string): WorkKind => ({ what, isTurn: false });

const TURN: WorkKind = { what: "a turn of the event loop", isTurn: true };
const FILE = work("a file operation");
const WATCH = work("watching a file");
const DNS = work("a DNS look-up");
const TCP = work("a TCP connection");
const SERVER = work("a server");
const PIPE = work("a pipe");
const UDP = work("a UDP socket");
const CRYPTO = work("cryptography on another thread");

/** What the types of async resources stand for. Types that are not listed, such as promises, are no work of the machine's. */
const KINDS: Readonly<Record<string, WorkKind>> = {
  CHECKPRIMEREQUEST: CRYPTO,
  CIPHERREQUEST: CRYPTO,
  DERIVEBITSREQUEST: CRYPTO,
  DIRHANDLE: FILE,
  FILEHANDLECLOSEREQ: FILE,
  FSEVENTWRAP: WATCH,
  FSREQCALLBACK: FILE,
  FSREQPROMISE: FILE,
  GETADDRINFOREQWRAP: DNS,
  GETNAMEINFOREQWRAP: DNS,
  HASHREQUEST: CRYPTO,
  HTTPCLIENTREQUEST: work("an HTTP request"),
  Immediate: TURN,
  KEYGENREQUEST: CRYPTO,
  KEYPAIRGENREQUEST: CRYPTO,
  PBKDF2REQUEST: CRYPTO,
  PIPECONNECTWRAP: PIPE,
  PIPESERVERWRAP: SERVER,
  PIPEWRAP: PIPE,
  PROCESSWRAP: work("a child process"),
  QUERYWRAP: DNS,
  RANDOMBYTESREQUEST: CRYPTO,
  RANDOMPRIMEREQUEST: CRYPTO,
  SCRYPTREQUEST: CRYPTO,
  SIGNREQUEST: CRYPTO,
  STATWATCHER: WATCH,
  TCPCONNECTWRAP: TCP,
  TCPSERVERWRAP: SERVER,
  TCPWRAP: TCP,
  Timeout: work("a timer of the machine"),
  TickObject: TURN,
  TLSWRAP: work("a TLS connection"),
  UDPSENDWRAP: UDP,
  UDPWRAP: UDP,
  VERIFYREQUEST: CRYPTO,
  WORKER: work("a worker thread"),
  ZLIB: work("compression on another thread"),
};

/** What goes on as long as it is not closed, whatever of it has been called back. */
const LASTING = /SERVERWRAP|^(TCP|PIPE|UDP|TLS|PROCESS|STAT|FSEVENT)\w*(WRAP|WATCHER)$|^(WORKER|ZLIB|DIRHANDLE)$/;

/** Printing: runners and terminals do it as they like. */
const PRINTING = /node:internal\/console\/|\bget(Stdout|Stderr)\b|node:internal\/process\/(warning|promises)/;

/** The stack, deep enough to reach beyond the runtime's own frames. */
function capture(): { readonly stack?: string } | undefined {
  const errors: { stackTraceLimit?: number } = Error;
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 60;
  const here = new Error("work");
  if (limit === undefined) delete errors.stackTraceLimit;
  else errors.stackTraceLimit = limit;
  return PRINTING.test(here.stack ?? "") ? undefined : here;
}

/** `trackPromises`, where there is one, spares promises what only the other resources are asked for. */
interface Hooks extends HookCallbacks {
  readonly trackPromises: boolean;
}

function hooksFor({ started, ended }: WorkListener): Hooks {
  const lasting = new Set<number>();
  const hooks: Hooks = {
    trackPromises: false,
    init(id, type) {
      // By far the most.
      if (type === "PROMISE") return;
      const kind = KINDS[type];
      if (kind === undefined) return;
      if (ended !== undefined && LASTING.test(type)) lasting.add(id);
      started(id, kind, capture);
    },
  };
  if (ended === undefined) return hooks;
  return {
    ...hooks,
    after(id) {
      if (!lasting.has(id)) ended(id);
    },
    destroy(id) {
      lasting.delete(id);
      ended(id);
    },
  };
}

const { nextTick, versions } = process;
/** Bun and Deno have no hooks that tell of all. */
const isNode = versions["bun"] === undefined && versions["deno"] === undefined;

export const testing: TestingPlatform = {
  // A tick that is asked for in a microtask comes when all microtasks have run.
  afterMicrotasks: isNode ? (job) => realHost.microtask(() => nextTick(job)) : undefined,
  watchWork(listener) {
    const hook = createHook(hooksFor(listener)).enable();
    return () => void hook.disable();
  },
  timerModules: [nodeTimers],
  promiseModules: [nodePromises, nodePromises.scheduler],
  modulesReplaced: () => nodeModule.syncBuiltinESMExports(),
};
