import { connect as connectPlainly, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { readTls, TLS_PROFILE, type TlsFiles } from '../../../platform/tls/files.ts';
import { AssociationFailure } from './failure.ts';

/** How a node is spoken with by TLS: its certificate is of the authority (that of the settings, or the system's) and its host's, or the very one of a fingerprint. */
export interface AskedTls {
  readonly files: TlsFiles | undefined;
  /** SHA-256 in lower-case hexadecimal. */
  readonly fingerprint: string | null;
}

const fingerprintOf = (socket: TLSSocket): string =>
  socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase() ?? '';

/** Whether the other side took back a connection of TLS: of version 1.3 that comes after this side has it, as where it does not know our certificate. */
export const isTlsRefusal = (error: NodeJS.ErrnoException): boolean => error.code?.startsWith('ERR_SSL_') === true;

/** Connects; `secureConnect` comes when the other side is who it is to be, an error when it is not. */
function connectSecurely(
  { host, port }: { readonly host: string; readonly port: number },
  { files, fingerprint }: AskedTls,
): TLSSocket {
  const pinned: ConnectionOptions = fingerprint === null ? {} : { rejectUnauthorized: false };
  const socket = connect({ host, port, ...TLS_PROFILE, ...(files === undefined ? {} : readTls(files)), ...pinned });
  socket.setNoDelay(true);
  if (fingerprint !== null)
    socket.prependListener('secureConnect', () => {
      if (fingerprintOf(socket) !== fingerprint) socket.destroy(new Error('The certificate is not the one that is known.'));
    });
  return socket;
}

/** Begins to connect. Fails with AssociationFailure where one's own certificate can't be read. */
export function socketOf({
  host,
  port,
  tls,
}: {
  readonly host: string;
  readonly port: number;
  readonly tls?: AskedTls | undefined;
}): Socket {
  if (tls === undefined) return connectPlainly({ host, port, noDelay: true });
  try {
    return connectSecurely({ host, port }, tls);
  } catch (error) {
    throw new AssociationFailure('NO_TLS', null, error);
  }
}
