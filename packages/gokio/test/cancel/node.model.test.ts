/**
 * Random cancel trees against a naive reference: who is cancelled, in which order they are told, nobody twice, and that a cancelled or disposed
 * node is kept by nobody.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import { Registration } from "../../src/kernel/abortable.ts";
import { type Member, membersOf } from "../../src/kernel/cancel-source.ts";

/** The reference: a tree of plain arrays, cancelled level by level. */
class NaiveNode {
  reason: string | undefined = undefined;
  parent: NaiveNode | undefined;
  readonly name: number;
  /** Children, and the names of those who watch, in the order they came. */
  members: (NaiveNode | { watcher: number })[] = [];

  constructor(name: number, parent: NaiveNode | undefined) {
    this.name = name;
    this.parent = parent;
    if (parent?.reason !== undefined) {
      this.reason = parent.reason;
      this.parent = undefined;
    } else parent?.members.push(this);
  }

  detach(): void {
    if (this.parent !== undefined) this.parent.members = this.parent.members.filter((member) => member !== this);
    this.parent = undefined;
  }

  cancel(reason: string, told: number[]): boolean {
    if (this.reason !== undefined) return false;
    this.detach();
    this.reason = reason;
    for (let level: NaiveNode[] = [this]; level.length > 0; ) {
      const next: NaiveNode[] = [];
      for (const node of level) {
        for (const member of node.members) {
          if (member instanceof NaiveNode) {
            member.reason = reason;
            member.parent = undefined;
            next.push(member);
          } else told.push(member.watcher);
        }
        node.members = [];
      }
      level = next;
    }
    return true;
  }
}

type Command =
  | { readonly kind: "child" | "cancel" | "dispose" | "watch"; readonly at: number }
  | { readonly kind: "unwatch"; readonly at: number };

const command = fc.record({
  kind: fc.constantFrom("child", "child", "child", "watch", "watch", "cancel", "dispose", "unwatch"),
  at: fc.nat(1000),
}) as fc.Arbitrary<Command>;

class Run {
  readonly tokens = [new CancellationToken()];
  readonly naive = [new NaiveNode(0, undefined)];
  readonly told: number[] = [];
  readonly naiveTold: number[] = [];
  readonly watchers: { real: Registration; on: CancellationToken; naiveOn: NaiveNode; name: number }[] = [];
  readonly seen = new Set<string>();

  do({ kind, at }: Command): void {
    const index = at % this.tokens.length;
    const token = this.tokens[index] as CancellationToken;
    const naive = this.naive[index] as NaiveNode;
    if (kind === "child") {
      this.seen.add(naive.reason === undefined ? "born" : "born cancelled");
      this.tokens.push(token.child());
      this.naive.push(new NaiveNode(this.naive.length, naive));
    } else if (kind === "watch") this.#watch(token, naive);
    else if (kind === "cancel") {
      const reason = `by ${index}`;
      const won = naive.cancel(reason, this.naiveTold);
      this.seen.add(won ? "cancelled" : "cancelled again");
      expect(token.cancel(reason)).toBe(won);
    } else if (kind === "dispose") {
      this.seen.add("disposed");
      token[Symbol.dispose]();
      naive.detach();
    } else this.#unwatch(at);
  }

  #watch(token: CancellationToken, naive: NaiveNode): void {
    if (naive.reason !== undefined) return;
    const name = this.watchers.length;
    const real = new Registration(() => this.told.push(name));
    nodeOf(token).add(real);
    naive.members.push({ watcher: name });
    this.watchers.push({ real, on: token, naiveOn: naive, name });
  }

  #unwatch(at: number): void {
    if (this.watchers.length === 0) return;
    const { real, on, naiveOn, name } = this.watchers[at % this.watchers.length] as Run["watchers"][number];
    this.seen.add(real.source === undefined ? "unwatched too late" : "unwatched");
    nodeOf(on).remove(real);
    naiveOn.members = naiveOn.members.filter((member) => member instanceof NaiveNode || member.watcher !== name);
  }

  check(): void {
    expect(this.told).toEqual(this.naiveTold);
    for (let i = 0; i < this.tokens.length; i++) {
      const token = this.tokens[i] as CancellationToken;
      const naive = this.naive[i] as NaiveNode;
      expect([token.isCancelled, token.reason]).toEqual([naive.reason !== undefined, naive.reason]);
      expect([...membersOf(nodeOf(token))].map((member) => this.#nameOf(member))).toEqual(
        naive.members.map((member) => (member instanceof NaiveNode ? member.name : `w${member.watcher}`)),
      );
      expect(nodeOf(token).source).toBe(naive.parent === undefined ? undefined : this.tokens[naive.parent.name]);
    }
  }

  #nameOf(member: Member): number | string {
    const index = this.tokens.indexOf(member as unknown as CancellationToken);
    return index >= 0 ? index : `w${this.watchers.find(({ real }) => real === member)?.name}`;
  }
}

describe("the cancel tree", () => {
  test("does what the naive one does", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const run = new Run();
        for (const each of commands) {
          run.do(each);
          run.check();
        }
        expect(new Set(run.told).size).toBe(run.told.length);
        for (const what of run.seen) seen.add(what);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect([...seen].sort()).toEqual(
      ["born", "born cancelled", "cancelled", "cancelled again", "disposed", "unwatched", "unwatched too late"].sort(),
    );
  });
});
