/** The list of those who hold something, against a set. */
import { expect, test } from "vitest";
import { xorshift } from "../../src/kernel/xorshift.ts";
import { Hold, Holds } from "../../src/sync/hold.ts";

class Thing extends Hold {
  override [Symbol.dispose](): void {}
}

test("holds are added and removed in any order", () => {
  let most = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = xorshift(seed);
    const holds = new Holds();
    const naive: Hold[] = [];
    for (let i = 0; i < 60; i++) {
      if (random() % 5 < 3) naive.push(new Thing(holds, undefined, true));
      else if (naive.length > 0) holds.remove(naive.splice(random() % naive.length, 1)[0] as Hold);
      const listed: Hold[] = [];
      for (let hold = holds.newest; hold !== undefined; hold = hold.older) listed.push(hold);
      expect(listed.reverse()).toEqual(naive);
      most = Math.max(most, naive.length);
    }
  }
  expect(most).toBeGreaterThan(10);
});
