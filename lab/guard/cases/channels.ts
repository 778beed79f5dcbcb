/** A value from one task to another, by each kind of channel. */
import {
  type BroadcastReceiver,
  broadcast,
  chan,
  mpsc,
  type OneshotSender,
  oneshot,
  recv,
  send,
  spawn,
  type Task,
} from "gokio";
import { type Flavours, type Repeated, repeated } from "../case.ts";

/** Two tasks, one of which waits for the other each time if there is no buffer, and now and then if there is one. */
function passing(capacity: number): Flavours {
  return {
    generator: (count) => {
      const ch = chan<number>(capacity);
      spawn(function* (): Task<void> {
        for (let n = 0; n < count; n++) yield* send(ch, n);
      });
      return spawn(function* (): Task<number> {
        let received = 0;
        for (; received < count; received++) yield* recv(ch);
        return received;
      });
    },
    async: (count) => {
      const ch = chan<number>(capacity);
      spawn(async () => {
        for (let n = 0; n < count; n++) await ch.send(n);
      });
      return spawn(async () => {
        let received = 0;
        for (; received < count; received++) await ch.recv();
        return received;
      });
    },
  };
}

/** As actors do it: one task, which sends to a mailbox and receives from it. */
const mailbox: Flavours = {
  generator: (count) =>
    spawn(function* (): Task<number> {
      const [tx, rx] = mpsc<number>(64);
      let received = 0;
      for (; received < count; received++) {
        yield* send(tx, received);
        yield* recv(rx);
      }
      return received;
    }),
  async: (count) =>
    spawn(async () => {
      const [tx, rx] = mpsc<number>(64);
      let received = 0;
      for (; received < count; received++) {
        await tx.send(received);
        await rx.recv();
      }
      return received;
    }),
};

/** A request that carries the way back for its answer, to a task that serves them. */
const request: Flavours = {
  generator: (count) => {
    const requests = chan<OneshotSender<number>>();
    spawn(function* (): Task<void> {
      for (let n = 0; n < count; n++) (yield* recv(requests)).send(n);
    });
    return spawn(function* (): Task<number> {
      let answered = 0;
      for (; answered < count; answered++) {
        const [tx, rx] = oneshot<number>();
        yield* send(requests, tx);
        yield* recv(rx);
      }
      return answered;
    });
  },
  async: (count) => {
    const requests = chan<OneshotSender<number>>();
    spawn(async () => {
      for (let n = 0; n < count; n++) (await requests.recv()).send(n);
    });
    return spawn(async () => {
      let answered = 0;
      for (; answered < count; answered++) {
        const [tx, rx] = oneshot<number>();
        await requests.send(tx);
        await rx.recv();
      }
      return answered;
    });
  },
};

const LISTENERS = 8;
const BACKLOG = 16;

/** A number that eight tasks get; each time the backlog is full, the sender waits for all of them. */
const toAll: Flavours = {
  generator: async (count) => {
    const news = broadcast<number>(BACKLOG);
    const credits = chan<void>(LISTENERS);
    const listen = (rx: BroadcastReceiver<number>) =>
      function* (): Task<number> {
        let heard = 0;
        while (heard < count) {
          yield* recv(rx);
          if (++heard % BACKLOG === 0) yield* send(credits, undefined);
        }
        return heard;
      };
    const listeners = Array.from({ length: LISTENERS }, () => spawn(listen(news.subscribe())));
    spawn(function* (): Task<void> {
      for (let n = 1; n <= count; n++) {
        news.send(n);
        if (n % BACKLOG === 0) for (let i = 0; i < LISTENERS; i++) yield* recv(credits);
      }
    });
    return Math.min(...(await Promise.all(listeners)));
  },
  async: async (count) => {
    const news = broadcast<number>(BACKLOG);
    const credits = chan<void>(LISTENERS);
    const listen = (rx: BroadcastReceiver<number>) => async (): Promise<number> => {
      let heard = 0;
      while (heard < count) {
        await rx.recv();
        if (++heard % BACKLOG === 0) await credits.send(undefined);
      }
      return heard;
    };
    const listeners = Array.from({ length: LISTENERS }, () => spawn(listen(news.subscribe())));
    spawn(async () => {
      for (let n = 1; n <= count; n++) {
        news.send(n);
        if (n % BACKLOG === 0) for (let i = 0; i < LISTENERS; i++) await credits.recv();
      }
    });
    return Math.min(...(await Promise.all(listeners)));
  },
};

export const channels: readonly Repeated[] = [
  ...repeated("send and receive, no buffer", passing(0)),
  ...repeated("send and receive, buffer of 64", passing(64)),
  ...repeated("send and receive, own mailbox", mailbox),
  ...repeated("request and response by oneshot", request),
  ...repeated("broadcast to 8", toAll, 2000),
];
