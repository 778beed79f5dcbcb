import { describe, expect, test } from "vitest";
import { CancellationToken } from "../../src/cancel/token.ts";
import { CancelledError } from "../../src/errors.ts";
import { select } from "../../src/select/select.ts";
import { Notify, notified } from "../../src/sync/notify.ts";
import { spawn } from "../../src/task/spawn.ts";
import { sleep } from "../../src/time/sleep.ts";
import { timeout } from "../../src/time/timeout.ts";
import { type Driven, drivers } from "../support/drivers.ts";
import { turn } from "../support/turns.ts";
import { virtual } from "../support/virtual.ts";

const statuses = (waits: readonly Driven<unknown>[]): unknown[] => waits.map((wait) => wait.ended?.status);

describe.each(drivers)("through $name", ({ drive, start }) => {
  test("notifyOne wakes one, the one that waits longest", async () => {
    const notify = new Notify();
    const waits: Driven<void>[] = [];
    for (let i = 0; i < 3; i++) {
      waits.push(start(notified(notify)));
      await turn();
    }
    notify.notifyOne();
    await turn();
    expect(statuses(waits)).toEqual(["ok", undefined, undefined]);
    notify.notifyOne();
    notify.notifyOne();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok", "ok"]);
    // Nothing was stored: somebody waited each time.
    const next = start(notified(notify));
    await turn();
    expect(next.ended).toBe(undefined);
    next.cancel();
  });

  test("notifyOne with nobody there leaves one permit, however often", async () => {
    const notify = new Notify();
    notify.notifyOne();
    notify.notifyOne();
    await drive(notified(notify));
    const second = start(notified(notify));
    await turn();
    expect(second.ended).toBe(undefined);
    notify.notifyOne();
    expect((await second.end).status).toBe("ok");
  });

  test("notifyAll wakes everybody who waits, and leaves nothing", async () => {
    const notify = new Notify();
    const waits = [start(notified(notify)), start(notified(notify))];
    await turn();
    notify.notifyAll();
    await turn();
    expect(statuses(waits)).toEqual(["ok", "ok"]);
    notify.notifyAll();
    const late = start(notified(notify));
    await turn();
    expect(late.ended).toBe(undefined);
    late.cancel();
  });

  test("notifyAll leaves a stored permit alone", async () => {
    const notify = new Notify();
    notify.notifyOne();
    notify.notifyAll();
    await drive(notified(notify));
  });

  test("a cancelled wait takes no notification", async () => {
    const notify = new Notify();
    const [a, b] = [start(notified(notify)), start(notified(notify))];
    await turn();
    a.cancel();
    notify.notifyOne();
    expect(await a.end).toEqual({ status: "cancelled" });
    expect((await b.end).status).toBe("ok");
    const c = start(notified(notify));
    await turn();
    c.cancel();
    await c.end;
    notify.notifyOne();
    await drive(notified(notify));
  });

  test("one that was notified is not cancelled any more", async () => {
    const notify = new Notify();
    const wait = start(notified(notify));
    await turn();
    notify.notifyOne();
    wait.cancel();
    expect((await wait.end).status).toBe("ok");
  });
});

test("the method is eager: it waits from the call on", async () => {
  const notify = new Notify();
  const waiting = notify.notified();
  notify.notifyAll();
  await waiting;
  notify.notifyOne();
  void notify.notified();
  const next = spawn(() => notify.notified());
  await turn();
  expect(next.finished).toBe(false);
  notify.notifyOne();
  await next;
});

test("a signal that is already aborted takes no permit", async () => {
  const notify = new Notify();
  const token = new CancellationToken();
  token.cancel();
  notify.notifyOne();
  await expect(notify.notified({ signal: token })).rejects.toThrow(CancelledError);
  await notify.notified();
});

test("a select takes at most one notification, and a loser none", async () => {
  const [a, b] = [new Notify(), new Notify()];
  a.notifyOne();
  b.notifyOne();
  const won = await select({ a: notified(a), b: notified(b) });
  const other = won.key === "a" ? b : a;
  await other.notified();
  const parked = spawn(async () => await select({ a: notified(a), again: notified(a), b: notified(b) }));
  await turn();
  b.notifyOne();
  expect((await parked).key).toBe("b");
  a.notifyOne();
  await a.notified();
});

test("a timeout takes none", async () => {
  await virtual(async () => {
    const notify = new Notify();
    await expect(timeout(5, notified(notify))).rejects.toMatchObject({ name: "TimeoutError" });
    notify.notifyOne();
    await notify.notified();
    const waiter = spawn(() => notify.notified());
    await sleep(1);
    notify.notifyOne();
    await waiter;
  });
});

test("what is no Notify is refused", () => {
  expect(() => notified({} as never)).toThrow("notify must be a Notify, not an object");
});
