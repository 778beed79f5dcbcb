/**
 * A schedule as text: the choices of one run, to be put into a test or a bug report.
 *
 *     gokio1:exhaustive:02_2:13
 *            │          │    └ a 3rd option of 4 …
 *            │          └ two characters a decision, option and number of options in base 36
 *            └ the strategy that found it
 *
 * One decision is two digits, the option that was chosen and how many there were; more than 35 options are written `(option.count)`. Trailing
 * decisions of option 0 are left out: they are what happens by itself. The digits are the version's: what is chosen when may change from one to the next.
 *
 * @module
 */
import { wrongType } from "../../errors.ts";

/** To be changed with every change of what is decided, when, and of how many options. */
export const SCHEDULE_VERSION = 1;

/** One decision as it is told in a schedule. */
export interface Choice {
  readonly choice: number;
  readonly count: number;
}

export interface Schedule {
  readonly strategy: string;
  readonly choices: readonly Choice[];
}

const DIGITS = 36;

export function encodeSchedule(strategy: string, decisions: readonly Choice[]): string {
  const last = decisions.findLastIndex((each) => each.choice > 0);
  return `gokio${SCHEDULE_VERSION}:${strategy}:${decisions
    .slice(0, last + 1)
    .map(encodeChoice)
    .join("")}`;
}

function encodeChoice({ choice, count }: Choice): string {
  const [chosen, of] = [choice.toString(DIGITS), count.toString(DIGITS)];
  return count < DIGITS ? chosen + of : `(${chosen}.${of})`;
}

const WHOLE = /^gokio(\d+):([a-z]+):(.*)$/;
const CHOICE = /([0-9a-z])([0-9a-z])|\(([0-9a-z]+)\.([0-9a-z]+)\)/y;

/** @throws {TypeError} if it is no schedule, {RangeError} if it is one of another version. */
export function decodeSchedule(text: string): Schedule {
  const whole = typeof text === "string" ? WHOLE.exec(text) : null;
  if (whole === null) throw wrongType("replay", `a schedule such as "gokio${SCHEDULE_VERSION}:random:0213"`, text);
  const [, version, strategy, digits] = whole as unknown as [string, string, string, string];
  if (Number(version) !== SCHEDULE_VERSION) {
    throw new RangeError(
      `replay: the schedule is of version ${version}, and this gokio replays version ${SCHEDULE_VERSION}: explore again to get a new one`,
    );
  }
  return { strategy, choices: decodeChoices(digits) };
}

function decodeChoices(digits: string): Choice[] {
  const choices: Choice[] = [];
  CHOICE.lastIndex = 0;
  for (let at = 0; at < digits.length; at = CHOICE.lastIndex) {
    const found = CHOICE.exec(digits);
    const choice = Number.parseInt(found?.[1] ?? found?.[3] ?? "", DIGITS);
    const count = Number.parseInt(found?.[2] ?? found?.[4] ?? "", DIGITS);
    if (!(count >= 2 && choice < count)) {
      throw new TypeError(`replay: the schedule is damaged at its decision ${choices.length + 1}: copy all of it`);
    }
    choices.push({ choice, count });
  }
  return choices;
}
