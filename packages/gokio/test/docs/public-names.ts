/**
 * What the package exports, as the compiler sees it.
 *
 * @module
 */
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "./fences.ts";

/** The public modules, and the files that they are. */
export const publicModules: ReadonlyMap<string, string> = new Map(
  ["", "diagnostics", "testing", "threads", "actors"]
    .map((name): [string, string] => [
      name === "" ? "gokio" : `gokio/${name}`,
      join(root, "packages/gokio/src", name, "index.ts"),
    ])
    .filter(([, file]) => existsSync(file)),
);

const configFile = join(root, "tsconfig.json");
const loaded = ts.readConfigFile(configFile, ts.sys.readFile);
const parsed = ts.parseJsonConfigFileContent(loaded.config, { ...ts.sys, readDirectory: () => [] }, root);

/** The settings of the repository; an example may leave a variable unused. */
const { tsBuildInfoFile: _, ...settings } = parsed.options;
const options: ts.CompilerOptions = {
  ...settings,
  incremental: false,
  noEmit: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

const sourceFiles = new Map<string, ts.SourceFile | undefined>();

/** Compiles; files that were read once are not read again. */
export function compile(files: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    if (!sourceFiles.has(file)) sourceFiles.set(file, read(file, ...rest));
    return sourceFiles.get(file);
  };
  return ts.createProgram({ rootNames: [...files], options, host });
}

const declarations = join(root, ".cache/declarations");

/** Compiles what is published: an editor shows the comments of the declarations, and not all of those in the sources get there. */
export function compileDeclarations(): ts.Program {
  rmSync(declarations, { recursive: true, force: true });
  const emitted: ts.CompilerOptions = {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, "packages/gokio/src"),
    outDir: declarations,
  };
  const files = [...publicModules.values()];
  ts.createProgram({ rootNames: files, options: emitted }).emit();
  return compile(files.map(declarationOf));
}

/** The declaration that {@link compileDeclarations} makes of a source. */
function declarationOf(file: string): string {
  return join(declarations, relative(join(root, "packages/gokio/src"), file)).replace(/\.ts$/, ".d.ts");
}

export interface PublicName {
  readonly name: string;
  readonly module: string;
  /** Whether it exists at run time. */
  readonly isValue: boolean;
  readonly symbol: ts.Symbol;
}

/** The public names in a program of the sources, or of their declarations. */
export function publicNames(program: ts.Program): PublicName[] {
  const checker = program.getTypeChecker();
  return [...publicModules].flatMap(([module, file]) => {
    const root = program.getSourceFile(file) ?? program.getSourceFile(declarationOf(file));
    const source = checker.getSymbolAtLocation(root as ts.SourceFile) as ts.Symbol;
    return checker.getExportsOfModule(source).map((exported): PublicName => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(exported);
      return { name: exported.name, module, isValue, symbol };
    });
  });
}

/** Whether it is exported by `export type`. */
function isTypeOnly(exported: ts.Symbol): boolean {
  return (exported.declarations ?? []).some(
    (each) => ts.isExportSpecifier(each) && ts.isTypeOnlyExportDeclaration(each),
  );
}
