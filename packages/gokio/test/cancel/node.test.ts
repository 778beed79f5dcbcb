import { describe, expect, test } from "vitest";
import { signalOf } from "../../src/cancel/abort-signal.ts";
import { cancelled } from "../../src/cancel/cancelled.ts";
import { Context } from "../../src/cancel/context.ts";
import { CancelNode } from "../../src/cancel/node.ts";
import { CancellationToken, nodeOf } from "../../src/cancel/token.ts";
import { Registration, withOptions } from "../../src/kernel/abortable.ts";
import { Cancellation, membersOf } from "../../src/kernel/cancel-source.ts";
import { afterStep } from "../../src/kernel/settling.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { HEAVY, heapUsed } from "../support/turns.ts";

const MILLION = 1_000_000;
const DEEP = 100_000;

const countMembers = (node: CancelNode): number => [...membersOf(node)].length;

describe("a cancel node", () => {
  test("tells its members once, oldest first, and keeps none", () => {
    const node = new CancelNode();
    const told: number[] = [];
    for (let i = 0; i < 3; i++) node.add(new Registration(() => told.push(i)));
    const cancellation = new Cancellation("why");
    expect(node.cancelWith(cancellation)).toBe(true);
    expect(node.cancelWith(new Cancellation("again"))).toBe(false);
    expect(told).toEqual([0, 1, 2]);
    expect(node.cancellation).toBe(cancellation);
    expect(countMembers(node)).toBe(0);
  });

  test("a member that was taken off is not told, wherever it stood", () => {
    const node = new CancelNode();
    const told: number[] = [];
    const members = [0, 1, 2, 3].map((i) => new Registration(() => told.push(i)));
    for (const member of members) node.add(member);
    for (const i of [0, 2]) node.remove(members[i] as Registration);
    node.remove(members[0] as Registration);
    expect(countMembers(node)).toBe(2);
    node.cancelWith(new Cancellation(undefined));
    expect(told).toEqual([1, 3]);
  });

  test("members that leave, or are made, while others are told", () => {
    const node = new CancelNode();
    const told: string[] = [];
    const late = new Registration(() => told.push("late"));
    node.add(new Registration(() => node.remove(late)));
    node.add(new Registration(() => told.push(`born ${new CancelNode(node).cancellation !== undefined}`)));
    node.add(late);
    node.cancelWith(new Cancellation(undefined));
    expect(told).toEqual(["born true"]);
  });

  test("cancels what is below it with the same cancellation, parents before children", () => {
    const root = new CancelNode();
    const told: string[] = [];
    const node = (name: string, parent: CancelNode): CancelNode => {
      const made = new CancelNode(parent);
      made.add(new Registration(() => told.push(name)));
      return made;
    };
    const a = node("a", root);
    const b = node("b", root);
    const aa = node("aa", a);
    node("ba", b);
    node("aaa", aa);
    root.cancelWith(new Cancellation("why"));
    expect(told).toEqual(["a", "b", "aa", "ba", "aaa"]);
    expect(aa.cancellation).toBe(root.cancellation);
  });

  test("does not touch what is above or beside it, and leaves its parent", () => {
    const root = new CancelNode();
    const a = new CancelNode(root);
    const b = new CancelNode(root);
    a.cancelWith(new Cancellation(undefined));
    expect([root.cancellation, b.cancellation]).toEqual([undefined, undefined]);
    expect(countMembers(root)).toBe(1);
  });

  test("a detached one is not cancelled with its parent, but takes what is below it along", () => {
    const root = new CancelNode();
    const a = new CancelNode(root);
    const below = new CancelNode(a);
    a.detach();
    a.detach();
    root.cancelWith(new Cancellation("root"));
    expect(below.cancellation).toBeUndefined();
    a.cancelWith(new Cancellation("a"));
    expect(below.cancellation?.reason).toBe("a");
  });

  test("user code runs after everyone has been told, in order, and may cancel again", () => {
    const root = new CancelNode();
    const other = new CancelNode();
    const log: string[] = [];
    root.add(
      new Registration(() =>
        afterStep(() => {
          log.push("first");
          other.cancelWith(new Cancellation(undefined));
          log.push("first, after cancelling another");
        }),
      ),
    );
    root.add(new Registration(() => afterStep(() => log.push("second"))));
    root.add(new Registration(() => log.push("told")));
    other.add(new Registration(() => afterStep(() => log.push("other"))));
    root.cancelWith(new Cancellation(undefined));
    expect(log).toEqual(["told", "first", "second", "other", "first, after cancelling another"]);
  });
});

