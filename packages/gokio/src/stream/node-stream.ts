/**
 * Node's streams, as far as they are needed, and how they are destroyed.
 *
 * @module
 */

type Listener = (...args: never[]) => void;

/** What Node's streams have in common. */
export interface NodeStream {
  /** Listens. */
  on(event: string, listener: Listener): unknown;
  /** Listens no more. */
  removeListener(event: string, listener: Listener): unknown;
  /** Gives everything up. */
  destroy(error?: Error): unknown;
}

/** What they say of themselves; older kinds do not. */
export interface NodeState {
  readonly destroyed?: boolean | undefined;
  readonly closed?: boolean | undefined;
  readonly errored?: Error | null | undefined;
}

/** Node's Readable. */
export interface NodeReadable extends NodeStream {
  read(): unknown;
}

/** Node's Writable. */
export interface NodeWritable extends NodeStream {
  /** Takes a chunk; `false` if it is full, and is going to emit `drain`. */
  write(chunk: never, written?: (error?: Error | null) => void): boolean;
  /** Nothing more will be written. */
  end(): unknown;
}

export function isNodeStream(object: Partial<NodeStream>): object is NodeStream {
  return (
    typeof object.on === "function" &&
    typeof object.removeListener === "function" &&
    typeof object.destroy === "function"
  );
}

export function isNodeReadable(object: Partial<NodeReadable>): object is NodeReadable {
  return typeof object.read === "function" && isNodeStream(object);
}

export function isNodeWritable(object: Partial<NodeWritable>): object is NodeWritable {
  return typeof object.write === "function" && isNodeStream(object);
}

interface Internals {
  readonly _readableState?: { readonly emitClose?: boolean };
  readonly _writableState?: { readonly emitClose?: boolean };
  destroy(error: Error | undefined, destroyed: () => void): unknown;
}

/**
 * Destroys `stream`, with `reason` if there is one, and waits until it is closed; `undefined` if there is nothing to wait for. It fails with what else
 * the stream fails with meanwhile.
 *
 * Its `error` event needs somebody to hear it, or it would end the process: so we listen until it is closed, however long that takes.
 */
export function destroyed(stream: NodeStream & NodeState, reason?: Error): Promise<void> | undefined {
  // One that does not say that it is open might never say that it has closed.
  if (stream.closed !== false) {
    if (stream.destroyed !== true) stream.destroy(reason);
    return undefined;
  }
  const { _readableState, _writableState } = stream as Partial<Internals>;
  const isSilent = (_writableState ?? _readableState)?.emitClose === false;
  return new Promise((resolve, reject) => {
    let failure: { readonly error: unknown } | undefined;
    const failed = (error: unknown): void => {
      if (error !== reason) failure ??= { error };
    };
    const settle = (): void => {
      if (failure === undefined) resolve();
      else reject(failure.error);
    };
    const closed = (): void => {
      stream.removeListener("error", failed);
      stream.removeListener("close", closed);
      settle();
    };
    stream.on("error", failed);
    stream.on("close", closed);
    // One that emits no `close` calls back, and emits its error after that.
    (stream as unknown as Internals).destroy(reason, () => {
      if (isSilent) settle();
    });
  });
}
