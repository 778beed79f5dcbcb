/** What a run does with contestants that fail or lack something, and with an interruption. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findJournal, Journal } from "../runner/journal.ts";
import { measure, type Progress } from "../runner/measure.ts";
import { nameOf, type Planned, planOf } from "../runner/plan.ts";
import { caseOf, fake, folder, journal } from "./support.ts";

const timeout = 15_000;
const cases = [caseOf("rendezvous"), caseOf("ping-pong")];

function starts(note: string): string[] {
  return existsSync(note) ? readFileSync(note, "utf8").trim().split("\n") : [];
}

describe("a run", () => {
  it("notes each sample, and tells how far it is", async () => {
    const kept = journal({ cases });
    const steps: Progress[] = [];
    const plan = planOf(cases, ["right", "wrong"], 1, 1);
    await measure(plan, kept, { commandOf: fake, timeout, onProgress: (step) => steps.push(step) });
    expect(kept.samples.map(nameOf)).toEqual(plan.map(nameOf));
    expect(kept.samples.map(({ contestant, outcome }) => [contestant, outcome.kind]).sort()).toEqual([
      ["right", "ok"],
      ["right", "ok"],
      ["wrong", "failed"],
      ["wrong", "failed"],
    ]);
    expect(steps.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3, 4].map((done) => [done, 4]));
    expect(steps.at(-1)).toEqual({ done: 4, total: 4, left: 0 });
    expect(steps[0]?.left).toBeGreaterThan(0);
  });

  it("asks a contestant that lacks a workload only once", async () => {
    const [kept, note] = [journal({ cases }), join(folder(), "note")];
    await measure(planOf(cases, ["missing"], 3, 1), kept, { commandOf: (id) => fake(id, note), timeout });
    expect(starts(note).sort()).toEqual(["missing ping-pong", "missing rendezvous"]);
    expect(kept.samples.map(({ outcome }) => outcome.kind)).toEqual(["missing", "missing"]);
  });

  it("gives up on a contestant that fails twice, and goes on with the others", async () => {
    const [kept, note] = [journal({ cases }), join(folder(), "note")];
    const plan = planOf([caseOf("rendezvous")], ["crash", "right"], 4, 1);
    await measure(plan, kept, { commandOf: (id) => fake(id, note), timeout });
    const count = (id: string): number => starts(note).filter((line) => line.startsWith(id)).length;
    expect([count("crash"), count("right")]).toEqual([2, 4]);
  });

  it("leaves out what there is no time for", async () => {
    const kept = journal({ cases });
    const skip = ({ contestant }: Planned): boolean => contestant === "hang";
    await measure(planOf(cases, ["right", "hang"], 1, 1), kept, { commandOf: fake, timeout, skip });
    expect(kept.samples.map(({ contestant }) => contestant)).toEqual(["right", "right"]);
  });
});

describe("a run that is interrupted", () => {
  it("keeps what it measured, and goes on to the same set without repeating a sample", async () => {
    const [kept, note] = [journal({ cases }), join(folder(), "note")];
    const plan = planOf(cases, ["right", "missing"], 3, 42);
    const stop = new AbortController();
    const commandOf = (id: string) => fake(id, note);
    const interrupted = measure(plan, kept, {
      ...{ commandOf, timeout, signal: stop.signal },
      onProgress: ({ done }) => done === 3 && stop.abort(new Error("enough")),
    });
    await expect(interrupted).rejects.toThrow("enough");
    expect(kept.samples).toHaveLength(3);

    const again = Journal.open(kept.path);
    expect(again.samples).toEqual(kept.samples);
    await measure(planOf(cases, ["right", "missing"], 3, 42), again, { commandOf, timeout });
    const names = again.samples.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    // Three rounds of two cases, and one answer for each case that is missing.
    expect(names).toHaveLength(3 * 2 + 2);
    expect(starts(note)).toHaveLength(3 * 2 + 2);
    expect(Journal.open(kept.path).samples).toEqual(again.samples);

    const straight = journal({ cases });
    await measure(plan, straight, { commandOf: fake, timeout });
    expect(straight.samples.map(nameOf)).toEqual(names);
  });

  it("does not count the sample that was under way", async () => {
    const kept = journal({ cases });
    const stop = new AbortController();
    const run = measure(planOf(cases, ["hang"], 1, 1), kept, { commandOf: fake, timeout, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 100);
    await expect(run).rejects.toThrow("enough");
    expect(kept.samples).toEqual([]);
    expect(Journal.open(kept.path).samples).toEqual([]);
  });

  it("may have been killed in the middle of a line: that sample is taken again", async () => {
    const kept = journal({ cases });
    const plan = planOf(cases, ["right"], 1, 1);
    await measure(plan.slice(0, 1), kept, { commandOf: fake, timeout });
    appendFileSync(kept.path, '{"case":"ping-pong 100","contestant":"ri');
    const again = Journal.open(kept.path);
    expect(again.samples).toEqual(kept.samples);
    await measure(plan, again, { commandOf: fake, timeout });
    expect(Journal.open(kept.path).samples.map(nameOf)).toEqual(plan.map(nameOf));
  });

  it("is found again by its id, or as the last one", () => {
    const { path, header } = journal();
    expect(findJournal(dirname(path))).toBe(path);
    expect(findJournal(dirname(path), header.id)).toBe(path);
    expect(findJournal(dirname(path), "another")).toBeUndefined();
    expect(findJournal(join(folder(), "nowhere"))).toBeUndefined();
  });
});
