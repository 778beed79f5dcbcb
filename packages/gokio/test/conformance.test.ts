/** What holds for everything that waits, whoever drives it: one table of contracts, one of primitives, and each of the drivers. */
import { describe, expect, test, vi } from "vitest";
import { CancellationToken } from "../src/cancel/token.ts";
import { chan } from "../src/chan/chan.ts";
import { recv } from "../src/chan/ends.ts";
import { CancelledError } from "../src/errors.ts";
import type { Operation } from "../src/kernel/operation.ts";
import { select } from "../src/select/select.ts";
import { type Fixture, subjects } from "./conformance.ts";
import { type Driven, drivers } from "./support/drivers.ts";
import { moment } from "./support/moment.ts";
import { virtual } from "./support/virtual.ts";

const ABORTED = AbortSignal.abort("too late");

/** How a wait has ended, with what it took made comparable; `undefined` while it has not. */
function endOf(wait: Driven<unknown>, fixture: Fixture): unknown {
  const { ended } = wait;
  return ended?.status === "ok" ? { got: fixture.read(ended.value) } : ended;
}

describe.each(subjects)("$name", ({ make, isNeverReady, serves }) => {
  /** Contracts end with this: the one that is left gets what is there, from the first on. Nobody who left has taken it. */
  async function expectFirstServed(wait: Driven<unknown>, fixture: Fixture): Promise<void> {
    await fixture.serve();
    await moment();
    expect(endOf(wait, fixture)).toEqual({ got: fixture.expected(0) });
  }

  describe.each(drivers)("through $name", ({ start }) => {
    /** Runs a contract in virtual time, where nothing may be left behind. */
    function contract(name: string, body: (fixture: Fixture) => Promise<void>): void {
      test(name, () =>
        virtual(async () => {
          const fixture = await make();
          await moment();
          await body(fixture);
          await fixture.end?.();
        }),
      );
    }

    /** Starts a wait, and lets it park. */
    async function park(op: Operation<unknown>): Promise<Driven<unknown>> {
      const wait = start(op);
      await moment();
      expect(wait.ended).toBe(undefined);
      return wait;
    }

    if (isNeverReady !== true) {
      contract("ready: it gives the value, and is never linked", async (fixture) => {
        const op = fixture.op();
        await fixture.serve();
        await moment();
        const link = vi.spyOn(op, "link");
        const wait = start(op);
        await moment();
        expect(endOf(wait, fixture)).toEqual({ got: fixture.expected(0) });
        expect(link).not.toHaveBeenCalled();
        link.mockRestore();
      });

      contract("ready, in a select that takes something else: it is not taken", async (fixture) => {
        const other = chan<string>(1);
        other.trySend("other");
        const [op, behind] = [fixture.op(), fixture.op()];
        await fixture.serve();
        await moment();
        const wait = start(select({ other: recv(other), op }, { biased: true }));
        await moment();
        expect(wait.ended).toEqual({ status: "ok", value: { key: "other", value: "other" } });
        const next = start(behind);
        await moment();
        expect(endOf(next, fixture)).toEqual({ got: fixture.expected(0) });
      });
    }

    contract("a signal that has aborted before: it rejects, ready or not, and takes nothing", async (fixture) => {
      const [op, behind] = [fixture.op({ signal: ABORTED }), fixture.op()];
      if (isNeverReady !== true) await fixture.serve();
      await moment();
      const wait = start(op);
      await moment();
      expect(wait.ended).toMatchObject({ status: "failed", error: { name: "AbortError", cause: "too late" } });
      const next = start(behind);
      await moment();
      if (isNeverReady === true) await expectFirstServed(next, fixture);
      else expect(endOf(next, fixture)).toEqual({ got: fixture.expected(0) });
    });

    contract("parked: it says what it waits for, and is woken in turn", async (fixture) => {
      const op = fixture.op();
      expect(op.describe()).not.toBe("");
      const first = await park(op);
      const second = serves === "once" ? undefined : await park(fixture.op());
      await fixture.serve();
      await moment();
      expect(endOf(first, fixture)).toEqual({ got: fixture.expected(0) });
      if (second === undefined) return;
      if (serves === "all") {
        expect(endOf(second, fixture)).toEqual({ got: fixture.expected(0) });
        return;
      }
      expect(second.ended).toBe(undefined);
      await fixture.serve();
      await moment();
      expect(endOf(second, fixture)).toEqual({ got: fixture.expected(1) });
    });

    contract("cancelled, alone: nothing is left", async (fixture) => {
      const wait = await park(fixture.op());
      wait.cancel();
      await moment();
      expect(wait.ended).toEqual({ status: "cancelled" });
    });

    contract("cancelled: it is unlinked at once and has taken nothing; who is behind gets it", async (fixture) => {
      const op = fixture.op();
      const unlink = vi.spyOn(op, "unlink");
      const first = await park(op);
      const second = await park(fixture.op());
      first.cancel();
      expect(unlink).toHaveBeenCalledOnce();
      unlink.mockRestore();
      await moment();
      expect(first.ended).toEqual({ status: "cancelled" });
      await expectFirstServed(second, fixture);
    });

    contract("cancelled by its own signal: it throws, and who is behind gets it", async (fixture) => {
      const token = new CancellationToken();
      const first = await park(fixture.op({ signal: token }));
      const second = await park(fixture.op());
      token.cancel("why");
      await moment();
      expect(first.ended).toMatchObject({ status: "failed", error: { name: "AbortError", cause: "why" } });
      expect((first.ended as { error: unknown }).error).toBeInstanceOf(CancelledError);
      await expectFirstServed(second, fixture);
    });

    contract("beaten in a select: it is unlinked and has taken nothing; who is behind gets it", async (fixture) => {
      const other = chan<string>();
      const first = await park(select({ op: fixture.op(), other: recv(other) }));
      const second = await park(fixture.op());
      expect(other.trySend("other")).toBe(true);
      await moment();
      expect(first.ended).toEqual({ status: "ok", value: { key: "other", value: "other" } });
      await expectFirstServed(second, fixture);
    });

    contract("woken, and cancelled after that: it keeps what it was given", async (fixture) => {
      const op = fixture.op();
      const link = vi.spyOn(op, "link").mockImplementation((waiter) => {
        const { wake } = waiter;
        waiter.wake = (value) => {
          wake.call(waiter, value);
          first.cancel();
        };
        Object.getPrototypeOf(op).link.call(op, waiter);
      });
      const first = start(op);
      await moment();
      link.mockRestore();
      await fixture.serve();
      await moment();
      expect(endOf(first, fixture)).toEqual({ got: fixture.expected(0) });
    });
  });
});
