/**
 * Eight bugs as people write them, and what they write instead: each a body for `explore`, async, and as a generator where that is natural.
 *
 * @module
 */
import {
  acquire,
  type Body,
  chan,
  join,
  lock,
  Mutex,
  Notify,
  notified,
  type OneshotSender,
  oneshot,
  recv,
  Semaphore,
  select,
  send,
  sleep,
  spawn,
  type Task,
  yieldNow,
} from "../../src/index.ts";
import type { FailureKind } from "../../src/testing/index.ts";

export interface Bug {
  readonly name: string;
  readonly flavour: "async" | "generator";
  readonly fails: FailureKind;
  readonly broken: Body<unknown>;
  readonly fixed: Body<unknown>;
}

function check(condition: boolean, complaint: string): void {
  if (!condition) throw new Error(complaint);
}

async function joinAll(...tasks: PromiseLike<unknown>[]): Promise<void> {
  for (const task of tasks) await task;
}

// ── a lost update across an await ──

const account = (isFixed: boolean) => async () => {
  const balance = new Mutex(0);
  const deposit = async (): Promise<void> => {
    if (isFixed) await balance.with((guard) => guard.value++);
    else {
      const seen = await balance.with((guard) => guard.value);
      await balance.with((guard) => (guard.value = seen + 1));
    }
  };
  await joinAll(spawn(deposit, { name: "a" }), spawn(deposit, { name: "b" }));
  const total = await balance.with((guard) => guard.value);
  check(total === 2, `two deposits made ${total}`);
};

const accountGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    const balance = new Mutex(0);
    const deposit = function* (): Task<void> {
      const guard = yield* lock(balance);
      const seen = guard.value;
      if (!isFixed) {
        guard[Symbol.dispose]();
        const again = yield* lock(balance);
        again.value = seen + 1;
        again[Symbol.dispose]();
      } else {
        guard.value = seen + 1;
        guard[Symbol.dispose]();
      }
    };
    const tasks = [spawn(deposit), spawn(deposit)];
    for (const task of tasks) yield* join(task);
    const guard = yield* lock(balance);
    check(guard.value === 2, `two deposits made ${guard.value}`);
    guard[Symbol.dispose]();
  };

// ── check, then act, on a shared map ──

const cache = (isFixed: boolean) => async () => {
  const pages = new Map<string, Promise<string> | string>();
  const connections = new Semaphore(2);
  const one = new Mutex(undefined);
  let fetched = 0;
  const fetch = async (): Promise<string> => {
    const permit = await connections.acquire();
    fetched++;
    permit[Symbol.dispose]();
    return "page";
  };
  const get = async (): Promise<void> => {
    const look = async (): Promise<void> => {
      if (!pages.has("/")) pages.set("/", await fetch());
    };
    await (isFixed ? one.with(look) : look());
  };
  await joinAll(spawn(get), spawn(get));
  check(fetched === 1, `fetched ${fetched} times`);
};

const cacheGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    const seats = new Map<string, string>();
    const paid = chan<string>(2);
    const reserve = (who: string) =>
      function* (): Task<void> {
        if (seats.has("1A")) return;
        if (isFixed) seats.set("1A", who);
        yield* send(paid, who);
        seats.set("1A", who);
      };
    const tasks = [spawn(reserve("ada")), spawn(reserve("bob"))];
    for (const task of tasks) yield* join(task);
    const first = yield* recv(paid);
    check(paid.tryRecv() === undefined, "both have paid for the seat");
    check(seats.get("1A") === first, "the seat is not whose who paid");
  };

// ── a lost wake-up in a hand-written condition variable ──

class Condition {
  readonly #waiting: OneshotSender<void>[] = [];

  register(): { recv(): Promise<void> } {
    const [tx, rx] = oneshot<void>();
    this.#waiting.push(tx);
    return rx;
  }

  signal(): void {
    this.#waiting.shift()?.send();
  }
}

