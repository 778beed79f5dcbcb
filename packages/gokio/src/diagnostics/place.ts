/**
 * Sites in text, each described once, however many tasks were there.
 *
 * @module
 */
import { derived } from "../kernel/derived.ts";
import { type Frame, type Site, showFrame } from "./sites.ts";

/** How many frames of a stack are shown. */
const MOST_FRAMES = 8;

/** The frames of a site, a line each; none if it is not known. */
export function framesIn(site: Site | undefined): string[] {
  if (site === undefined) return [];
  const shown = site.frames.slice(0, MOST_FRAMES).map(showFrame);
  const more = site.frames.length - shown.length;
  if (more > 0) shown.push(`… and ${more} more`);
  return shown;
}

/** The number of the place, to compare by; 0 if it is not known. */
export function placeOf(site: Site | undefined): number {
  return site === undefined ? 0 : numberOf(site.frames).id;
}

const numbers = new Map<string, number>();
let lastPlace = 0;
/** Captures at one place share their frames. Where they don't, or the memory of places has been cleared, the text tells. */
const numberOf = derived((frames: readonly Frame[]) => {
  const text = frames.map(showFrame).join("\n");
  let id = numbers.get(text);
  if (id === undefined) numbers.set(text, (id = ++lastPlace));
  return { id };
});
