import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { Logger } from '../../../platform/log/log.ts';
import { readTls, TLS_PROFILE, type TlsFiles } from '../../../platform/tls/files.ts';
import type { AssociationPorts } from './association-ports.ts';

/** How long a handshake may take at most, and how often a renewed certificate is looked for. */
const HANDSHAKE_MS = 10_000;
const RENEW_MS = 60_000;

export interface Handshakes {
  /** Whose handshake has ended well. */
  take(socket: Socket): void;
  /** Who had to go because there were too many. */
  turnAway(address: string): void;
}

export interface SecureServer {
  readonly server: Server;
  /** Ends the handshakes that go on. */
  cut(): void;
}

/** A connection that is not yet spoken by. */
interface Shaking {
  readonly socket: Socket;
  readonly key: string;
  readonly address: string;
  reason?: string;
}

type Ports = Pick<AssociationPorts, 'limits' | 'log' | 'happenings' | 'refusals' | 'now'>;

const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Hears by TLS (PS3.15 B.9). Where an authority is named, who calls shows a certificate of it. Handshakes are work that anybody can ask for: of those that have
 * not come to their end, the oldest goes when there are too many.
 */
export function secureServer(files: TlsFiles, ports: Ports, handshakes: Handshakes): SecureServer {
  const isChecked = files.ca !== undefined;
  const server = createServer({
    ...TLS_PROFILE,
    requestCert: isChecked,
    rejectUnauthorized: isChecked,
    handshakeTimeout: Math.min(HANDSHAKE_MS, ports.limits.artimMs),
  });
  const shaking = new Map<string, Shaking>();
  server.on('connection', (socket: Socket) => watchHandshake(socket, shaking, ports, handshakes));
  server.on('secureConnection', (socket) => {
    shaking.delete(keyOf(socket));
    handshakes.take(socket);
  });
  // That it failed is told when the connection is closed: not every end has an error.
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const entry = shaking.get(keyOf(socket));
    if (entry !== undefined) entry.reason = error.code ?? error.name;
    socket.destroy();
  });
  keepCertificate(server, files, ports.log);
  return {
    server,
    cut: () => {
      for (const { socket } of shaking.values()) socket.destroy();
      shaking.clear();
    },
  };
}

/** A handshake that has not come to its end: told where it never does, and the oldest is cut where there are too many. */
function watchHandshake(socket: Socket, shaking: Map<string, Shaking>, ports: Ports, handshakes: Handshakes): void {
  // What is asked of a socket that is closed is no longer known.
  const { remoteAddress: address = '' } = socket;
  const key = keyOf(socket);
  const [oldest] = shaking.size >= ports.limits.halfOpen ? shaking.values() : [];
  if (oldest !== undefined) {
    shaking.delete(oldest.key);
    oldest.socket.destroy();
    handshakes.turnAway(oldest.address);
  }
  const entry: Shaking = { socket, key, address };
  shaking.set(key, entry);
  socket.once('close', () => {
    if (shaking.get(key) !== entry) return;
    shaking.delete(key);
    ports.refusals.tell({ remote: address, code: 'NO_TLS', reason: entry.reason }, ports.now());
    ports.happenings.sentAway({ address, callingAet: '', calledAet: '', code: 'NO_TLS' });
  });
}

/** What the files hold now is shown to who calls next. One that can't be read ends nothing: the server has others to hear. */
function keepCertificate(server: Server, files: TlsFiles, log: Logger): void {
  const read = (): void => {
    try {
      server.setSecureContext({ ...TLS_PROFILE, ...readTls(files) });
    } catch (error) {
      log.error({ err: error }, 'the certificate of DICOM by TLS can not be read: what was read before stays');
    }
  };
  read();
  const renewing = setInterval(read, RENEW_MS);
  renewing.unref();
  server.on('close', () => clearInterval(renewing));
}