const condition = (isFixed: boolean) => async () => {
  const items = new Mutex<number[]>([]);
  const filled = new Condition();
  const consumer = async (): Promise<void> => {
    for (;;) {
      const guard = await items.lock();
      const item = guard.value.shift();
      const early = item === undefined && isFixed ? filled.register() : undefined;
      guard[Symbol.dispose]();
      if (item !== undefined) return;
      // Released, and not yet waiting: who signals now signals nobody.
      await yieldNow();
      await (early ?? filled.register()).recv();
    }
  };
  const producer = async (): Promise<void> => {
    await items.with((guard) => guard.value.push(1));
    filled.signal();
  };
  await joinAll(spawn(producer, { name: "producer" }), spawn(consumer, { name: "consumer" }));
};

const conditionGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    let isReady = false;
    const changed = new Notify();
    const audit = chan<string>(4);
    const waiter = function* (): Task<void> {
      if (isReady) return;
      // What is noted here takes time, in which the change may come; who is not waiting yet is not told of it.
      yield* send(audit, "waiting");
      if (!isFixed || !isReady) yield* notified(changed);
    };
    const setter = function* (): Task<void> {
      yield* send(audit, "setting");
      isReady = true;
      changed.notifyAll();
    };
    const tasks = [spawn(waiter), spawn(setter)];
    for (const task of tasks) yield* join(task);
  };

// ── two locks in opposite order ──

const locks = (isFixed: boolean) => async () => {
  const [left, right] = [new Mutex("left"), new Mutex("right")];
  const move = (from: Mutex<string>, to: Mutex<string>) => async () => {
    await from.with(async () => to.with(() => {}));
  };
  await joinAll(
    spawn(move(left, right), { name: "there" }),
    spawn(isFixed ? move(left, right) : move(right, left), { name: "back" }),
  );
};

const locksGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    const [left, right] = [new Mutex("left"), new Mutex("right")];
    const move = (from: Mutex<string>, to: Mutex<string>) =>
      function* (): Task<void> {
        const outer = yield* lock(from);
        const inner = yield* lock(to);
        inner[Symbol.dispose]();
        outer[Symbol.dispose]();
      };
    const tasks = [spawn(move(left, right)), spawn(isFixed ? move(left, right) : move(right, left))];
    for (const task of tasks) yield* join(task);
  };

// ── a select that loses a message by racing promises ──

const racing = (isFixed: boolean) => async () => {
  const mail = chan<string>();
  const reader = spawn(async () => {
    for (;;) {
      const got = isFixed
        ? (await select({ mail: recv(mail), late: sleep(10) })).value
        : await Promise.race([mail.recv(), sleep(10).then(() => undefined)]);
      if (got !== undefined) return got;
    }
  });
  await sleep(10);
  await mail.send("hello");
  const { value } = await select({ value: join(reader), late: sleep(40) });
  reader.abort();
  check(value === "hello", "the message is gone");
};

// ── ABA: what is found is what was seen, and yet has changed ──

interface Node {
  readonly name: string;
  next: Node | undefined;
}

function stackOf(...names: string[]): Node | undefined {
  return names.reduceRight<Node | undefined>((next, name) => ({ name, next }), undefined);
}

const aba = (isFixed: boolean) => async () => {
  let top = stackOf("A", "B", "C");
  let version = 0;
  const log = chan<string>(8);
  const pop = async (): Promise<Node> => {
    for (;;) {
      const [head, seen] = [top as Node, version];
      const { next } = head;
      await log.send(head.name);
      if (top !== head || (isFixed && version !== seen)) continue;
      version++;
      top = next;
      return head;
    }
  };
  const push = (node: Node): void => {
    node.next = top;
    top = node;
    version++;
  };
  const held: Node[] = [];
  const one = spawn(async () => held.push(await pop()));
  const two = spawn(async () => {
    const first = await pop();
    held.push(await pop());
    push(first);
  });
  await joinAll(one, two);
  for (let node = top; node !== undefined; node = node.next) {
    check(!held.includes(node), `${node.name} is held, and on the stack`);
  }
};

const abaGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    let top = stackOf("A", "B", "C");
    let version = 0;
    const log = chan<string>(8);
    const pop = function* (): Task<Node> {
      for (;;) {
        const [head, seen] = [top as Node, version];
        const { next } = head;
        yield* send(log, head.name);
        if (top !== head || (isFixed && version !== seen)) continue;
        version++;
        top = next;
        return head;
      }
    };
    const held: Node[] = [];
    const one = spawn(function* () {
      held.push(yield* pop());
    });
    const two = spawn(function* () {
      const first = yield* pop();
      held.push(yield* pop());
      first.next = top;
      top = first;
      version++;
    });
    yield* join(one);
    yield* join(two);
    for (let node = top; node !== undefined; node = node.next) {
      check(!held.includes(node), `${node.name} is held, and on the stack`);
    }
  };