describe("size", () => {
  test("10⁶ children under one parent are made and cancelled", () => {
    const parent = new CancellationToken();
    const children = Array.from({ length: MILLION }, () => parent.child());
    expect(parent.cancel("all")).toBe(true);
    expect(children.every((child) => child.isCancelled)).toBe(true);
    expect(countMembers(nodeOf(parent))).toBe(0);
  });

  test.each([
    [
      "tokens",
      () => {
        const root = new CancellationToken();
        let leaf = root;
        for (let i = 0; i < DEEP; i++) leaf = leaf.child();
        return { cancel: () => root.cancel("deep"), reason: () => leaf.reason };
      },
    ],
    [
      "contexts",
      () => {
        const root = Context.background.withCancel();
        let leaf = root;
        for (let i = 0; i < DEEP; i++) leaf = leaf.withCancel();
        return { cancel: () => root.cancel("deep"), reason: () => leaf.reason };
      },
    ],
  ])("a chain of 10⁵ %s is cancelled without recursion", (_name, chain) => {
    const { cancel, reason } = chain();
    expect(reason()).toBeUndefined();
    cancel();
    expect(reason()).toBe("deep");
  });

  test(
    "10⁵ signals of one cancellation abort in linear time",
    () => {
      const parent = new CancellationToken();
      const signals = Array.from({ length: DEEP }, () => parent.child().signal);
      const from = process.cpuUsage();
      parent.cancel();
      expect(signals.every((signal) => signal.aborted)).toBe(true);
      // Of the processor, which others do not count in. Far from what it takes; the quadratic version takes minutes.
      const { user, system } = process.cpuUsage(from);
      expect((user + system) / 1e6).toBeLessThan(10);
    },
    HEAVY,
  );

  test(
    "memory comes back when children are disposed, of tokens and of contexts",
    async () => {
      const parent = new CancellationToken();
      const context = Context.background.withCancel();
      const churn = (): void => {
        for (let i = 0; i < 100_000; i++) {
          parent.child()[Symbol.dispose]();
          context.withTimeout(60_000).cancel();
        }
      };
      churn();
      const before = await heapUsed();
      churn();
      expect((await heapUsed()) - before).toBeLessThan(1_000_000);
      expect([countMembers(nodeOf(parent)), countMembers(context as never as CancelNode)]).toEqual([0, 0]);
    },
    HEAVY,
  );

  test("the background keeps nothing of what is derived from it", async () => {
    const before = await heapUsed();
    for (let i = 0; i < 100_000; i++) Context.background.withCancel();
    expect((await heapUsed()) - before).toBeLessThan(1_000_000);
  });

  test("10⁵ waits that are won leave nothing on a long-lived token", async () => {
    const token = new CancellationToken();
    for (let i = 0; i < DEEP; i++) await withOptions(yieldNow(), { signal: token });
    expect(countMembers(nodeOf(token))).toBe(0);
  });
});

describe("a signal", () => {
  test("is the same object each time, and aborts with the node, after everyone was told", () => {
    const token = new CancellationToken();
    const log: string[] = [];
    token.signal.addEventListener("abort", () => log.push(`aborted, ${token.isCancelled}`));
    nodeOf(token).add(new Registration(() => log.push("told")));
    expect(token.signal).toBe(token.signal);
    token.cancel("why");
    expect(log).toEqual(["told", "aborted, true"]);
    expect(token.signal.reason).toMatchObject({ name: "AbortError", cause: "why" });
  });

  test("of a cancelled node is aborted", () => {
    const token = new CancellationToken();
    token.cancel("why");
    expect(token.signal.aborted).toBe(true);
    expect(signalOf(nodeOf(token)).reason).toBe(nodeOf(token).cancellation?.error);
  });

  test("coming back in, it stands for the same cancellation", async () => {
    const token = new CancellationToken();
    const waiting = Promise.resolve(cancelled(token.signal));
    token.cancel("why");
    expect(await waiting).toBe("why");
  });
});
