import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chan } from "../../src/chan/chan.ts";
import { recv, send } from "../../src/chan/ends.ts";
import type { JoinHandle } from "../../src/task/join-handle.ts";
import { spawn } from "../../src/task/spawn.ts";
import { yieldNow } from "../../src/task/yield-now.ts";
import { sleep } from "../../src/time/sleep.ts";
import { turn, until } from "../support/turns.ts";

/** Two tasks that wake each other for ever, and count. */
const pingPongs = {
  generator(): { tasks: JoinHandle<unknown>[]; rounds: () => number } {
    const [ping, pong] = [chan<number>(), chan<number>()];
    let rounds = 0;
    const first = spawn(function* () {
      for (;;) {
        yield* send(ping, rounds++);
        yield* recv(pong);
      }
    });
    const second = spawn(function* () {
      for (;;) yield* send(pong, yield* recv(ping));
    });
    return { tasks: [first, second], rounds: () => rounds };
  },
  async(): { tasks: JoinHandle<unknown>[]; rounds: () => number } {
    const [ping, pong] = [chan<number>(), chan<number>()];
    let rounds = 0;
    const first = spawn(async () => {
      for (;;) {
        await ping.send(rounds++);
        await pong.recv();
      }
    });
    const second = spawn(async () => {
      for (;;) await pong.send(await ping.recv());
    });
    return { tasks: [first, second], rounds: () => rounds };
  },
  "generator that is never blocked"(): { tasks: JoinHandle<unknown>[]; rounds: () => number } {
    const ch = chan<number>(1);
    let rounds = 0;
    const alone = spawn(function* () {
      for (;;) {
        yield* send(ch, rounds++);
        yield* recv(ch);
      }
    });
    return { tasks: [alone], rounds: () => rounds };
  },
  "async task that is never blocked"(): { tasks: JoinHandle<unknown>[]; rounds: () => number } {
    const ch = chan<number>(1);
    let rounds = 0;
    const alone = spawn(async () => {
      for (;;) {
        await ch.send(rounds++);
        await ch.recv();
      }
    });
    return { tasks: [alone], rounds: () => rounds };
  },
  yieldNow(): { tasks: JoinHandle<unknown>[]; rounds: () => number } {
    let rounds = 0;
    const busy = function* () {
      for (;;) {
        rounds++;
        yield* yieldNow();
      }
    };
    return { tasks: [spawn(busy), spawn(busy)], rounds: () => rounds };
  },
};

describe.each(Object.entries(pingPongs))("a ping-pong without end: %s", (_name, pingPong) => {
  test("starves neither timers nor I/O, and gets on itself", async () => {
    const { tasks, rounds } = pingPong();
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 2));
    await sleep(2);
    expect((await readFile(fileURLToPath(import.meta.url), "utf8")).length).toBeGreaterThan(100);
    expect(await echo("hello")).toBe("hello");
    const before = rounds();
    await until(() => rounds() > before + 10);
    for (const task of tasks) task.abort();
    for (const task of tasks) expect((await task.settled()).status).toBe("aborted");
  });
});

/** Sends `text` over a real socket, and back. */
async function echo(text: string): Promise<string> {
  const server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const socket = connect(port, "127.0.0.1");
  socket.end(text);
  let back = "";
  for await (const chunk of socket) back += String(chunk);
  await new Promise((resolve) => server.close(resolve));
  return back;
}

describe("order", () => {
  test("neither flavour starts inside spawn, and both start in the order spawned", async () => {
    const order: string[] = [];
    spawn(async () => order.push("async 1"));
    spawn(function* () {
      order.push("generator 2");
    });
    spawn(() => order.push("plain 3"));
    order.push("spawner");
    await turn();
    expect(order).toEqual(["spawner", "async 1", "generator 2", "plain 3"]);
  });

  test("waking never runs user code in the waker's frame", async () => {
    const ch = chan<number>();
    const order: string[] = [];
    spawn(function* () {
      order.push(`got ${yield* recv(ch)}`);
    });
    void ch.recv().then((value) => order.push(`got ${value}`));
    await turn();
    ch.trySend(2);
    ch.trySend(1);
    order.push("waker goes on");
    await turn();
    expect(order[0]).toBe("waker goes on");
    expect(order.slice(1).sort()).toEqual(["got 1", "got 2"]);
  });

  test("tasks go on in the order they were woken; cancelled ones before all others, in the order cancelled", async () => {
    const ch = chan<number>();
    const order: string[] = [];
    const tasks = ["a", "b", "c", "d", "e"].map((name) =>
      spawn(function* () {
        try {
          order.push(`${name} got ${yield* recv(ch)}`);
        } finally {
          order.push(`${name} ends`);
        }
      }),
    );
    await turn();
    ch.trySend(1);
    ch.trySend(2);
    tasks[3]?.abort();
    tasks[2]?.abort();
    ch.trySend(5);
    await turn();
    expect(order).toEqual(["d ends", "c ends", "a got 1", "a ends", "b got 2", "b ends", "e got 5", "e ends"]);
  });

  test("yieldNow lets everybody who is ready go first", async () => {
    const order: string[] = [];
    const twice = (name: string) =>
      function* () {
        order.push(`${name}1`);
        yield* yieldNow();
        order.push(`${name}2`);
      };
    spawn(twice("a"));
    spawn(twice("b"));
    await turn();
    expect(order).toEqual(["a1", "b1", "a2", "b2"]);
  });
});
