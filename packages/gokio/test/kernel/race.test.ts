/** The race under select, timeout and signal: one winner, and no trace of the others. */
import { expect, test, vi } from "vitest";
import { Operation } from "../../src/kernel/operation.ts";
import { RaceOperation } from "../../src/kernel/race.ts";
import { PENDING, type Pending } from "../../src/kernel/step.ts";
import { WaitList } from "../../src/kernel/wait-list.ts";
import type { Waiter } from "../../src/kernel/waiter.ts";
import { select } from "../../src/select/select.ts";
import { FakeWaiter, Turnstile } from "./fakes.ts";

/** A resource that writes down what is asked of it. */
class Gate extends Operation<string> {
  readonly waiters = new WaitList<string>();
  readonly #name: string;
  readonly #log: string[];
  open: string | undefined;
  broken = false;

  constructor(name: string, log: string[]) {
    super();
    this.#name = name;
    this.#log = log;
  }

  override try(): string | Pending {
    this.#log.push(`try ${this.#name}`);
    return this.open ?? PENDING;
  }

  override link(waiter: Waiter<string>): void {
    if (this.broken) throw new Error(`${this.#name} is broken`);
    this.#log.push(`link ${this.#name}`);
    this.waiters.push(waiter);
  }

  override unlink(waiter: Waiter<string>): void {
    this.#log.push(`unlink ${this.#name}`);
    this.waiters.remove(waiter);
  }

  override unlinked(): void {
    this.#log.push(`serve ${this.#name}`);
  }

  override describe(): string {
    return this.#name;
  }

  pass(value: string): void {
    this.waiters.shift()?.wake(value);
  }
}

class AnyOf extends RaceOperation<string> {
  readonly alternatives: readonly Operation<string>[];

  constructor(...alternatives: Operation<string>[]) {
    super();
    this.alternatives = alternatives;
  }

  override won(index: number, value: unknown): string {
    if (value === "throw") throw new RangeError("won throws");
    return `${index}: ${value}`;
  }

  override describe(): string {
    return "any of them";
  }
}

function setUp(count = 3): { log: string[]; gates: Gate[]; race: AnyOf; waiter: FakeWaiter<string> } {
  const log: string[] = [];
  const gates = Array.from({ length: count }, (_, i) => new Gate(`g${i}`, log));
  const race = new AnyOf(...gates);
  return { log, gates, race, waiter: new FakeWaiter<string>(0, log, race) };
}

/** Makes what waits at `gate` take its time to stop: until `end` is called. */
function lingering(gate: Gate): { end(): void } {
  let gone = (): void => {};
  vi.spyOn(gate, "unlink").mockImplementation((loser) => {
    gate.waiters.remove(loser);
    gone = loser.hold();
  });
  return { end: () => gone() };
}

const linked = (gates: Gate[]): number => gates.reduce((sum, gate) => sum + gate.waiters.size, 0);

test("tries in order, and stops at the first that is ready", () => {
  const { log, gates, race } = setUp();
  expect(race.try()).toBe(PENDING);
  (gates[1] as Gate).open = "x";
  expect(race.try()).toBe("1: x");
  expect(log).toEqual(["try g0", "try g1", "try g2", "try g0", "try g1"]);
});

test("the winner is woken after every loser is unlinked, and before the queues they left are served", () => {
  const { log, gates, race, waiter } = setUp();
  race.link(waiter);
  log.length = 0;
  gates[1]?.pass("x");
  expect(log).toEqual(["unlink g0", "unlink g2", "0 woken with 1: x", "serve g0", "serve g2"]);
  expect(linked(gates)).toBe(0);
});

test("a failure of one is the failure of the race", () => {
  const { log, gates, race, waiter } = setUp();
  race.link(waiter);
  gates[2]?.waiters.shift()?.fail(new Error("closed"));
  expect(log).toContain("0 failed with Error: closed");
  expect(linked(gates)).toBe(0);
});

test("what `won` throws is the failure of the race", () => {
  const { log, gates, race, waiter } = setUp();
  race.link(waiter);
  gates[0]?.pass("throw");
  expect(log).toContain("0 failed with RangeError: won throws");
  expect(linked(gates)).toBe(0);
});

test("unlinking unlinks every branch, and wakes nobody", () => {
  const { log, gates, race, waiter } = setUp();
  race.link(waiter);
  race.unlink(waiter);
  expect(linked(gates)).toBe(0);
  expect(log.some((line) => line.startsWith("0 "))).toBe(false);
});

test("races nest", () => {
  const { log, gates, race, waiter } = setUp();
  const outer = new AnyOf(race, new Gate("other", log));
  waiter.op = outer;
  outer.link(waiter);
  gates[2]?.pass("x");
  expect(log).toContain("0 woken with 0: 2: x");
  expect(log).toContain("unlink other");
  expect(linked(gates)).toBe(0);
});

