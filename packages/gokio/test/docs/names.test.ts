/**
 * Every public name is documented: with a comment, an example where it is something to call, and, where it waits, with what a
 * cancelled call took, kept or lost.
 *
 * @module
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile, type PublicName, publicModules, publicNames } from "./public-names.ts";

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
  TimeoutError: "timeout",
};

const program = compile([...publicModules.values()]);
const checker = program.getTypeChecker();
const names = publicNames(program);
const byName = new Map(names.map((each) => [each.name, each]));

const isClass = ({ symbol }: PublicName): boolean => (symbol.flags & ts.SymbolFlags.Class) !== 0;
const isFunction = ({ symbol }: PublicName): boolean => (symbol.flags & ts.SymbolFlags.Function) !== 0;

function commentsOf(symbol: ts.Symbol): string {
  const text = (symbol.declarations ?? []).flatMap((each) => ts.getJSDocCommentsAndTags(each));
  return text.map((each) => each.getText()).join("\n");
}

function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const declared = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
  const statics = symbol.exports === undefined ? [] : [...symbol.exports.values()];
  return [...declared, ...statics].filter((member) => !isHidden(member) && (member.declarations ?? []).length > 0);
}

function isHidden(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined || symbol.name === "prototype") return true;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isPrivate = (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
  // Members named by a symbol are protocols, ours or the language's.
  return isPrivate || /^__[#@]/.test(symbol.name) || commentsOf(symbol).includes("@internal");
}

function hasExample(each: PublicName): boolean {
  if (commentsOf(each.symbol).includes("```ts")) return true;
  return isClass(each) && membersOf(each.symbol).some((member) => commentsOf(member).includes("```ts"));
}

/** Whether a call of it may wait: it can be given a signal, or it makes an operation. */
function waits(declaration: ts.Declaration): boolean {
  if (!ts.isFunctionLike(declaration)) return false;
  const takesOptions = declaration.parameters.some((parameter) =>
    /\bWaitOptions\b/.test(parameter.type?.getText() ?? ""),
  );
  return takesOptions || /^Operation</.test(declaration.type?.getText() ?? "");
}

function waiting(): { title: string; symbol: ts.Symbol }[] {
  const found: { title: string; symbol: ts.Symbol }[] = [];
  for (const each of names) {
    if (isFunction(each)) found.push({ title: each.name, symbol: each.symbol });
    if (!isClass(each)) continue;
    for (const member of membersOf(each.symbol)) found.push({ title: `${each.name}.${member.name}`, symbol: member });
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
    for (const part of parts) expect(commentsOf(part), part.name).not.toBe("");
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
