import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { readTls, TLS_PROFILE, type TlsFiles } from '../../../platform/tls/files.ts';

/** How a node is spoken with by TLS: its certificate is of the authority (that of the settings, or the system's) and its host's, or the very one of a fingerprint. */
export interface AskedTls {
  readonly files: TlsFiles | undefined;
  /** SHA-256 in lower-case hexadecimal. */
  readonly fingerprint: string | null;
}

const fingerprintOf = (socket: TLSSocket): string =>
  socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase() ?? '';

/** Connects; `secureConnect` comes when the other side is who it is to be, an error when it is not. */
export function connectSecurely(
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
