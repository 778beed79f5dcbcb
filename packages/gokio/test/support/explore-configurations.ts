/**
 * Small programs of the library's own primitives, each of which has to hold under every interleaving: 2–3 tasks with 2–3 operations each, and larger ones of
 * the same kind.
 *
 * Whatever ends last tells the test, which looks then: so that joining adds no interleavings of its own.
 *
 * @module
 */
import {
  acquire,
  arrive,
  attempt,
  Barrier,
  type Body,
  broadcast,
  CancellationToken,
  CancelledError,
  type Chan,
  ClosedError,
  Condvar,
  cancelled,
  chan,
  changed,
  getOrInit,
  LaggedError,
  lock,
  Mutex,
  mpsc,
  Notify,
  next,
  notified,
  OnceCell,
  oneshot,
  RwLock,
  read,
  recv,
  Semaphore,
  SendError,
  scope,
  select,
  send,
  settled,
  sleep,
  spawn,
  type Task,
  TimeoutError,
  timeout,
  waitOn,
  watch,
  write,
  yieldNow,
} from "../../src/index.ts";

export interface Configuration {
  readonly name: string;
  readonly body: Body<unknown>;
  /** How many preemptions are tried. */
  readonly preemptions: number;
}

type Step = () => Task<void>;

function check(condition: boolean, complaint: () => string): void {
  if (!condition) throw new Error(complaint());
}

/** Runs all, and then looks. The first to fail fails the test. */
function together(bodies: () => readonly Step[], look: () => void): Body<unknown> {
  return function* (): Task<void> {
    const steps = bodies();
    const [tx, rx] = oneshot<void>();
    let left = steps.length;
    for (const [i, step] of steps.entries()) {
      spawn(
        function* () {
          try {
            yield* step();
          } finally {
            if (--left === 0) tx.send();
          }
        },
        { name: `${i}` },
      );
    }
    yield* recv(rx);
    look();
  };
}

/** The same with async bodies. */
function togetherAsync(bodies: () => readonly (() => Promise<void>)[], look: () => void): Body<unknown> {
  return async (): Promise<void> => {
    const steps = bodies();
    const [tx, rx] = oneshot<void>();
    let left = steps.length;
    for (const [i, step] of steps.entries()) {
      const body = async (): Promise<void> => {
        try {
          await step();
        } finally {
          if (--left === 0) tx.send();
        }
      };
      spawn(body, { name: `${i}` });
    }
    await rx.recv();
    look();
  };
}

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Nothing is lost or doubled, and what one sent comes in its order. */
function checkDelivery(sent: readonly number[][], got: readonly number[]): void {
  check(
    [...got].sort((a, b) => a - b).join() ===
      sent
        .flat()
        .sort((a, b) => a - b)
        .join(),
    () => `sent ${JSON.stringify(sent)}, and received ${got.join()}`,
  );
  for (const each of sent) {
    const order = got.filter((value) => each.includes(value));
    check(order.join() === each.join(), () => `one sent ${each.join()}, which came as ${order.join()}`);
  }
}

// ── channels ──

/** Senders against one receiver that knows how many there are. */
function fanIn(capacity: number, senders: number, each: number): Body<unknown> {
  let got: number[];
  const sent = times(senders).map((s) => times(each).map((i) => s * 10 + i));
  return together(
    () => {
      const ch = chan<number>(capacity);
      got = [];
      return [
        ...sent.map(
          (values) =>
            function* (): Task<void> {
              for (const value of values) yield* send(ch, value);
            },
        ),
        function* (): Task<void> {
          for (let left = senders * each; left > 0; left--) got.push(yield* recv(ch));
        },
      ];
    },
    () => checkDelivery(sent, got),
  );
}

