import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Authorities and what they vouch for, in a folder that goes with them. */
export interface Certificates {
  /** Path of `<name>.crt` or `<name>.key`. */
  at(file: string): string;
  authority(name: string): void;
  /** A key and its certificate for these names and addresses. */
  issue(name: string, by: string, names?: string): void;
  remove(): void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function openCertificates(): Certificates {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-certificates-'));
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const made = (name: string): string[] => [...KEY, '-keyout', `${name}.key`, '-subj', `/CN=${name}`];
  return {
    at: (file) => path.join(folder, file),
    authority: (name) => openssl('req', '-x509', ...made(name), '-out', `${name}.crt`, '-days', '2'),
    issue: (name, by, names = 'IP:127.0.0.1,DNS:localhost') => {
      writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
      openssl('req', ...made(name), '-out', `${name}.csr`);
      const signed = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
      openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.crt`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
