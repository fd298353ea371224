import type { Client, Connection, Submittable } from 'pg';

/** What node-postgres has of COPY, and its types have not. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

interface CopyHandlers {
  handleCopyInResponse?(connection: CopyConnection): void;
  handleCopyData?(message: { readonly chunk: Buffer }, connection: CopyConnection): void;
}

/** One COPY statement, as the client hands its messages on: it is done, or has failed, once the server is ready for the next one. */
class Copy implements Submittable {
  readonly #text: string;
  readonly #handlers: CopyHandlers;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  readonly done = new Promise<void>((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  constructor(text: string, handlers: CopyHandlers) {
    this.#text = text;
    this.#handlers = handlers;
    // Whoever waits is told; nobody may be waiting yet.
    this.done.catch(() => undefined);
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#handlers.handleCopyInResponse?.(connection);
  }

  handleCopyData(message: { readonly chunk: Buffer }, connection: CopyConnection): void {
    this.#handlers.handleCopyData?.(message, connection);
  }

  /** Nothing of these is in a COPY. */
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }
}

/**
 * Sends what one COPY … TO STDOUT gives into another COPY … FROM STDIN, no faster than it is taken. Fails with the first error of either; both clients are then to
 * be ended.
 */
export async function copyRows(from: Client, out: string, to: Client, into: string): Promise<void> {
  let receiver: CopyConnection | undefined;
  let tellReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve;
  });
  const writing = to.query(
    new Copy(into, {
      handleCopyInResponse: (connection) => {
        receiver = connection;
        tellReady();
      },
    }),
  );
  await Promise.race([ready, writing.done]);
  const reading = from.query(new Copy(out, { handleCopyData: ({ chunk }, source) => pass(chunk, source, receiver) }));
  try {
    // The one that writes is done only after it was told that all is there: before, it can but fail.
    await Promise.race([reading.done, writing.done]);
  } catch (error) {
    receiver?.sendCopyFail('The other server gave no more.');
    throw error;
  }
  receiver?.endCopyFrom();
  await writing.done;
}

function pass(chunk: Buffer, source: CopyConnection, receiver: CopyConnection | undefined): void {
  if (receiver === undefined) return;
  receiver.sendCopyFromChunk(chunk);
  // One read of the socket holds many rows: after the first the source stands already.
  if (!receiver.stream.writableNeedDrain || source.stream.isPaused()) return;
  source.stream.pause();
  receiver.stream.once('drain', () => source.stream.resume());
}