function fanInAsync(capacity: number, senders: number, each: number): Body<unknown> {
  let got: number[];
  const sent = times(senders).map((s) => times(each).map((i) => s * 10 + i));
  return togetherAsync(
    () => {
      const ch = chan<number>(capacity);
      got = [];
      return [
        ...sent.map((values) => async () => {
          for (const value of values) await ch.send(value);
        }),
        async () => {
          for (let left = senders * each; left > 0; left--) got.push(await ch.recv());
        },
      ];
    },
    () => checkDelivery(sent, got),
  );
}

/** One sender that closes, receivers that take until then; each sees the values in order. */
function fanOut(capacity: number, receivers: number, count: number): Body<unknown> {
  let got: number[][];
  return together(
    () => {
      const ch = chan<number>(capacity);
      got = times(receivers).map(() => []);
      return [
        function* (): Task<void> {
          for (const i of times(count)) yield* send(ch, i);
          ch.close();
        },
        ...got.map(
          (mine) =>
            function* (): Task<void> {
              for (let r = yield* next(ch); r.done !== true; r = yield* next(ch)) mine.push(r.value);
            },
        ),
      ];
    },
    () => {
      checkDelivery([], []);
      for (const mine of got) checkDelivery([mine], mine);
      check(got.flat().sort().join() === times(count).join(), () => `received ${JSON.stringify(got)}`);
      for (const mine of got) check(mine.join() === [...mine].sort().join(), () => `out of order: ${mine.join()}`);
    },
  );
}

/** Those who ask first are served first: what a call takes or waits for is decided when it is made. */
function fifoReceives(capacity: number, receivers: number): Body<unknown> {
  let asked: Promise<number>[];
  let answers: number[];
  return togetherAsync(
    () => {
      const ch = chan<number>(capacity);
      asked = [];
      answers = [];
      return [
        async () => {
          for (const i of times(receivers)) await ch.send(i);
        },
        ...times(receivers).map(() => async () => {
          const place = asked.length;
          const asking = ch.recv();
          asked.push(asking);
          answers[place] = await asking;
        }),
      ];
    },
    () => check(answers.join() === times(receivers).join(), () => `in the order asked: ${answers.join()}`),
  );
}

/** A channel closed while senders and a receiver are under way: what was not received is the sender's again. */
function closing(capacity: number, senders: number, each: number): Body<unknown> {
  let got: number[];
  let back: number[];
  let sent: number[];
  let ch: Chan<number>;
  return together(
    () => {
      ch = chan<number>(capacity);
      [got, back, sent] = [[], [], []];
      return [
        ...times(senders).map(
          (s) =>
            function* (): Task<void> {
              for (const i of times(each)) {
                try {
                  yield* send(ch, s * 10 + i);
                  sent.push(s * 10 + i);
                } catch (error) {
                  check(error instanceof SendError, () => String(error));
                  back.push((error as SendError<number>).value);
                }
              }
            },
        ),
        function* (): Task<void> {
          for (let r = yield* next(ch); r.done !== true; r = yield* next(ch)) got.push(r.value);
        },
        function* (): Task<void> {
          yield* yieldNow();
          ch.close();
        },
      ];
    },
    () => {
      check(sent.sort().join() === got.sort().join(), () => `sent ${sent.join()}, received ${got.join()}`);
      check(sent.length + back.length === senders * each, () => `sent ${sent.join()}, given back ${back.join()}`);
    },
  );
}

function mailbox(capacity: number, senders: number, each: number): Body<unknown> {
  let got: number[];
  const sent = times(senders).map((s) => times(each).map((i) => s * 10 + i));
  return together(
    () => {
      const [tx, rx] = mpsc<number>(capacity);
      got = [];
      const clones = sent.map(() => tx.clone());
      tx[Symbol.dispose]();
      return [
        ...sent.map(
          (values, s) =>
            function* (): Task<void> {
              for (const value of values) yield* send(clones[s]!, value);
              clones[s]![Symbol.dispose]();
            },
        ),
        function* (): Task<void> {
          for (let r = yield* next(rx); r.done !== true; r = yield* next(rx)) got.push(r.value);
        },
      ];
    },
    () => checkDelivery(sent, got),
  );
}