// ── a double-checked initialisation that shows what is not ready ──

interface Config {
  port?: number;
}

const init = (isFixed: boolean) => async () => {
  const source = chan<number>(1);
  await source.send(8080);
  const once = new Mutex(undefined);
  let config: Config | undefined;
  const load = async (): Promise<Config> => {
    if (config !== undefined) return config;
    return once.with(async () => {
      if (config !== undefined) return config;
      const made: Config = {};
      if (!isFixed) config = made;
      made.port = await source.recv();
      config = made;
      return made;
    });
  };
  const server = async (): Promise<void> => {
    const { port } = await load();
    check(port === 8080, `listens on ${port}`);
  };
  await joinAll(spawn(server), spawn(server));
};

const initGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    const slots = new Semaphore(1);
    let made = 0;
    let config: Config | undefined;
    const load = function* (): Task<void> {
      if (config !== undefined) return;
      const permit = yield* acquire(slots);
      // The second check is what makes it right.
      if (!isFixed || config === undefined) {
        made++;
        config = { port: 8080 };
      }
      permit[Symbol.dispose]();
    };
    const tasks = [spawn(load), spawn(load)];
    for (const task of tasks) yield* join(task);
    check(made === 1, `made ${made} times`);
  };

// ── a bounded buffer that is off by one ──

const buffer = (isFixed: boolean) => async () => {
  const capacity = 1;
  const items: number[] = [];
  const changed = new Notify();
  const isFull = (): boolean => (isFixed ? items.length >= capacity : items.length > capacity);
  const put = async (item: number): Promise<void> => {
    while (isFull()) await changed.notified();
    items.push(item);
    check(items.length <= capacity, `${items.length} items in a buffer of ${capacity}`);
    changed.notifyAll();
  };
  const take = async (): Promise<number> => {
    while (items.length === 0) await changed.notified();
    const item = items.shift() as number;
    changed.notifyAll();
    return item;
  };
  const consumer = spawn(async () => (await take()) + (await take()));
  const producer = spawn(async () => {
    await put(1);
    await yieldNow();
    await put(2);
  });
  await joinAll(consumer, producer);
};

const bufferGenerator = (isFixed: boolean) =>
  function* (): Task<void> {
    const room = new Semaphore(isFixed ? 1 : 2);
    const items: number[] = [];
    const filled = new Notify();
    const producer = spawn(function* () {
      for (let item = 1; item <= 2; item++) {
        (yield* acquire(room)).forget();
        items.push(item);
        check(items.length <= 1, `${items.length} items in a buffer of 1`);
        filled.notifyOne();
        yield* yieldNow();
      }
    });
    const consumer = spawn(function* () {
      for (let taken = 0; taken < 2; taken++) {
        while (items.length === 0) yield* notified(filled);
        items.shift();
        room.addPermits(1);
      }
    });
    yield* join(producer);
    yield* join(consumer);
  };

const both = (
  name: string,
  fails: FailureKind,
  inAsync: (isFixed: boolean) => Body<unknown>,
  inGenerator?: (isFixed: boolean) => Body<unknown>,
): Bug[] => [
  { name, fails, flavour: "async", broken: inAsync(false), fixed: inAsync(true) },
  ...(inGenerator === undefined
    ? []
    : [{ name, fails, flavour: "generator" as const, broken: inGenerator(false), fixed: inGenerator(true) }]),
];

export const bugs: readonly Bug[] = [
  ...both("a lost update across an await", "error", account, accountGenerator),
  ...both("check, then act, on a shared map", "error", cache, cacheGenerator),
  ...both("a lost wake-up in a hand-written condition variable", "deadlock", condition, conditionGenerator),
  ...both("two locks in opposite order", "deadlock", locks, locksGenerator),
  ...both("a select that loses a message by racing promises", "error", racing),
  ...both("ABA", "error", aba, abaGenerator),
  ...both("a broken double-checked initialisation", "error", init, initGenerator),
  ...both("a bounded buffer off by one", "error", buffer, bufferGenerator),
];
