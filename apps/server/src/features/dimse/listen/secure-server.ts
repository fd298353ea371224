import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { readTls, TLS_PROFILE, type TlsFiles } from '../../../platform/tls/files.ts';
import type { AssociationPorts } from './association.ts';

/** How long a handshake may take, and how often a renewed certificate is looked for. */
const HANDSHAKE_MS = 10_000;
const RENEW_MS = 60_000;

/**
 * Hears by TLS (PS3.15 B.9). Where an authority is named, who calls shows a certificate of it. Handshakes are work that anybody can ask for: of those that have not come to their
 * end, the oldest goes when there are too many.
 */
export function secureServer(
  files: TlsFiles,
  { limits, log, happenings }: Pick<AssociationPorts, 'limits' | 'log' | 'happenings'>,
  take: (socket: Socket) => void,
): Server {
  const isChecked = files.ca !== undefined;
  const options = () => ({ ...TLS_PROFILE, ...readTls(files) });
  const server = createServer({
    ...options(),
    requestCert: isChecked,
    rejectUnauthorized: isChecked,
    handshakeTimeout: HANDSHAKE_MS,
  });
  const shaking = new Map<string, Socket>();
  const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket: Socket) => {
    const [oldest] = shaking.size >= limits.halfOpen ? shaking.values() : [];
    oldest?.destroy();
    const key = keyOf(socket);
    shaking.set(key, socket);
    socket.once('close', () => shaking.delete(key));
  });
  server.on('secureConnection', (socket) => {
    shaking.delete(keyOf(socket));
    take(socket);
  });
  server.on('tlsClientError', (error, socket) => {
    const address = socket.remoteAddress ?? '';
    if (address === '') return;
    log.debug({ remote: address, code: 'code' in error ? error.code : error.name }, 'a TLS handshake failed');
    happenings.sentAway({ address, callingAet: '', calledAet: '', code: 'NO_TLS' });
  });
  const renewing = setInterval(() => {
    try {
      server.setSecureContext(options());
    } catch (error) {
      log.warn({ err: error }, 'the certificate of DICOM can not be read: the one that was read before stays');
    }
  }, RENEW_MS);
  renewing.unref();
  server.on('close', () => clearInterval(renewing));
  return server;
}