/** One value, or the news that none will come; a receiver that is aborted in between has not taken it. */
function oneValue(): Body<unknown> {
  let got: number[];
  let taken: boolean;
  return together(
    () => {
      const [tx, rx] = oneshot<number>();
      got = [];
      taken = false;
      const token = new CancellationToken();
      return [
        function* (): Task<void> {
          yield* yieldNow();
          taken = tx.send(1);
        },
        function* (): Task<void> {
          try {
            got.push(yield* recv(rx, { signal: token }));
          } catch (error) {
            check(error instanceof CancelledError, () => String(error));
            got.push(yield* recv(rx));
          }
        },
        function* (): Task<void> {
          yield* yieldNow();
          token.cancel();
        },
      ];
    },
    () => check(taken && got.join() === "1", () => `sent: ${taken}, received: ${got.join()}`),
  );
}

function everybody(receivers: number, count: number): Body<unknown> {
  let got: number[][];
  return together(
    () => {
      const tx = broadcast<number>(count);
      const rxs = times(receivers).map(() => tx.subscribe());
      got = rxs.map(() => []);
      return [
        function* (): Task<void> {
          for (const i of times(count)) {
            tx.send(i);
            yield* yieldNow();
          }
          tx[Symbol.dispose]();
        },
        ...rxs.map(
          (rx, r) =>
            function* (): Task<void> {
              for (;;) {
                try {
                  got[r]!.push(yield* recv(rx));
                } catch (error) {
                  if (error instanceof ClosedError) return;
                  check(error instanceof LaggedError, () => String(error));
                }
              }
            },
        ),
      ];
    },
    () =>
      check(
        got.every((mine) => mine.join() === times(count).join()),
        () => `received ${JSON.stringify(got)}`,
      ),
  );
}

/** The last value is always seen. */
function latest(watchers: number, count: number): Body<unknown> {
  let seen: number[][];
  return together(
    () => {
      const [tx, first] = watch(0);
      const rxs = [first, ...times(watchers - 1).map(() => first.clone())];
      seen = rxs.map(() => []);
      return [
        function* (): Task<void> {
          for (const i of times(count)) {
            tx.send(i + 1);
            yield* yieldNow();
          }
        },
        ...rxs.map(
          (rx, r) =>
            function* (): Task<void> {
              while (seen[r]!.at(-1) !== count) {
                yield* changed(rx);
                seen[r]!.push(rx.see());
              }
            },
        ),
      ];
    },
    () => {
      for (const mine of seen)
        check(
          mine.every((v, i) => i === 0 || v > mine[i - 1]!),
          () => `saw ${mine.join()}`,
        );
    },
  );
}

// ── locks ──

function exclusion(tasks: number, rounds: number): Body<unknown> {
  let inside: number;
  let total: number;
  return together(
    () => {
      const mutex = new Mutex(0);
      [inside, total] = [0, 0];
      return times(tasks).map(
        () =>
          function* (): Task<void> {
            for (const _ of times(rounds)) {
              const guard = yield* lock(mutex);
              check(++inside === 1, () => `${inside} are in the lock`);
              const seen = guard.value;
              yield* yieldNow();
              guard.value = total = seen + 1;
              inside--;
              guard[Symbol.dispose]();
            }
          },
      );
    },
    () => check(total === tasks * rounds, () => `${total} of ${tasks * rounds} updates`),
  );
}

/** Who asks first is first. */
function fifoLock(tasks: number, rounds: number): Body<unknown> {
  let asked: number[];
  let granted: number[];
  return togetherAsync(
    () => {
      const mutex = new Mutex(undefined);
      [asked, granted] = [[], []];
      return times(tasks).map((t) => async () => {
        for (const _ of times(rounds)) {
          const locking = mutex.lock();
          asked.push(t);
          const guard = await locking;
          granted.push(t);
          guard[Symbol.dispose]();
        }
      });
    },
    () => check(asked.join() === granted.join(), () => `asked ${asked.join()}, granted ${granted.join()}`),
  );
}

