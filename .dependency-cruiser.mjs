/**
 * Imports point one way:
 *
 *   errors ← kernel ← cancel ← task ← {chan, sync, time} ← select ← group ← stream
 *          ← diagnostics ← {testing, threads, actors}
 *
 * A layer may import itself and every layer before it; the names in braces don't import each other. `result.ts` sits
 * beside errors: it may use errors and the kernel, and everything from task on may use it.
 */
const layers = [
  ["kernel"],
  ["cancel"],
  ["task"],
  ["chan", "sync", "time"],
  ["select"],
  ["group"],
  ["stream"],
  ["diagnostics"],
  ["testing", "threads", "actors"],
];

const src = "^packages/gokio/src/";

const layerRules = layers.flatMap((layer, rank) =>
  layer.map((name) => {
    const below = layers.slice(0, rank).flat();
    const allowed = ["errors\\.ts$", ...[...below, name].map((folder) => `${folder}/`)];
    if (rank >= layers.findIndex((l) => l.includes("task"))) allowed.push("result\\.ts$");
    return {
      name: `${name}-imports-only-below`,
      comment: `${name}/ may import errors${[...below].map((folder) => `, ${folder}`).join("")} and itself`,
      severity: "error",
      from: { path: `${src}${name}/` },
      to: { path: src, pathNot: `${src}(${allowed.join("|")})` },
    };
  }),
);

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    {
      name: "errors-imports-nothing",
      severity: "error",
      from: { path: `${src}errors\\.ts$` },
      to: { path: src },
    },
    {
      name: "result-imports-errors-and-kernel",
      severity: "error",
      from: { path: `${src}result\\.ts$` },
      to: { path: src, pathNot: `${src}(errors\\.ts$|kernel/)` },
    },
    {
      name: "nothing-imports-index",
      comment: "index.ts is the public face; inside, a file is imported by its own name",
      severity: "error",
      from: { path: src },
      to: { path: `${src}index\\.ts$` },
    },
    {
      name: "known-folders-only",
      comment: "a new folder gets its place among the layers first",
      severity: "error",
      from: { path: src },
      to: { path: src, pathNot: `${src}((index|errors|result)\\.ts$|(${layers.flat().join("|")})/)` },
    },
    {
      name: "no-cycles",
      comment: "a cycle is allowed only where type-only imports close it",
      severity: "error",
      from: { path: src },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-dependencies",
      comment: "the package needs nothing but the runtime",
      severity: "error",
      from: { path: src },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "node-modules-behind-the-door",
      comment: "browsers have no node: modules; only the Node host and the threads may need them",
      severity: "error",
      from: { path: src, pathNot: `${src}(kernel/platform-node(\\.|-sources\\.)ts$|threads/|testing/)` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: { path: src },
      to: { couldNotResolve: true, pathNot: "^#(testing-)?platform$" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
