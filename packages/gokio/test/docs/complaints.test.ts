/**
 * What the compiler says to code that holds the library wrong: a sentence that tells what to write instead.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./fences.ts";
import { compile } from "./public-names.ts";

const complaints: readonly [code: string, sentence: string][] = [
  ["timeout(10, Promise.resolve(1));", "a promise cannot be stopped: write timeout(ms, wait(promise)) to abandon it"],
  ['new OnceCell<number>().getOrInit(async () => "text");', '"what the function gives is not what is kept here"'],
  ['getOrInit(new OnceCell<number>(), async () => "text");', '"what the function gives is not what is kept here"'],
  [
    'new SingleFlight<string, number>().do("key", async () => "text");',
    '"what the function gives is not what is kept here"',
  ],
  ["spawn(async function* () {});", "an async generator function cannot be a task body"],
  ["spawn(function* () { yield sleep(1); });", "write yield* instead of yield"],
];

const file = join(root, ".cache/complaints.ts");
const names = "{ getOrInit, OnceCell, SingleFlight, sleep, spawn, timeout }";
mkdirSync(join(root, ".cache"), { recursive: true });
writeFileSync(file, [`import ${names} from "gokio";`, ...complaints.map(([code]) => code)].join("\n"));
const program = compile([file]);
const source = program.getSourceFile(file) as ts.SourceFile;
const found = program.getSemanticDiagnostics(source).map((each) => ({
  line: source.getLineAndCharacterOfPosition(each.start ?? 0).line,
  text: ts.flattenDiagnosticMessageText(each.messageText, "\n"),
}));

test.each(complaints.map(([code, sentence], i) => ({ code, sentence, line: i + 1 })))("$code", ({ sentence, line }) => {
  const texts = found.filter((each) => each.line === line).map((each) => each.text);
  expect(texts).toEqual([expect.stringContaining(sentence)]);
});