/** A wait for the lock is cancelled: it has not locked, and whoever stands behind it gets the lock all the same. */
function abandonedLock(waiters: number): Body<unknown> {
  let inside: number;
  let entered: number;
  return together(
    () => {
      const mutex = new Mutex(undefined);
      const token = new CancellationToken();
      [inside, entered] = [0, 0];
      const enter = function* (signal?: CancellationToken): Task<void> {
        const guard = yield* lock(mutex, signal && { signal });
        check(++inside === 1, () => `${inside} are in the lock`);
        yield* yieldNow();
        inside--;
        entered++;
        guard[Symbol.dispose]();
      };
      return [
        ...times(waiters).map(() => () => enter()),
        function* (): Task<void> {
          try {
            yield* enter(token);
          } catch (error) {
            check(error instanceof CancelledError, () => String(error));
            entered++;
          }
        },
        function* (): Task<void> {
          yield* yieldNow();
          token.cancel();
        },
      ];
    },
    () => check(entered === waiters + 1 && inside === 0, () => `${entered} came through, ${inside} are inside`),
  );
}

/** A request that is cancelled takes no permits, and the one behind it is served. */
function abandonedPermits(): Body<unknown> {
  let got: number;
  let semaphore: Semaphore;
  return together(
    () => {
      semaphore = new Semaphore(2);
      const token = new CancellationToken();
      got = 0;
      return [
        function* (): Task<void> {
          const permit = yield* acquire(semaphore, 2);
          yield* yieldNow();
          token.cancel();
          yield* yieldNow();
          permit[Symbol.dispose]();
        },
        function* (): Task<void> {
          try {
            const permit = yield* acquire(semaphore, 2, { signal: token });
            got++;
            permit[Symbol.dispose]();
          } catch (error) {
            check(error instanceof CancelledError, () => String(error));
            got++;
          }
        },
        function* (): Task<void> {
          const permit = yield* acquire(semaphore, 1);
          got++;
          permit[Symbol.dispose]();
        },
      ];
    },
    () => check(got === 2 && semaphore.available === 2, () => `${got} came through, ${semaphore.available} are back`),
  );
}

function sharing(readers: number, writers: number, rounds: number): Body<unknown> {
  let reading: number;
  let writing: number;
  return together(
    () => {
      const shared = new RwLock(0);
      [reading, writing] = [0, 0];
      const look = (): void =>
        check(writing === 0 || (writing === 1 && reading === 0), () => `${reading} read, ${writing} write`);
      return [
        ...times(readers).map(
          () =>
            function* (): Task<void> {
              for (const _ of times(rounds)) {
                const guard = yield* read(shared);
                reading++;
                look();
                yield* yieldNow();
                reading--;
                guard[Symbol.dispose]();
              }
            },
        ),
        ...times(writers).map(
          () =>
            function* (): Task<void> {
              for (const _ of times(rounds)) {
                const guard = yield* write(shared);
                writing++;
                look();
                yield* yieldNow();
                writing--;
                guard[Symbol.dispose]();
              }
            },
        ),
      ];
    },
    () => check(reading + writing === 0, () => "somebody is still inside"),
  );
}

function permits(total: number, wants: readonly number[], rounds: number): Body<unknown> {
  let out: number;
  let semaphore: Semaphore;
  return together(
    () => {
      semaphore = new Semaphore(total);
      out = 0;
      return wants.map(
        (n) =>
          function* (): Task<void> {
            for (const _ of times(rounds)) {
              const permit = yield* acquire(semaphore, n);
              out += n;
              check(out <= total, () => `${out} of ${total} permits are out`);
              yield* yieldNow();
              out -= n;
              permit[Symbol.dispose]();
            }
          },
      );
    },
    () => check(semaphore.available === total, () => `${semaphore.available} of ${total} permits are back`),
  );
}

