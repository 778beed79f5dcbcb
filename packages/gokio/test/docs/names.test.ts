/**
 * Every public name is documented, in the declarations that are published: with a comment, an example where it is something to call, and,
 * where it waits, with what a cancelled call took, kept or lost.
 *
 * @module
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compileDeclarations, type PublicName, publicNames } from "./public-names.ts";

/** Names without an example of their own, and the name whose example shows them. */
const SHOWN_BY: Readonly<Record<string, string>> = {
  // What a function makes is shown where it is made.
  Block: "scope",
  BlockSelf: "timeout",
  BroadcastSender: "broadcast",
  CancelGuard: "CancellationToken",
  CancellableContext: "Context",
  Chan: "chan",
  DelayKey: "DelayQueue",
  Dump: "dump",
  Err: "err",
  Interval: "interval",
  MutexGuard: "Mutex",
  Ok: "ok",
  OneshotReceiver: "oneshot",
  OneshotSender: "oneshot",
  Permit: "Semaphore",
  ReadGuard: "RwLock",
  SendPermit: "reserve",
  TaskCase: "task",
  Waiter: "Operation",
  WriteGuard: "RwLock",
  // What is thrown, by what throws it.
  LaggedError: "BroadcastReceiver",
  LeftoverError: "SimulationError",
  RealIoError: "SimulationError",
  SimulationDeadlockError: "SimulationError",
  TimeoutError: "timeout",
};

/** Members that explain themselves, or are explained with their class. */
const PLAIN = [
  // How an async task, a generator task and a loop drive what they are given.
  "then",
  "[Symbol.iterator]",
  // What the language disposes; what that does is told where it is more than giving back.
  "[dispose]",
];

/** What a waiter is linked by: the kernel's, and told in the head of its file. */
const LINKS = ["list", "previous", "next", "op", "slot"];

const program = compileDeclarations();
const checker = program.getTypeChecker();
const names = publicNames(program);
const byName = new Map(names.map((each) => [each.name, each]));

const isClass = ({ symbol }: PublicName): boolean => (symbol.flags & ts.SymbolFlags.Class) !== 0;
const isFunction = ({ symbol }: PublicName): boolean => (symbol.flags & ts.SymbolFlags.Function) !== 0;
const isMadeOfMembers = ({ symbol }: PublicName): boolean =>
  (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.ValueModule)) !== 0;

/** The comments as they stand there. */
function commentsOf(symbol: ts.Symbol): string {
  const text = (symbol.declarations ?? []).flatMap((each) => ts.getJSDocCommentsAndTags(each));
  return text.map((each) => each.getText()).join("\n");
}

/** Whether an editor has something to say of it, if only what is said where it is inherited from. */
function isDocumented(symbol: ts.Symbol): boolean {
  return commentsOf(symbol) !== "" || symbol.getDocumentationComment(checker).length > 0;
}

/** What it has to offer: of a class also its statics, of a function its properties. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const declared = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
  const statics = symbol.exports === undefined ? [] : [...symbol.exports.values()];
  return [...declared, ...statics].filter((member) => !isHidden(member) && isOurs(member));
}

function isOurs(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((each) => !program.isSourceFileDefaultLibrary(each.getSourceFile()));
}

function isHidden(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || symbol.name === "prototype") return true;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isPrivate = (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
  // Members named by a symbol of ours are protocols between our own classes.
  const isProtocol = /^(__[#@]|#)/.test(symbol.name) && !titleOf(symbol).startsWith("[Symbol.");
  return isPrivate || isProtocol || commentsOf(symbol).includes("@internal");
}

/** As it is written in the source. */
function titleOf(symbol: ts.Symbol): string {
  const name = ts.getNameOfDeclaration(symbol.declarations?.[0]);
  return name?.getText() ?? symbol.name;
}

function hasExample(each: PublicName): boolean {
  if (commentsOf(each.symbol).includes("```ts")) return true;
  return isClass(each) && membersOf(each.symbol).some((member) => commentsOf(member).includes("```ts"));
}

/** Whether a call of it may wait: it can be given a signal, or what it makes can be waited for. */
function waits(declaration: ts.Declaration): boolean {
  if (!ts.isFunctionLike(declaration)) return false;
  const takesOptions = declaration.parameters.some((parameter) =>
    /\bWaitOptions\b/.test(parameter.type?.getText() ?? ""),
  );
  const made = declaration.type?.getText() ?? "";
  return takesOptions || /^(Operation|Block|LazyCall|Each|Using|Promise|Async\w*Iterator)</.test(made);
}

function waiting(): { title: string; symbol: ts.Symbol }[] {
  const found: { title: string; symbol: ts.Symbol }[] = [];
  for (const each of names) {
    if (isFunction(each)) found.push({ title: each.name, symbol: each.symbol });
    for (const member of membersOf(each.symbol)) {
      if (titleOf(member) !== "then") found.push({ title: `${each.name}.${titleOf(member)}`, symbol: member });
    }
  }
  return found.filter(
    ({ title, symbol }) => !title.startsWith("Operation.") && (symbol.declarations ?? []).some(waits),
  );
}

describe("public names", () => {
  test.each(names.map(({ name }) => name))("%s has a doc comment", (name) => {
    const { symbol } = byName.get(name) as PublicName;
    // Options need no introduction; each of them does.
    const parts = name.endsWith("Options") ? membersOf(symbol) : [symbol];
    for (const part of parts) expect(isDocumented(part), titleOf(part)).toBe(true);
  });

  test.each(names.filter((each) => isMadeOfMembers(each)))("the members of $name have doc comments", (each) => {
    const plain = each.name === "Waiter" ? [...PLAIN, ...LINKS] : [...PLAIN];
    // The name of an error is that of the class.
    if (each.name.endsWith("Error")) plain.push("name");
    const mute = membersOf(each.symbol).filter((member) => !plain.includes(titleOf(member)) && !isDocumented(member));
    expect(mute.map(titleOf)).toEqual([]);
  });

  test.each(names.filter((each) => isClass(each) || isFunction(each)).map(({ name }) => name))(
    "%s has an example",
    (name) => {
      const shownBy = SHOWN_BY[name];
      const shown = byName.get(shownBy ?? name);
      expect(shown, `${name} is said to be shown by ${shownBy}`).toBeDefined();
      expect(hasExample(shown as PublicName), "a fence marked ts in its doc comment").toBe(true);
    },
  );

  test("the exceptions exist", () => {
    expect(Object.keys(SHOWN_BY).filter((name) => !byName.has(name))).toEqual([]);
  });

  for (const { title, symbol } of waiting()) {
    test(`${title} says what it is like to cancel`, () => {
      expect(commentsOf(symbol)).toMatch(/^\s*\*? ?Cancel-safe: /m);
    });
  }
});
