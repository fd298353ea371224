import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartError } from '../kernel/start-error.ts';

/** A PEM file of authorities must hold at least one certificate: without, TLS would trust nobody, and say so at each connection only. Fails with SETTING_INVALID. */
export function checkAuthorities(name: string, file: string): void {
  try {
    new X509Certificate(readFileSync(file));
  } catch (cause) {
    const isThere = !(cause instanceof Error && 'syscall' in cause);
    throw new StartError(
      'SETTING_INVALID',
      `${name}: ${file} ${isThere ? 'holds no certificate (PEM)' : 'can not be read'}: correct it or leave it out`,
      cause,
    );
  }
}