function condition(consumers: number): Body<unknown> {
  let taken: number;
  return together(
    () => {
      const items = new Mutex(0);
      const filled = new Condvar();
      taken = 0;
      return [
        ...times(consumers).map(
          () =>
            function* (): Task<void> {
              const guard = yield* lock(items);
              while (guard.value === 0) yield* waitOn(filled, guard);
              guard.value--;
              taken++;
              guard[Symbol.dispose]();
            },
        ),
        function* (): Task<void> {
          for (const _ of times(consumers)) {
            const guard = yield* lock(items);
            guard.value++;
            guard[Symbol.dispose]();
            filled.notifyOne();
          }
        },
      ];
    },
    () => check(taken === consumers, () => `${taken} of ${consumers} were taken`),
  );
}

/** A notification is not lost, also where the one it was for is cancelled. */
function notification(): Body<unknown> {
  let told: number;
  return together(
    () => {
      const notify = new Notify();
      const token = new CancellationToken();
      told = 0;
      return [
        function* (): Task<void> {
          try {
            yield* notified(notify, { signal: token });
            told++;
            notify.notifyOne();
          } catch (error) {
            check(error instanceof CancelledError, () => String(error));
          }
        },
        function* (): Task<void> {
          yield* notified(notify);
          told++;
        },
        function* (): Task<void> {
          notify.notifyOne();
          yield* yieldNow();
          token.cancel();
        },
      ];
    },
    () => check(told >= 1, () => "the notification is lost"),
  );
}

function meeting(parties: number, rounds: number): Body<unknown> {
  let leaders: number;
  let arrived: number;
  return together(
    () => {
      const barrier = new Barrier(parties);
      [leaders, arrived] = [0, 0];
      return times(parties).map(
        () =>
          function* (): Task<void> {
            for (const round of times(rounds)) {
              arrived++;
              const { isLeader } = yield* arrive(barrier);
              if (isLeader) leaders++;
              check(arrived >= (round + 1) * parties, () => `${arrived} had arrived in round ${round}`);
            }
          },
      );
    },
    () => check(leaders === rounds, () => `${leaders} leaders in ${rounds} rounds`),
  );
}

function once(tasks: number): Body<unknown> {
  let made: number;
  let got: number[];
  return together(
    () => {
      const cell = new OnceCell<number>();
      made = 0;
      got = [];
      const init = function* (): Task<number> {
        yield* yieldNow();
        return ++made;
      };
      return times(tasks).map(
        () =>
          function* (): Task<void> {
            got.push(yield* getOrInit(cell, init));
          },
      );
    },
    () => check(made === 1 && got.every((value) => value === 1), () => `made ${made}, got ${got.join()}`),
  );
}

// ── select, cancellation ──

function selecting(capacity: number, each: number): Body<unknown> {
  let got: number[];
  const sent = [times(each), times(each).map((i) => 10 + i)];
  return together(
    () => {
      const chans = [chan<number>(capacity), chan<number>(capacity)];
      got = [];
      return [
        ...sent.map(
          (values, s) =>
            function* (): Task<void> {
              for (const value of values) yield* send(chans[s]!, value);
            },
        ),
        function* (): Task<void> {
          for (let left = 2 * each; left > 0; left--) {
            got.push((yield* select({ a: recv(chans[0]!), b: recv(chans[1]!) })).value);
          }
        },
      ];
    },
    () => checkDelivery(sent, got),
  );
}

function selectingAsync(capacity: number, each: number): Body<unknown> {
  let got: number[];
  const sent = [times(each), times(each).map((i) => 10 + i)];
  return togetherAsync(
    () => {
      const chans = [chan<number>(capacity), chan<number>(capacity)];
      got = [];
      return [
        ...sent.map((values, s) => async () => {
          for (const value of values) await chans[s]!.send(value);
        }),
        async () => {
          for (let left = 2 * each; left > 0; left--) {
            got.push((await select({ a: recv(chans[0]!), b: recv(chans[1]!) })).value);
          }
        },
      ];
    },
    () => checkDelivery(sent, got),
  );
}

