import type { HeaderIdentity } from '@negatoscope/contract';
import type { IdentityAnswer } from './identity.worker.ts';
import type { ChosenFile } from './planner.ts';

/** Files that carry one identity. */
export interface Bearer {
  readonly identity: HeaderIdentity;
  readonly files: number;
}

const PORTION = 200;
/** What the server compares in one request; who brings more people than that brings an archive, not a CD. */
export const MAX_IDENTITIES = 200;

/** Adds what files say to the people met so far; letters of another case are no other person. */
export function addBearers(met: Map<string, Bearer>, identities: readonly (HeaderIdentity | undefined)[]): void {
  for (const identity of identities) {
    if (identity === undefined) continue;
    const { personName, patientId, issuer, birthDate } = identity;
    const key = JSON.stringify([personName.toLowerCase(), patientId, issuer, birthDate]);
    met.set(key, { identity: met.get(key)?.identity ?? identity, files: (met.get(key)?.files ?? 0) + 1 });
  }
}

/** Whose files are, read from their headers by a worker, the entries of ZIPs included; those with the most files first. */
export async function readBearers(files: readonly ChosenFile<File>[], onRead: (count: number) => void): Promise<Bearer[]> {
  if (files.length === 0) return [];
  const worker = new Worker(new URL('./identity.worker.ts', import.meta.url), { type: 'module' });
  const met = new Map<string, Bearer>();
  let count = 0;
  try {
    for (let at = 0; at < files.length; at += PORTION) {
      await new Promise<void>((resolve, reject) => {
        worker.onmessage = ({ data: { identities, isLast } }: MessageEvent<IdentityAnswer>) => {
          addBearers(met, identities);
          count += identities.length;
          onRead(count);
          if (isLast) resolve();
        };
        worker.onerror = () => reject(new Error('The headers could not be read.'));
        worker.postMessage(files.slice(at, at + PORTION).map(({ file }) => file));
      });
    }
  } finally {
    worker.terminate();
  }
  return [...met.values()].sort((a, b) => b.files - a.files);
}
