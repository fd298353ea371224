import { statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StartError } from '../kernel/start-error.ts';
import { readTls } from '../platform/tls/files.ts';
import type { Settings } from './settings.ts';

/** Looks at the files before anything is started. Fails with SETTING_INVALID for one that can't be read or is none, and for a key that others may read. */
export function checkDicomTls({ tls }: Settings['dicom']): void {
  if (tls === undefined) return;
  const invalid = (what: string, cause?: unknown): StartError => new StartError('SETTING_INVALID', what, cause);
  if (tls.key !== undefined && process.platform !== 'win32') {
    const { mode } = statOf('DICOM_TLS_KEY', tls.key);
    if ((mode & 0o077) !== 0)
      throw invalid(`DICOM_TLS_KEY: others may read ${tls.key} (mode ${(mode & 0o777).toString(8)}): chmod 600 it`);
  }
  for (const [name, file] of [
    ['DICOM_TLS_CERT', tls.cert],
    ['DICOM_TLS_CA', tls.ca],
  ] as const)
    if (file !== undefined) statOf(name, file);
  try {
    createSecureContext(readTls(tls));
  } catch (error) {
    throw invalid(
      'DICOM_TLS_CERT, DICOM_TLS_KEY and DICOM_TLS_CA must be PEM files, the key that of the certificate: correct them',
      error,
    );
  }
}

function statOf(name: string, file: string) {
  try {
    return statSync(file);
  } catch (error) {
    throw new StartError('SETTING_INVALID', `${name}: ${file} can not be read: correct it or leave it out`, error);
  }
}