/** Two selects that would send and receive on both channels: exactly one of each pair happens. */
function bothWays(): Body<unknown> {
  let log: string[];
  return together(
    () => {
      const [a, b] = [chan<string>(), chan<string>()];
      log = [];
      return [
        function* (): Task<void> {
          const won = yield* select({ sent: send(a, "x"), got: recv(b) });
          log.push(won.key === "got" ? `got ${won.value}` : "sent x");
        },
        function* (): Task<void> {
          const won = yield* select({ sent: send(b, "y"), got: recv(a) });
          log.push(won.key === "got" ? `got ${won.value}` : "sent y");
        },
      ];
    },
    () => {
      const told = [...log].sort().join(", ");
      check(told === "got x, sent x" || told === "got y, sent y", () => told);
    },
  );
}

/** A receive that is cancelled has taken nothing. */
function cancelledReceive(capacity: number, count: number): Body<unknown> {
  let got: number[];
  return together(
    () => {
      const ch = chan<number>(capacity);
      const token = new CancellationToken();
      got = [];
      return [
        function* (): Task<void> {
          for (const i of times(count)) yield* send(ch, i);
          ch.close();
        },
        function* (): Task<void> {
          for (let isOn = true; isOn; ) {
            const won = yield* select({ value: next(ch), stop: cancelled(token) });
            if (won.key === "stop" || won.value.done === true) isOn = false;
            else got.push(won.value.value);
          }
          for (let r = yield* next(ch); r.done !== true; r = yield* next(ch)) got.push(r.value);
        },
        function* (): Task<void> {
          yield* yieldNow();
          token.cancel();
        },
      ];
    },
    () => check(got.join() === times(count).join(), () => `received ${got.join()}`),
  );
}

/** A task that is aborted at a receive: what it did not get, somebody else does. */
function abortedReceive(capacity: number): Body<unknown> {
  let got: number[];
  let cleaned: boolean;
  return together(
    () => {
      const ch = chan<number>(capacity);
      got = [];
      cleaned = false;
      const victim = spawn(function* () {
        try {
          for (;;) got.push(yield* recv(ch));
        } finally {
          cleaned = true;
        }
      });
      return [
        function* (): Task<void> {
          yield* send(ch, 1);
          yield* send(ch, 2);
        },
        function* (): Task<void> {
          yield* yieldNow();
          victim.abort();
          // One that was woken with a value before goes on with it first.
          while (!victim.finished) yield* yieldNow();
          while (got.length < 2) got.push(yield* recv(ch));
        },
      ];
    },
    () => check([...got].sort().join() === "1,2", () => `received ${got.join()}; cleaned up: ${cleaned}`),
  );
}

function abortedAsync(): Body<unknown> {
  let got: number[];
  return togetherAsync(
    () => {
      const ch = chan<number>();
      got = [];
      const victim = spawn(async () => {
        for (;;) got.push(await ch.recv());
      });
      return [
        async () => {
          await ch.send(1);
          await ch.send(2);
        },
        async () => {
          await yieldNow();
          victim.abort();
          await victim.settled();
          while (got.length < 2) got.push(await ch.recv());
        },
      ];
    },
    () => check([...got].sort().join() === "1,2", () => `received ${got.join()}`),
  );
}

/** A task is aborted while it holds the lock, or waits for it, or in between: the lock comes free. */
function abortedHolder(): Body<unknown> {
  let entered: number;
  return together(
    () => {
      const mutex = new Mutex(undefined);
      entered = 0;
      const enter = function* (): Task<void> {
        const guard = yield* lock(mutex);
        try {
          yield* yieldNow();
          entered++;
        } finally {
          guard[Symbol.dispose]();
        }
      };
      const victim = spawn(enter);
      return [
        enter,
        function* (): Task<void> {
          yield* yieldNow();
          victim.abort();
          yield* settled(victim);
          yield* enter();
        },
      ];
    },
    () => check(entered === 2 || entered === 3, () => `${entered} came through`),
  );
}

