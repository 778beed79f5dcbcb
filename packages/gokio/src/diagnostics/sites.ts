/**
 * Sites: where in the program something was done, from the stack as it was then.
 *
 * The engine notes a stack quickly and describes it slowly. So a capture only makes an error object; the frames are read, mapped back to the
 * sources and sifted when somebody looks. What is left of a stack are the frames of the program: neither gokio's own, nor the runtime's.
 *
 * @module
 */
import { program } from "#platform";

/** One frame of a stack. */
export interface Frame {
  /** The function, as the engine names it; empty at the top level of a module. */
  readonly name: string;
  /** A path, or a URL that is no `file:`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** How deep a stack is captured: gokio's own frames count, and are dropped. */
const DEPTH = 20;

/** What V8 gives of a frame before it is described. */
interface CallSite {
  getScriptNameOrSourceURL(): string | null;
  getPosition(): number;
}

interface StackErrors {
  stackTraceLimit?: number;
  prepareStackTrace?: ((error: Error, sites: CallSite[]) => unknown) | undefined;
}

interface Captured {
  readonly stack?: unknown;
}

/** A place in the program. */
export class Site {
  #captured: Captured | undefined;
  #frames: readonly Frame[] | undefined;

  constructor(captured: Captured) {
    this.#captured = captured;
  }

  /** The frames of the program itself, the innermost first; none if no code of its was on the stack. Those of one place are one array. */
  get frames(): readonly Frame[] {
    if (this.#captured !== undefined) this.#frames = describe(this.#captured);
    this.#captured = undefined;
    return this.#frames as readonly Frame[];
  }

  /** The innermost frame, "load (src/app.ts:12:9)"; empty if there is none. */
  toString(): string {
    return this.frames[0] === undefined ? "" : showFrame(this.frames[0]);
  }
}

export function showFrame({ name, file, line, column }: Frame): string {
  const place = `${file}:${line}:${column}`;
  return name === "" ? place : `${name} (${place})`;
}

/** Captures the stack of the caller. */
export function captureSite(): Site {
  const errors = Error as unknown as StackErrors;
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = DEPTH;
  try {
    return new Site(new Error("site"));
  } finally {
    if (limit === undefined) delete errors.stackTraceLimit;
    else errors.stackTraceLimit = limit;
  }
}

/** How many places are remembered. */
const MOST_KNOWN = 10_000;
/** The frames of each place, by what the engine can say of it fast. */
const known = new Map<string, readonly Frame[]>();

/** The frames of a capture. A hundred thousand tasks are at a few places: only the first at each is described in full. */
function describe(captured: Captured): readonly Frame[] {
  const errors = Error as unknown as StackErrors;
  const original = errors.prepareStackTrace;
  errors.prepareStackTrace = (error, sites) => {
    const key = sites.map((site) => `${site.getScriptNameOrSourceURL()}:${site.getPosition()}`).join("\n");
    let frames = known.get(key);
    if (frames === undefined) {
      // Who has put something there maps stacks back to their sources.
      frames = framesOf(
        String(original?.(error, sites) ?? `Error\n${sites.map((site) => `    at ${site}`).join("\n")}`),
      );
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, frames);
    }
    return frames;
  };
  try {
    const { stack } = captured;
    return Array.isArray(stack) ? (stack as Frame[]) : framesOf(String(stack ?? ""));
  } finally {
    errors.prepareStackTrace = original;
  }
}

/** "at name (place:1:2)" and "at place:1:2" of V8, "name@place:1:2" of the others. */
const V8 = /^\s*at (?:async )?(?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/;
const OTHERS = /^(.*?)@(.*?):(\d+):(\d+)$/;

/** The frames in the text of a stack, as they are in the sources, without those of gokio and of the runtime. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split("\n")) {
    const [, name = "", url = "", row, column] = V8.exec(line) ?? OTHERS.exec(line) ?? [];
    if (url === "" || isRuntime(url) || isLibrary(url)) continue;
    const at = program.originalPosition(url, Number(row), Number(column));
    if (isLibrarySource(at.file)) continue;
    frames.push({ name: nameOf(name), ...at });
  }
  // Whoever called the program, a test runner say, is none of its code either.
  const outermost = frames.findLastIndex(({ file }) => !/(?:^|\/)node_modules\//.test(file));
  return outermost < 0 ? frames : frames.slice(0, outermost + 1);
}

/** V8 puts in front of a function what it was called on, and behind it how it was called. */
function nameOf(name: string): string {
  const bare = name.replace(/^Object\./, "").replace(/ \[as [^\]]+\]$/, "");
  return bare.endsWith("<anonymous>") ? "" : bare;
}

function isRuntime(url: string): boolean {
  return /^(?:node:|native$|<anonymous>|internal\/|\[native code\]|ext:|bun:)/.test(url);
}

/** The folder of gokio's modules, if they are not bundled with others. */
const library = /^(.*\/)diagnostics\/sites\.[jt]s$/.exec(import.meta.url)?.[1];

function isLibrary(url: string): boolean {
  if (/\/node_modules\/gokio\//.test(url)) return true;
  return library !== undefined && (url.startsWith(library) || `file://${url}`.startsWith(library));
}

/** In a bundle, only the source map tells whose code it is. */
function isLibrarySource(file: string): boolean {
  return /(?:^|\/)(?:node_modules|packages)\/gokio\/(?:src|dist)\//.test(file);
}
