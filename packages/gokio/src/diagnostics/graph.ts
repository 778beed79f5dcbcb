/**
 * The wait-for graph: who waits for what, and who holds it.
 *
 *     task ──operation──▶ resource ──held by──▶ task        or, where there is no resource between,
 *     task ──operation──▶ task
 *
 * Tasks that do the same to the same are one node. A cycle of arrows that are all alone is a deadlock.
 *
 * @module
 */
import { type Fold, foldTasks } from "./fold.ts";
import type { AlternativeInfo, Snapshot, TaskInfo, WaitInfo } from "./model.ts";

interface Node {
  readonly id: string;
  readonly label: string;
  readonly kind: "task" | "resource" | "other";
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

export function graphOf(snapshot: Snapshot): Graph {
  return new Drawing(snapshot).graph;
}

class Drawing {
  readonly #nodes = new Map<string, Node>();
  readonly #edges = new Map<string, Edge>();
  /** The node of each task, which it may share. */
  readonly #nodeOf = new Map<TaskInfo, string>();

  constructor(snapshot: Snapshot) {
    const folds = foldTasks(snapshot, touched);
    for (const fold of folds) this.#addFold(fold);
    for (const { id, description, depth, capacity } of snapshot.resources) {
      const fill = depth === undefined ? "" : `\n${depth} of ${capacity}`;
      this.#addNode(`r${id}`, `${description}${fill}`, "resource");
    }
    for (const { tasks } of folds) for (const wait of tasks[0].waits) this.#addWait(this.#node(tasks[0]), wait);
    if (snapshot.outside.length === 0) return;
    this.#addNode("outside", "outside tasks", "other");
    for (const wait of snapshot.outside) this.#addWait("outside", wait);
  }

  get graph(): Graph {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  #addFold({ tasks }: Fold): void {
    const [first] = tasks;
    const id = `t${first.id}`;
    for (const task of tasks) this.#nodeOf.set(task, id);
    const who = tasks.length === 1 ? first.label : `${tasks.length} × ${first.name?.replace(/\d+/g, "#") ?? "task"}`;
    this.#addNode(id, `${who}\n${first.state}`, "task");
  }

  #addNode(id: string, label: string, kind: Node["kind"]): void {
    this.#nodes.set(id, { id, label, kind });
  }

  #node(task: TaskInfo): string {
    return this.#nodeOf.get(task) as string;
  }

  #addWait(from: string, { alternatives }: WaitInfo): void {
    for (const each of alternatives) {
      const to = this.#targetOf(each);
      const verb = each.resource === undefined ? each.description : verbOf(each.description);
      const holders = each.holders ?? [];
      if (to !== undefined) this.#addEdge(from, to, verb);
      for (const holder of holders) {
        const node = holder.task === undefined ? `o:${holder.label}` : this.#node(holder.task);
        if (holder.task === undefined) this.#addNode(node, holder.label, "other");
        this.#addEdge(to ?? from, node, to === undefined ? verb : "held by");
      }
    }
  }

  /** The node between the one who waits and those who hold. */
  #targetOf({ resource, description, holders }: AlternativeInfo): string | undefined {
    if (resource !== undefined) return `r${resource.id}`;
    if (holders !== undefined && holders.length > 0) return undefined;
    const id = `o:${description}`;
    this.#addNode(id, description, "other");
    return id;
  }

  #addEdge(from: string, to: string, label: string): void {
    this.#edges.set(`${from}\n${to}\n${label}`, { from, to, label });
  }
}

/** What tells tasks apart in a graph that are alike in text: which resources they wait for. */
function touched({ waits }: TaskInfo): string {
  return waits.map(({ alternatives }) => alternatives.map(({ resource }) => resource?.id ?? 0).join()).join(";");
}

/** "recv" of "recv on chan(8)". */
function verbOf(description: string): string {
  const at = description.indexOf(" on ");
  return at < 0 ? description : description.slice(0, at);
}

const DOT_SHAPES = { task: "box", resource: "ellipse", other: "plaintext" } as const;

/** For Graphviz. */
export function dotOf({ nodes, edges }: Graph): string {
  const text = (label: string): string => JSON.stringify(label);
  const lines = nodes.map(({ id, label, kind }) => `  ${text(id)} [label=${text(label)}, shape=${DOT_SHAPES[kind]}];`);
  for (const { from, to, label } of edges) lines.push(`  ${text(from)} -> ${text(to)} [label=${text(label)}];`);
  return `digraph gokio {\n${lines.map((line) => `${line}\n`).join("")}}\n`;
}

const MERMAID_SHAPES = { task: ["[", "]"], resource: ["([", "])"], other: [">", "]"] } as const;

/** For Mermaid, as a flowchart. */
export function mermaidOf({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id, kind }, i) => [id, kind === "other" ? `o${i}` : id]));
  const lines = nodes.map(({ id, label, kind }) => {
    const [open, close] = MERMAID_SHAPES[kind];
    return `  ${ids.get(id)}${open}${quoted(label)}${close}`;
  });
  for (const { from, to, label } of edges) lines.push(`  ${ids.get(from)} -->|${quoted(label)}| ${ids.get(to)}`);
  return `flowchart LR\n${lines.map((line) => `${line}\n`).join("")}`;
}

/** Mermaid knows no escapes in a string but the entities of HTML. */
function quoted(label: string): string {
  const safe = label.replace(/[&"<>#]/g, (char) => `#${char.charCodeAt(0)};`).replaceAll("\n", "<br>");
  return `"${safe}"`;
}