test("one operation can be raced by several waiters at once", () => {
  const { log, gates, race, waiter } = setUp();
  const other = new FakeWaiter<string>(1, log, race);
  race.link(waiter);
  race.link(other);
  gates[0]?.pass("first");
  gates[2]?.pass("second");
  expect(log.filter((line) => line.includes("woken"))).toEqual(["0 woken with 0: first", "1 woken with 2: second"]);
  expect(linked(gates)).toBe(0);
});

test("the same operation twice in one race wins once", () => {
  const log: string[] = [];
  const gate = new Gate("twice", log);
  const race = new AnyOf(gate, gate);
  const waiter = new FakeWaiter<string>(0, log, race);
  race.link(waiter);
  gate.pass("x");
  gate.pass("y");
  expect(log.filter((line) => line.includes("woken"))).toEqual(["0 woken with 0: x"]);
});

test("without alternatives it is never ready, and can be unlinked", () => {
  const { race, waiter, log } = setUp(0);
  expect(race.try()).toBe(PENDING);
  race.link(waiter);
  race.unlink(waiter);
  expect(log).toEqual([]);
});

test("a link that throws takes the branches before it back, and then serves the queues they left", () => {
  const { log, gates, race, waiter } = setUp();
  (gates[2] as Gate).broken = true;
  expect(() => race.link(waiter)).toThrow("g2 is broken");
  expect(linked(gates)).toBe(0);
  expect(log.slice(0, 4)).toEqual(["link g0", "link g1", "unlink g0", "unlink g1"]);
  expect(log.slice(4)).toEqual(expect.arrayContaining(["serve g0", "serve g1"]));
});

test("who stands behind a race whose link throws is not forgotten", async () => {
  const turnstile = new Turnstile();
  const broken = new Gate("gate", []);
  broken.broken = true;
  const behind = turnstile.then((why) => why);
  // It parks behind nobody, and so it is the one in front that a leaving race lets through.
  await expect(select({ turnstile, broken })).rejects.toThrow("gate is broken");
  expect(turnstile.waiters.size).toBe(0);
  expect(await behind).toBe("the one before left");
});

test("a loser that takes its time holds the outer waiter, which is settled all the same", () => {
  const { log, gates, race, waiter } = setUp(2);
  const slow = lingering(gates[1] as Gate);
  race.link(waiter);
  log.length = 0;
  gates[0]?.pass("x");
  expect(log).toEqual(["0 held", "0 woken with 0: x", "serve g1"]);
  slow.end();
  expect(log.at(-1)).toBe("0 let go");
});

test("a loser of an inner race holds whoever waits for the outer one", () => {
  const { log, gates, race, waiter } = setUp(2);
  const slow = lingering(gates[1] as Gate);
  const outer = new AnyOf(race, new Gate("other", log));
  waiter.op = outer;
  outer.link(waiter);
  log.length = 0;
  gates[0]?.pass("x");
  expect(log).toEqual(["0 held", "unlink other", "0 woken with 0: 0: x", "serve other", "serve g1"]);
  slow.end();
  expect(log.at(-1)).toBe("0 let go");
});

test("a race that is abandoned is held by what takes its time, too", () => {
  const { log, gates, race, waiter } = setUp(2);
  const slow = lingering(gates[1] as Gate);
  race.link(waiter);
  log.length = 0;
  race.unlink(waiter);
  slow.end();
  expect(log).toEqual(["unlink g0", "0 held", "0 let go"]);
});

test("a branch stands for the outer waiter: by its scheduler, by its holds, and as a daemon or not", () => {
  for (const daemon of [true, false]) {
    const log: string[] = [];
    const gate = new Gate("g", log);
    const race = new AnyOf(new AnyOf(gate), new Gate("other", log));
    const waiter = new FakeWaiter<string>(0, log, race, daemon);
    race.link(waiter);
    const branch = gate.waiters.tail as Waiter<string>;
    expect(branch.op === gate).toBe(true);
    expect(branch.daemon).toBe(daemon);
    expect(branch.scheduler === waiter.scheduler).toBe(true);
    log.length = 0;
    const holds = [branch.hold(), branch.hold()];
    for (const letGo of holds) letGo();
    expect(log).toEqual(["0 held", "0 held", "0 let go", "0 let go"]);
  }
});

test("every loser that takes its time holds the outer waiter, each for itself", () => {
  const { log, gates, race, waiter } = setUp();
  const slow = [lingering(gates[0] as Gate), lingering(gates[2] as Gate)];
  race.link(waiter);
  log.length = 0;
  gates[1]?.waiters.shift()?.fail("no");
  expect(log).toEqual(["0 held", "0 held", "0 failed with no", "serve g0", "serve g2"]);
  for (const { end } of slow) end();
  expect(log.slice(-2)).toEqual(["0 let go", "0 let go"]);
});
