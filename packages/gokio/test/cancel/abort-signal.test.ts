/** AbortSignals, both ways, and that no listener of ours is left on one. */
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { Context } from "../../src/cancel/context.ts";
import { CancellationToken } from "../../src/cancel/token.ts";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import { CancelledError } from "../../src/errors.ts";
import { withOptions } from "../../src/kernel/abortable.ts";
import { drivers } from "../support/drivers.ts";
import { HEAVY, turn } from "../support/turns.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe.each(drivers)("a platform signal, through $name", ({ drive, start }) => {
  test("cancels the wait with its reason as the cause", async () => {
    const controller = new AbortController();
    const ch = chan<number>();
    const waiting = start(withOptions(recv(ch), { signal: controller.signal }));
    await turn();
    expect(listeners(controller.signal)).toBe(1);
    controller.abort("stop");
    expect(await waiting.end).toMatchObject({ status: "failed", error: { name: "AbortError", cause: "stop" } });
    expect(listeners(controller.signal)).toBe(0);
    expect(ch.trySend(1)).toBe(false);
  });

  test("no listener is left when the operation wins, or the wait is cancelled otherwise", async () => {
    const { signal } = new AbortController();
    const ch = chan<number>();
    const won = start(withOptions(recv(ch), { signal }));
    const lost = start(withOptions(recv(ch), { signal }));
    await turn();
    expect(listeners(signal)).toBe(1);
    await drive(send(ch, 1));
    lost.cancel();
    expect([(await won.end).status, (await lost.end).status]).toEqual(["ok", "cancelled"]);
    expect(listeners(signal)).toBe(0);
  });

  test("one that was aborted rejects, though the operation is ready", async () => {
    const ch = chan<number>(1);
    await ch.send(1);
    const aborted = AbortSignal.abort("before");
    await expect(drive(withOptions(recv(ch), { signal: aborted }))).rejects.toMatchObject({ cause: "before" });
    expect(ch.length).toBe(1);
  });
});

test("10⁵ waits on one long-lived signal leave no listener", async () => {
  const { signal } = new AbortController();
  const ch = chan<number>();
  for (let i = 0; i < 100_000; i++) {
    const got = ch.recv({ signal });
    ch.trySend(i);
    await got;
  }
  expect(listeners(signal)).toBe(0);
});

test(
  "one abort reaches 10⁵ waits on it, in the order they came",
  async () => {
    const controller = new AbortController();
    const ch = chan<number>();
    const order: number[] = [];
    const waits = Array.from({ length: 100_000 }, (_, i) =>
      ch.recv({ signal: controller.signal }).catch(() => order.push(i)),
    );
    controller.abort();
    await Promise.all(waits);
    expect(order.length).toBe(100_000);
    expect(order.every((n, i) => n === i)).toBe(true);
  },
  HEAVY,
);

test("a timeout of the platform's is a TimeoutError here, too", async () => {
  const signal = AbortSignal.timeout(1);
  const error = await chan<number>()
    .recv({ signal })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(CancelledError);
  expect(error.name).toBe("TimeoutError");
  expect(listeners(signal)).toBe(0);
});

describe.each([
  ["a token", () => new CancellationToken()],
  ["a context", () => Context.background.withCancel()],
])("the signal of %s", (_name, make) => {
  test("aborts a fetch-like listener, and its own waits alike", async () => {
    const source = make();
    let heard: unknown;
    source.signal.addEventListener("abort", () => (heard = source.signal.reason));
    const waits = [chan<number>().recv({ signal: source.signal }), chan<number>().recv({ signal: source })].map(
      (wait) => wait.catch((error) => error),
    );
    source.cancel("why");
    const [outside, inside] = await Promise.all(waits);
    expect(heard).toMatchObject({ name: "AbortError", cause: "why" });
    expect(outside).toBe(heard);
    expect(inside).toBe(heard);
  });
});

test("what is no signal is refused at the call", () => {
  const ch = chan<number>();
  expect(() => recv(ch, { signal: {} as never })).toThrow(
    "signal must be an AbortSignal, a CancellationToken or a Context, not an object",
  );
  expect(() => recv(ch, { signal: "stop" as never })).toThrow(TypeError);
  expect(() => recv(ch, { signal: null as never })).toThrow(TypeError);
});
