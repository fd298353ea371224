import type { HeaderIdentity } from '@negatoscope/contract';
import type { ChosenFile } from './engine.ts';
import { isZip } from './planner.ts';

/** Files that carry one identity. */
export interface Bearer {
  readonly identity: HeaderIdentity;
  readonly files: number;
}

interface Answer {
  readonly id: number;
  readonly identities: readonly (HeaderIdentity | undefined)[];
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

/** Whose files are, read from their headers by a worker; those with the most files first. ZIPs are left to the server. */
export async function readBearers(files: readonly ChosenFile<File>[], onRead: (count: number) => void): Promise<Bearer[]> {
  const readable = files.filter(({ name }) => !isZip(name)).map(({ file }) => file);
  if (readable.length === 0) return [];
  const worker = new Worker(new URL('./identity.worker.ts', import.meta.url), { type: 'module' });
  const met = new Map<string, Bearer>();
  try {
    for (let at = 0; at < readable.length; at += PORTION) {
      const portion = readable.slice(at, at + PORTION);
      const { identities } = await new Promise<Answer>((resolve, reject) => {
        worker.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
        worker.onerror = () => reject(new Error('The headers could not be read.'));
        worker.postMessage({ id: at, files: portion });
      });
      addBearers(met, identities);
      onRead(Math.min(at + PORTION, readable.length));
    }
  } finally {
    worker.terminate();
  }
  return [...met.values()].sort((a, b) => b.files - a.files);
}
