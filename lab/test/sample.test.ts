/** What a contestant says is believed only if it may say that, and if the result is right. */
import { afterEach, describe, expect, it } from "vitest";
import { takeSample } from "../runner/sample.ts";
import { fake } from "./support.ts";

const work = { workload: "rendezvous", size: 100, params: {}, check: "4950" };
const sampleOf = (behaviour: string, timeout = 15_000) => takeSample(fake(behaviour), work, { timeout });

afterEach(() => {
  delete process.env["LAB_TEST_NOISE"];
});

describe("a sample", () => {
  it("is what the contestant measured, if the result is right", async () => {
    const cdf = [
      [1, 0.5],
      [2, 1],
    ];
    expect(await sampleOf("right")).toEqual({ kind: "ok", ms: 1, values: { p99: 2 }, cdf });
  });

  it("is a failure, not a number, if the result is wrong", async () => {
    expect(await sampleOf("wrong")).toEqual({ kind: "failed", why: "wrong result", detail: "4951 instead of 4950" });
  });

  it("is missing if the contestant does not have the workload", async () => {
    expect(await sampleOf("missing")).toEqual({ kind: "missing" });
  });

  it.each(["garbage", "silent", "chatty", "flood", "impossible", "numberless", "other", "smaller"])(
    "is a failure after bad output: %s",
    async (behaviour) => {
      expect(await sampleOf(behaviour)).toMatchObject({ kind: "failed", why: "bad output" });
    },
  );

  it("is a failure after a crash, with the end of what it said on standard error", async () => {
    const outcome = await sampleOf("crash");
    expect(outcome).toMatchObject({ kind: "failed", why: "crash" });
    expect(JSON.stringify(outcome)).toContain("out of luck");
  });

  it("is a failure after another exit code than 0, even if the line was right", async () => {
    expect(await sampleOf("late")).toMatchObject({ kind: "failed", why: "crash", detail: "it ended with exit code 3" });
  });

  it("is a failure if the contestant hangs, and nothing of it is left", async () => {
    expect(await sampleOf("hang", 500)).toEqual({
      kind: "failed",
      why: "time-out",
      detail: "it was still at work after 0.5 s",
    });
  });

  it("is a failure if there is no such program", async () => {
    const outcome = await takeSample({ file: "/nowhere/contestant", args: [] }, work, { timeout: 1000 });
    expect(outcome).toMatchObject({ kind: "failed", why: "not started" });
  });

  it("is not influenced by the environment of the runner", async () => {
    process.env["LAB_TEST_NOISE"] = "1";
    expect(await sampleOf("environment")).toMatchObject({ kind: "ok" });
  });

  it("ends with the process when it is interrupted", async () => {
    const stop = new AbortController();
    const sample = takeSample(fake("hang"), work, { timeout: 15_000, signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(sample).rejects.toThrow("enough");
  });
});
