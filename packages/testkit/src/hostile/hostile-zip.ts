import { buildZip } from '../zip/zip.ts';
import type { ZipEntry } from '../zip/zip-records.ts';
import { small } from './small.ts';

/** An archive made to hurt. `good` names the entries that are right and should survive where the archive can be read at all. */
export interface HostileZip {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `refuse` the whole archive, `skip` the bad entries and keep the good ones, `accept` everything; `either`: readers differ. */
  readonly expectation: 'refuse' | 'skip' | 'accept' | 'either';
  readonly about: string;
  readonly good: readonly string[];
}

export const GOOD = 'good.dcm';

export function entry(name: string): ZipEntry {
  return { name, bytes: small(`zip-${name}`) };
}

export function archive(
  name: string,
  about: string,
  others: readonly ZipEntry[],
  expectation: HostileZip['expectation'] = 'skip',
): HostileZip {
  return { name, about, expectation, good: [GOOD], bytes: buildZip([entry(GOOD), ...others]) };
}
