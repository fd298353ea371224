import { createHmac } from 'node:crypto';
import type { KnownBy } from '../../../archive/lifecycle/erasure.ts';

/** A key of its own, so that a mark says nothing of what the key of the journal signs. */
export const keyOf = (auditKey: Buffer): Buffer => createHmac('sha256', auditKey).update('erasures 1').digest();

/** HMAC-SHA-256 of each of what somebody is known by: whoever has no key learns nothing from them, not even by trying every number. */
export function marksOf(key: Buffer, { identifiers, names, studyInstanceUids }: KnownBy): Buffer[] {
  const mark = (...parts: readonly string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  return [
    ...identifiers.map(({ issuer, value }) => mark('identifier', issuer, value)),
    ...names.map(({ name, birthDate }) => mark('name', name, birthDate)),
    ...studyInstanceUids.map((uid) => mark('study', uid)),
  ];
}
