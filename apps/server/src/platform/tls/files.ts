import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';

/** Paths of PEM files; without a port nobody is heard by TLS. Who calls shows a certificate of the authority where one is named. */
export interface TlsFiles {
  readonly port?: number | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
}

/** What the files hold now: a certificate that was renewed counts for the next connection. Fails as reading does. */
export const readTls = ({ cert, key, ca }: TlsFiles): Pick<TlsOptions, 'cert' | 'key' | 'ca'> => ({
  ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
  ...(key === undefined ? {} : { key: readFileSync(key) }),
  ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
});

/** BCP 195 (PS3.15 B.9): TLS 1.2 with forward secrecy and authenticated encryption, or 1.3. */
export const TLS_PROFILE = {
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
} as const satisfies TlsOptions;
