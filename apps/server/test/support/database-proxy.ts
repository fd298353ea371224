import net from 'node:net';
import path from 'node:path';
import type { ClientConfig } from 'pg';

/** Stands between a server and its database, to cut and to deafen connections. */
export interface DatabaseProxy {
  /** The same database through the proxy. */
  readonly connection: ClientConfig;
  /** While it gives true for what a client sends, that is held back, and what follows it. */
  hold: ((sent: string) => boolean) | undefined;
  /** Ends connections on which a client has sent something that holds this text, as a fault of the network does; gives their number. */
  cut(text: string): number;
  /** Lets nothing pass on them any more, without a sign. */
  freeze(text: string): number;
  close(): Promise<void>;
}

interface Entry {
  sent: string;
  isFrozen: boolean;
  readonly upstream: net.Socket;
}

const targetOf = ({ connectionString, host = 'localhost', port = 5432 }: ClientConfig): net.NetConnectOpts => {
  if (connectionString !== undefined) {
    const url = new URL(connectionString);
    return { host: url.hostname, port: Number(url.port || 5432) };
  }
  return host.startsWith('/') ? { path: path.join(host, `.s.PGSQL.${port}`) } : { host, port };
};

export async function openDatabaseProxy(database: ClientConfig): Promise<DatabaseProxy> {
  const open = new Map<net.Socket, Entry>();
  const proxy: DatabaseProxy = {
    connection: database,
    hold: undefined,
    cut: (text) => {
      const matching = [...open].filter(([, { sent }]) => sent.includes(text));
      for (const [socket, { upstream }] of matching) {
        socket.destroy();
        upstream.destroy();
      }
      return matching.length;
    },
    freeze: (text) => {
      const matching = [...open.values()].filter(({ sent }) => sent.includes(text));
      for (const entry of matching) entry.isFrozen = true;
      return matching.length;
    },
    close: async () => {
      for (const [socket, { upstream }] of open) {
        socket.destroy();
        upstream.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = net.createServer((socket) => {
    const upstream = net.connect(targetOf(database));
    const entry: Entry = { sent: '', isFrozen: false, upstream };
    open.set(socket, entry);
    let held: Buffer[] | undefined;
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      entry.sent = (entry.sent + text).slice(-4000);
      if (held !== undefined || entry.isFrozen || proxy.hold?.(text) === true) {
        held = [...(held ?? []), chunk];
        return;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!entry.isFrozen) socket.write(chunk);
    });
    const end = (): void => {
      open.delete(socket);
      socket.destroy();
      upstream.destroy();
    };
    for (const side of [socket, upstream]) side.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo; // A TCP server has one.
  if (database.connectionString === undefined)
    return Object.assign(proxy, { connection: { ...database, host: '127.0.0.1', port } });
  const url = new URL(database.connectionString);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return Object.assign(proxy, { connection: { ...database, connectionString: url.href } });
}

/** Cuts the line on which this server listens, and lets none come in its place until it is mended. */
export const cutListening = (proxy: DatabaseProxy) => ({
  cut: () => {
    proxy.hold = (sent) => sent.includes('LISTEN');
    proxy.cut('LISTEN');
  },
  mend: () => {
    proxy.hold = undefined;
    proxy.cut('LISTEN');
  },
});