/** A receive that may come too late: the value is delivered, or it stays. */
function lateReceive(): Body<unknown> {
  let got: unknown[];
  return together(
    () => {
      const ch = chan<number>(1);
      got = [];
      return [
        function* (): Task<void> {
          yield* sleep(10);
          yield* send(ch, 1);
        },
        function* (): Task<void> {
          try {
            got.push(yield* timeout(10, recv(ch)));
          } catch (error) {
            check((error as Error).name === "TimeoutError" || error instanceof TimeoutError, () => String(error));
            got.push(yield* recv(ch));
          }
        },
      ];
    },
    () => check(got.join() === "1", () => `received ${got.join()}`),
  );
}

/** A scope whose child fails: the other is aborted, and has cleaned up, before the scope is left. */
function failingScope(): Body<unknown> {
  return function* (): Task<void> {
    const ch = chan<number>();
    let isWaiting = false;
    let isClean = false;
    const [, error] = yield* attempt(() =>
      scope(function* (s) {
        s.spawn(function* () {
          try {
            isWaiting = true;
            yield* recv(ch);
          } finally {
            yield* yieldNow();
            isClean = true;
          }
        });
        s.spawn(function* () {
          yield* yieldNow();
          throw new Error("boom");
        });
        yield* yieldNow();
      }),
    );
    check((error as Error | undefined)?.message === "boom", () => `the scope ended with ${error}`);
    check(!isWaiting || isClean, () => "the scope was left before its child was done");
  };
}

const bounded = (name: string, body: Body<unknown>, preemptions = Number.POSITIVE_INFINITY): Configuration => ({
  name,
  body,
  preemptions,
});

