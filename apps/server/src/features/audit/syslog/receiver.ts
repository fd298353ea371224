import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';

export interface ReceiverAddress {
  readonly protocol: 'tls' | 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** PEM file of the authorities of its certificate; those of Node.js without. */
  readonly ca: string | undefined;
}

export interface Receiver {
  /**
   * Hands messages over, in order. By TLS and TCP it resolves when the receiver's machine has acknowledged their bytes and has closed nothing since; syslog itself acknowledges
   * nothing (RFC 5424 has no answers). By UDP nobody knows whether they came. Fails when the receiver is away.
   */
  send(messages: readonly Buffer[]): Promise<void>;
  close(): void;
}

const WAIT_MS = 10_000;
/** Messages that are larger than this are cut by receivers, or lost, by UDP (RFC 5426 3.2). */
const MOST_UDP_BYTES = 65_000;

/** Octet counting (RFC 6587 3.4.1, RFC 5425 4.3): the length, a space, the message. */
const framed = (messages: readonly Buffer[]): Buffer =>
  Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length} `, 'ascii'), message]));

export const openReceiver = (address: ReceiverAddress): Receiver =>
  address.protocol === 'udp' ? byDatagrams(address) : byStream(address);

function byDatagrams({ host, port }: ReceiverAddress): Receiver {
  const socket = createSocket(net.isIPv6(host) ? 'udp6' : 'udp4').unref();
  socket.on('error', () => undefined);
  const sendOne = (message: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(message.subarray(0, MOST_UDP_BYTES), port, host, (error) => (error ? reject(error) : resolve()));
    });
  return {
    send: async (messages) => {
      for (const message of messages) await sendOne(message);
    },
    close: () => socket.close(),
  };
}

function byStream(address: ReceiverAddress): Receiver {
  let open: net.Socket | undefined;
  return {
    send: async (messages) => {
      open ??= await connect(address);
      try {
        await write(open, framed(messages));
      } catch (error) {
        open.destroy();
        open = undefined;
        throw error;
      }
    },
    close: () => open?.destroy(),
  };
}

async function connect({ protocol, host, port, ca }: ReceiverAddress): Promise<net.Socket> {
  const authorities = protocol === 'tls' && ca !== undefined ? await readFile(ca) : undefined;
  const socket =
    protocol === 'tls'
      ? tls.connect({
          host,
          port,
          minVersion: 'TLSv1.2',
          ...(authorities && { ca: authorities }),
          ...(net.isIP(host) ? {} : { servername: host }),
        })
      : net.connect({ host, port });
  socket.setKeepAlive(true, 30_000);
  socket.setTimeout(WAIT_MS);
  return new Promise((resolve, reject) => {
    const end = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once('error', end);
    socket.once('timeout', () => end(new Error('The receiver of audit messages does not answer.')));
    socket.once(protocol === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.removeAllListeners('timeout').setTimeout(0).removeListener('error', end);
      // What it says is nothing to us, but that it closed is.
      socket
        .on('error', () => undefined)
        .resume()
        .unref();
      resolve(socket);
    });
  });
}

/** So long a receiver that has closed meanwhile may take to say so: bytes that went to nobody come back as a reset. */
const RESET_MS = 150;

function write(socket: net.Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = (): void => done(new Error('The receiver of audit messages has closed.'));
    const timer = setTimeout(() => done(new Error('The receiver of audit messages takes nothing.')), WAIT_MS);
    const done = (error?: Error | null): void => {
      clearTimeout(timer);
      socket.removeListener('close', lost).removeListener('end', lost);
      if (error) reject(error);
      else resolve();
    };
    if (socket.destroyed || socket.readableEnded || !socket.writable) return lost();
    socket.once('close', lost).once('end', lost);
    socket.write(bytes, (error) => (error ? done(error) : void setTimeout(done, RESET_MS)));
  });
}
