import { createHash } from 'node:crypto';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import { relatedBody } from '../dicomweb/support.ts';
import type { Browser } from './app.ts';

export const ENTRANCES = ['STOW', 'multipart', 'ZIP'] as const;
/** How the store writes: many small ones through a journal, the middle through the kernel's cache, what comes in one piece directly, more in pieces. */
export const WAYS = ['journal', 'cache', 'direct', 'pieces'] as const;
export type Entrance = (typeof ENTRANCES)[number];
export type Way = (typeof WAYS)[number];

const SHAPES: Readonly<Record<Way, { edge: number; together: number }>> = {
  journal: { edge: 120, together: 16 },
  cache: { edge: 316, together: 4 },
  direct: { edge: 500, together: 3 },
  pieces: { edge: 640, together: 1 },
};

/** One instance as it was sent. */
export interface Sent {
  readonly bytes: Buffer;
  readonly sopInstanceUid: string;
  /** Address below the service. */
  readonly path: string;
  /** SHA-256 of what is behind the preamble, which an answer doesn't carry. */
  readonly hash: string;
}

export const hashBehindPreamble = (bytes: Uint8Array): string => createHash('sha256').update(bytes.subarray(128)).digest('hex');

/** Instances of one series without end: each has a UID and pixels of its own. */
export function* instances(seed: string, way: Way): Generator<Sent> {
  const { edge } = SHAPES[way];
  const [made] = ctVolume({ seed, slices: 1, rows: edge, columns: edge });
  if (made === undefined) throw new Error('The phantom has no slice.');
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = made;
  for (let number = 1; ; number += 1) {
    const uid = sopInstanceUid.slice(0, -7) + String(number).padStart(7, '0');
    const bytes = Buffer.from(made.bytes);
    for (let at = bytes.indexOf(sopInstanceUid); at >= 0; at = bytes.indexOf(sopInstanceUid)) bytes.write(uid, at, 'latin1');
    for (let at = bytes.length - 4; at > bytes.length - edge * edge; at -= 4096) bytes.writeUInt32LE(number, at);
    const path = `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${uid}`;
    yield { bytes, sopInstanceUid: uid, path, hash: hashBehindPreamble(bytes) };
  }
}

/** As many as one request of this way carries. */
export function take(source: Generator<Sent>, way: Way): Sent[] {
  return Array.from({ length: SHAPES[way].together }, () => source.next().value as Sent); // It never ends.
}

export interface Answer {
  readonly status: number;
  readonly code: string;
  /** SOP Instance UIDs that the answer calls stored. */
  readonly stored: readonly string[];
}

type Body = { code?: string; files?: { outcome: string; sopInstanceUid?: string }[] } & Record<
  string,
  { Value?: Record<string, { Value?: string[] }>[] }
>;

/** Sends instances by one entrance over a connection; what the answer says of them. */
export async function send(base: string, who: Browser, entrance: Entrance, files: readonly Sent[]): Promise<Answer> {
  const { url, type, body } = requestOf(entrance, files);
  const headers = { ...who.headers, 'content-type': type };
  const response = await fetch(`${base}${url}`, { method: 'POST', headers, body: Uint8Array.from(body) });
  const answer = (await response.json()) as Body; // As the contract and PS3.18 10.5.3 describe it.
  const { status } = response;
  if (status >= 400) return { status, code: answer.code ?? '', stored: [] };
  const stored =
    entrance === 'STOW'
      ? (answer['00081199']?.Value ?? []).map((reference) => reference['00081155']?.Value?.[0] ?? '')
      : (answer.files ?? []).filter(({ outcome }) => outcome === 'stored').map((file) => file.sopInstanceUid ?? '');
  return { status, code: '', stored };
}

function requestOf(entrance: Entrance, files: readonly Sent[]): { url: string; type: string; body: Buffer } {
  if (entrance === 'STOW') {
    const type = 'multipart/related; type="application/dicom"; boundary=b';
    return {
      url: '/dicom-web/studies',
      type,
      body: relatedBody(
        files.map(({ bytes }) => ({ body: bytes })),
        'b',
      ),
    };
  }
  const named = files.map(({ bytes, sopInstanceUid }) => ({ name: `${sopInstanceUid}.dcm`, bytes }));
  const parts = entrance === 'ZIP' ? [{ name: 'images.zip', bytes: buildZip(named) }] : named;
  const pieces = parts.flatMap(({ name, bytes }) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const body = Buffer.concat([...pieces, Buffer.from('--b--\r\n')]);
  return { url: '/api/patients/import', type: 'multipart/form-data; boundary=b', body };
}
