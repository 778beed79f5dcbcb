/**
 * Makes programs of examples: the public names they use are imported, the compiler checks them, and the outputs that their comments
 * promise are compared when they run.
 *
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import ts from "typescript";
import { type Example, root } from "./fences.ts";
import { compile, type PublicName, publicModules, publicNames } from "./public-names.ts";

const cache = join(root, ".cache/docs");

export interface Prepared {
  readonly program: string;
  /** What the compiler has against it. */
  readonly complaints: readonly string[];
}

export async function prepare(examples: readonly Example[]): Promise<Prepared[]> {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const names = publicNames(compile([...publicModules.values()]));
  const imports = examples.map((example) => importsFor(example, names));
  await Promise.all([bundlePackage(), writePrograms(examples, imports)]);
  const complaints = typeCheck(examples, imports);
  return examples.map((_, i) => ({ program: join(cache, `${i}.mjs`), complaints: complaints[i] as string[] }));
}

// ── types ──

function typeCheck(examples: readonly Example[], imports: readonly string[]): string[][] {
  const files = examples.map((example, i) => {
    const file = join(cache, `${i}.ts`);
    writeFileSync(file, `${imports[i]}\n${example.code}\nexport {};\n`);
    return file;
  });
  const program = compile(files);
  return examples.map((example, i) => {
    const source = program.getSourceFile(files[i] as string) as ts.SourceFile;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((diagnostic) => {
      // The first line of the file is not the example's.
      const line = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line - 1;
      return `${example.file}:${example.line + line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
    });
  });
}

/** One line that imports the public names that the example uses and does not declare. */
function importsFor({ code }: Example, names: readonly PublicName[]): string {
  const { used, declared } = identifiersIn(code);
  const taken = new Set(declared);
  const lines: string[] = [];
  for (const module of publicModules.keys()) {
    const wanted = names.filter((each) => each.module === module && used.has(each.name) && !taken.has(each.name));
    for (const { name } of wanted) taken.add(name);
    const clauses = wanted.map(({ name, isValue }) => (isValue ? name : `type ${name}`));
    if (clauses.length > 0) lines.push(`import { ${clauses.join(", ")} } from "${module}";`);
  }
  return lines.join(" ");
}

function identifiersIn(code: string): { used: Set<string>; declared: Set<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  const source = parse(code);
  visit(source);
  const declare = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) declared.add(name.text);
    else for (const each of name.elements) if (ts.isBindingElement(each)) declare(each.name);
  };
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) declare(name);
    else if (ts.isImportDeclaration(statement)) visitImports(statement, declared);
    else if ("name" in statement && ts.isIdentifier(statement.name as ts.Node)) {
      declared.add((statement.name as ts.Identifier).text);
    }
  }
  return { used, declared };
}

function visitImports({ importClause }: ts.ImportDeclaration, declared: Set<string>): void {
  const bindings = importClause?.namedBindings;
  if (importClause?.name !== undefined) declared.add(importClause.name.text);
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) declared.add(bindings.name.text);
  else for (const { name } of bindings.elements) declared.add(name.text);
}

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile("example.ts", code, ts.ScriptTarget.ESNext, true);
}

// ── programs ──

/** The package as the examples import it, made of the sources as they are now. */
async function bundlePackage(): Promise<void> {
  const outdir = join(cache, "node_modules/gokio");
  const entries = [...publicModules].map(([module, file]) => ({
    in: file,
    out: module.replace(/^gokio\/?/, "") || "index",
  }));
  await build({
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    // As Node loads the package: what is imported for its effect is there.
    ignoreAnnotations: true,
    format: "esm",
    platform: "node",
    target: "node20",
    alias: {
      "#platform": join(root, "packages/gokio/src/kernel/platform-node.ts"),
      "#testing-platform": join(root, "packages/gokio/src/testing/platform-node.ts"),
    },
  });
  const exported = entries.map(({ out }) => [out === "index" ? "." : `./${out}`, `./${out}.js`]);
  writeFileSync(
    join(outdir, "package.json"),
    JSON.stringify({ name: "gokio", type: "module", exports: Object.fromEntries(exported) }),
  );
}

async function writePrograms(examples: readonly Example[], imports: readonly string[]): Promise<void> {
  writeFileSync(join(cache, "harness.mjs"), HARNESS);
  const programs = examples.map(async ({ code, line }, i) => {
    const { instrumented, expected } = instrument(code, line);
    const harness = `import { expectAt, logAt } from "./harness.mjs"; expectAt(${JSON.stringify(expected)});`;
    const source = `${imports[i]}\n${harness}\n${instrumented}`;
    const { code: javascript } = await transform(source, { loader: "ts", format: "esm", target: "node20" });
    writeFileSync(join(cache, `${i}.mjs`), javascript);
  });
  await Promise.all(programs);
}

interface Expectation {
  readonly line: number;
  readonly text: string;
  /** What stands between two outputs of the place: it prints more than once in a loop. */
  readonly separator: " " | "\n";
}

/** Puts a probe in the place of each `console.log` whose output is told, behind it or in the lines below. */
function instrument(code: string, firstLine: number): { instrumented: string; expected: Expectation[] } {
  const source = parse(code);
  const lines = code.split("\n");
  const expected: Expectation[] = [];
  const edits: { at: ts.Node; site: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === "console.log") {
      const promise = promisedAfter(lines, source.getLineAndCharacterOfPosition(node.end));
      if (promise !== undefined) {
        const line = firstLine + source.getLineAndCharacterOfPosition(node.getStart(source)).line;
        edits.push({ at: node.expression, site: expected.length });
        expected.push({ line, ...promise });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let instrumented = code;
  for (const { at, site } of edits.sort((a, b) => b.at.pos - a.at.pos)) {
    instrumented = `${instrumented.slice(0, at.getStart(source))}logAt(${site})${instrumented.slice(at.end)}`;
  }
  return { instrumented, expected };
}

function promisedAfter(
  lines: readonly string[],
  end: ts.LineAndCharacter,
): Pick<Expectation, "text" | "separator"> | undefined {
  const behind = /^[\s;,)}]*(?:\/\/ ?(.*))?$/.exec((lines[end.line] as string).slice(end.character));
  if (behind === null) return undefined;
  if (behind[1] !== undefined) return { text: behind[1].trimEnd(), separator: " " };
  const below: string[] = [];
  for (let i = end.line + 1; i < lines.length; i++) {
    const comment = /^\s*\/\/ ?(.*)$/.exec(lines[i] as string);
    if (comment === null) break;
    below.push((comment[1] as string).trimEnd());
  }
  return below.length === 0 ? undefined : { text: below.join("\n"), separator: "\n" };
}

const HARNESS = `
import { formatWithOptions } from "node:util";

let expected = [];
const printed = [];

export function expectAt(places) {
  expected = places;
  for (const _ of places) printed.push([]);
}

export function logAt(place) {
  return (...values) => {
    printed[place].push(formatWithOptions({ colors: false, breakLength: Number.POSITIVE_INFINITY }, ...values));
  };
}

process.on("exit", () => {
  expected.forEach(({ line, text, separator }, place) => {
    const got = printed[place].join(separator);
    if (got === text) return;
    console.error("line " + line + " prints " + JSON.stringify(got) + ", and its comment says " + JSON.stringify(text));
    process.exitCode = 1;
  });
});
`;