/** Run by `npm test`, to the end: every interleaving, unless a bound on preemptions is given. */
export const configurations: readonly Configuration[] = [
  bounded("chan(0): 2 senders × 2, 1 receiver", fanIn(0, 2, 2)),
  bounded("chan(1): 2 senders × 2, 1 receiver", fanIn(1, 2, 2)),
  bounded("chan(0), async: 2 senders × 2, 1 receiver", fanInAsync(0, 2, 2)),
  bounded("chan(1), async: 2 senders × 2, 1 receiver", fanInAsync(1, 2, 2), 3),
  bounded("chan(0): 1 sender × 3, 2 receivers, closed", fanOut(0, 2, 3)),
  bounded("chan(1): 1 sender × 3, 2 receivers, closed", fanOut(1, 2, 3)),
  bounded("chan(0), async: 3 receivers in the order they asked", fifoReceives(0, 3)),
  bounded("chan(1), async: 2 receivers in the order they asked", fifoReceives(1, 2)),
  bounded("chan(0): closed during 2 sends × 1 and a receive", closing(0, 2, 1)),
  bounded("chan(1): closed during a send × 2 and a receive", closing(1, 1, 2)),
  bounded("mpsc(1): 2 senders × 2, closed by itself", mailbox(1, 2, 2)),
  bounded("oneshot: sent while the receive is cancelled", oneValue()),
  bounded("broadcast: 2 messages to 2 receivers", everybody(2, 2)),
  bounded("watch: 2 values, 2 watchers", latest(2, 2)),
  bounded("Mutex: 2 tasks × 2 rounds", exclusion(2, 2)),
  bounded("Mutex: 2 tasks × 3 rounds", exclusion(2, 3)),
  bounded("Mutex: 3 tasks × 1 round", exclusion(3, 1)),
  bounded("Mutex, async: 3 tasks × 1 round in the order they asked", fifoLock(3, 1)),
  bounded("Mutex, async: 2 tasks × 3 rounds in the order they asked", fifoLock(2, 3)),
  bounded("Mutex: one of two waits is cancelled", abandonedLock(1)),
  bounded("Mutex: a wait is cancelled between two", abandonedLock(2), 1),
  bounded("RwLock: 2 readers, 1 writer", sharing(2, 1, 1)),
  bounded("RwLock: 1 reader, 2 writers", sharing(1, 2, 1)),
  bounded("RwLock: 1 reader, 1 writer × 2", sharing(1, 1, 2)),
  bounded("Semaphore(2): wants 1, 2, 1", permits(2, [1, 2, 1], 1)),
  bounded("Semaphore(1): 2 tasks × 2", permits(1, [1, 1], 2)),
  bounded("Semaphore(2): one of two waits is cancelled", abandonedPermits()),
  bounded("Condvar: 2 consumers, 1 producer", condition(2)),
  bounded("Notify: one of two waits is cancelled", notification()),
  bounded("Barrier(2): 2 rounds", meeting(2, 2)),
  bounded("Barrier(3): 1 round", meeting(3, 1)),
  bounded("OnceCell: 3 tasks", once(3)),
  bounded("select over 2 × chan(0), 1 message each", selecting(0, 1)),
  bounded("select over 2 × chan(1), 1 message each", selecting(1, 1)),
  bounded("select over 2 × chan(0), 2 messages each", selecting(0, 2)),
  bounded("select over 2 × chan(1), 2 messages each", selecting(1, 2), 2),
  bounded("select, async, over 2 × chan(1), 1 message each", selectingAsync(1, 1)),
  bounded("two selects, each sends or receives", bothWays()),
  bounded("chan(0): a receive is cancelled, 2 messages", cancelledReceive(0, 2)),
  bounded("chan(1): a receive is cancelled, 2 messages", cancelledReceive(1, 2)),
  bounded("chan(0): a receiver is aborted", abortedReceive(0)),
  bounded("chan(1): a receiver is aborted", abortedReceive(1)),
  bounded("chan(0), async: a receiver is aborted", abortedAsync()),
  bounded("Mutex: whoever holds the lock is aborted", abortedHolder()),
  bounded("scope: a child fails, the other cleans up", failingScope()),
  bounded("chan(1): a receive times out as the message comes", lateReceive()),
];

/** Run by `npm run explore`. */
export const larger: readonly Configuration[] = [
  bounded("chan(0): 3 senders × 2, 1 receiver", fanIn(0, 3, 2), 3),
  bounded("chan(1): 2 senders × 3, 1 receiver", fanIn(1, 2, 3)),
  bounded("chan(2): 2 senders × 3, 1 receiver", fanIn(2, 2, 3), 4),
  bounded("chan(1), async: 2 senders × 3, 1 receiver", fanInAsync(1, 2, 3), 3),
  bounded("chan(1): 1 sender × 4, 3 receivers, closed", fanOut(1, 3, 4), 3),
  bounded("chan(1), async: 3 receivers in the order they asked", fifoReceives(1, 3)),
  bounded("chan(1): closed during 2 sends × 2 and a receive", closing(1, 2, 2), 3),
  bounded("mpsc(2): 3 senders × 2", mailbox(2, 3, 2), 3),
  bounded("broadcast: 3 messages to 2 receivers", everybody(2, 3)),
  bounded("Mutex: 3 tasks × 2 rounds", exclusion(3, 2)),
  bounded("Mutex: a wait is cancelled between two", abandonedLock(2)),
  bounded("Mutex, async: 3 tasks × 2 rounds in the order they asked", fifoLock(3, 2)),
  bounded("RwLock: 2 readers, 2 writers", sharing(2, 2, 1), 3),
  bounded("Semaphore(3): wants 1, 2, 3", permits(3, [1, 2, 3], 2), 3),
  bounded("Condvar: 3 consumers", condition(3), 3),
  bounded("select over 2 × chan(1), 2 messages each", selecting(1, 2)),
  bounded("chan(1): a receive is cancelled, 3 messages", cancelledReceive(1, 3)),
];
