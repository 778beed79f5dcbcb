import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Choice, decodeSchedule, encodeSchedule } from "../../src/testing/explore/schedule.ts";

const choice = fc
  .oneof(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 2000 }))
  .chain((count) => fc.record({ count: fc.constant(count), choice: fc.integer({ min: 0, max: count - 1 }) }));

describe("a schedule as text", () => {
  test("is what it was, but for the choices at its end that go without saying", () => {
    fc.assert(
      fc.property(fc.array(choice), (choices: Choice[]) => {
        const text = encodeSchedule("random", choices);
        const last = choices.findLastIndex((each) => each.choice > 0);
        expect(decodeSchedule(text)).toEqual({ strategy: "random", choices: choices.slice(0, last + 1) });
      }),
    );
  });

  test("is short", () => {
    const choices = [
      { choice: 0, count: 2 },
      { choice: 2, count: 3 },
      { choice: 11, count: 36 },
      { choice: 35, count: 35 + 1 },
      { choice: 0, count: 9 },
    ];
    expect(encodeSchedule("pct", choices)).toBe("gokio1:pct:0223(b.10)(z.10)");
    expect(encodeSchedule("pct", [])).toBe("gokio1:pct:");
  });

  test.each(["", "gokio1", "gokio1:random", "02", "GOKIO1:random:02", "v1-2a", 7, undefined, null])(
    "%j is none",
    (text) => {
      expect(() => decodeSchedule(text as string)).toThrow(TypeError);
      expect(() => decodeSchedule(text as string)).toThrow('replay must be a schedule such as "gokio1:random:0213"');
    },
  );

  test.each(["gokio0:random:12", "gokio2:random:12", "gokio2:random:a later gokio may write it in another way"])(
    "%j is of another version",
    (text) => {
      expect(() => decodeSchedule(text)).toThrow(RangeError);
      expect(() => decodeSchedule(text)).toThrow(/of version \d, and this gokio replays version 1: explore again/);
    },
  );

  test.each([
    ["0", 1],
    ["021", 2],
    ["0222", 2],
    ["02 12", 2],
    ["01", 1],
    ["02(12.3)", 2],
    ["02(1.)", 2],
    ["1212!", 3],
  ])("%j is damaged at its decision %i", (digits, decision) => {
    expect(() => decodeSchedule(`gokio1:random:${digits}`)).toThrow(
      new TypeError(`replay: the schedule is damaged at its decision ${decision}: copy all of it`),
    );
  });
});
