import type { TlsFiles } from '../../../platform/tls/files.ts';
import type { AskedTls } from './tls.ts';

/** A node to be asked, and in whose name. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly aeTitle: string;
  readonly callingAet: string;
  /** Spoken with by TLS. */
  readonly tls?: AskedTls | undefined;
}

/** How long is waited for what, in ms. */
export interface Patience {
  readonly connectMs: number;
  /** For the answer to the association, and to each request. */
  readonly answerMs: number;
  /** For the other side to take what is sent: some hundred kilobytes. */
  readonly stalledMs: number;
  /** For everything together; as long as it takes when left out. */
  readonly wholeMs?: number;
}
export const PATIENCE: Patience = { connectMs: 10_000, answerMs: 120_000, stalledMs: 60_000 };

interface AskedRow {
  readonly host: string;
  readonly port: number;
  readonly ae_title: string;
  readonly uses_tls: boolean;
  readonly tls_fingerprint: string | null;
}

/** A known node as it is asked in the name of this server. */
export const askedOf = (node: AskedRow, own: { readonly aeTitle: string; readonly tls?: TlsFiles | undefined }): Asked => ({
  ...{ host: node.host, port: node.port, aeTitle: node.ae_title, callingAet: own.aeTitle },
  ...(node.uses_tls ? { tls: { files: own.tls, fingerprint: node.tls_fingerprint } } : {}),
});
