import { type Prng, seededUid } from '@negatoscope/testkit';
import type { ResolvedTarget, StagedInstance } from '../../src/features/ingest/types.ts';
import type { StagedObject, Written } from '../../src/platform/objects/staging/index.ts';
import { arena } from './arena.ts';

/** One file of a sender. */
export interface Content {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly bytes: Buffer;
}

/** One request. */
export interface Planned {
  readonly actor: object;
  readonly target: ResolvedTarget;
  readonly contents: readonly Content[];
}

const ACTOR = { userId: '00000000-0000-7000-8000-000000000001', role: 'ADMIN', level: 'ADMIN', groupId: null };

/** By the journal, held until it is published, in one direct write, and piece by piece. */
const SIZES = { small: [300, 3_000], held: [66_000, 90_000], direct: [262_200, 270_000], pieces: [656_000, 660_000] } as const;
type Kind = keyof typeof SIZES;
const MIXES: readonly (readonly Kind[])[] = [
  ['small', 'small', 'small', 'small'],
  ['small', 'small', 'small', 'small', 'small'],
  ['small', 'small', 'small', 'small', 'small', 'small'],
  ['small', 'small', 'small', 'small', 'held', 'direct'],
  ['held', 'held'],
  ['direct'],
  ['small'],
  ['pieces'],
];

function contentOf(prng: Prng, kind: Kind, [study, number]: [string, number]): Content {
  const [low, high] = SIZES[kind];
  const bytes = arena.take(prng.integer(low, high)).fill(prng.integer(1, 255));
  bytes.write(`${study} ${number} ${prng.next()}`);
  return { sopInstanceUid: seededUid(study, number), studyInstanceUid: seededUid(study), bytes };
}

/** Requests that come at the same time; some send what another sends as well, or something else under its UID. */
export function plan(prng: Prng, name = 'study'): Planned[] {
  const known: Content[] = [];
  return Array.from({ length: prng.integer(3, 10) }, (_, request) => {
    const study = `${name} ${prng.integer(1, 3)}`;
    const contents = prng.pick(MIXES).map((kind, index) => {
      const old = prng.next() < 0.1 && known.length > 0 ? prng.pick(known) : undefined;
      if (old !== undefined && prng.next() < 0.7) return old;
      const fresh = contentOf(prng, kind, [study, request * 10 + index]);
      if (old !== undefined) return { ...fresh, sopInstanceUid: old.sopInstanceUid, studyInstanceUid: old.studyInstanceUid };
      known.push(fresh);
      return fresh;
    });
    // A request holds an instance once.
    const unique = [...new Map(contents.map((content) => [content.sopInstanceUid, content])).values()];
    const importId = `00000000-0000-7000-9000-${name.length.toString(16).padStart(6, '0')}${request.toString(16).padStart(6, '0')}`;
    const target: ResolvedTarget = {
      ...{ entrance: 'STOW', importId, isOpen: false, groupId: null, patientId: null },
      ...{ onMismatch: 'reject', acceptMismatch: false, mismatchReason: null },
    };
    return { actor: ACTOR, target, contents: unique };
  });
}

export function stagedOf(
  { sopInstanceUid, studyInstanceUid }: Content,
  draft: StagedObject,
  written: Written<unknown>,
): StagedInstance {
  const identity = {
    patientId: `P${studyInstanceUid.slice(-12)}`,
    issuer: '',
    familyName: 'TEST',
    givenName: 'Ada',
    personName: 'TEST^Ada',
    birthDate: '1970-01-01',
    sex: 'F',
  } as const;
  const study = {
    studyDate: null,
    studyTime: null,
    studyId: null,
    accessionNumber: null,
    description: null,
    referrer: null,
    attributes: '{}',
  };
  const series = { modality: 'CT', seriesNumber: 1, description: null, bodyPart: null, attributes: '{}' };
  return {
    kind: 'instance',
    name: draft.id,
    draft,
    sizeBytes: written.sizeBytes,
    fileSha256: Buffer.from(written.sha256),
    // No deflated JSON: contents are compared by their hashes.
    json: Buffer.from('none'),
    frameTable: null,
    summary: {
      ...{ studyInstanceUid, seriesInstanceUid: `${studyInstanceUid}.1`.slice(0, 64), sopInstanceUid },
      ...{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', transferSyntaxUid: '1.2.840.10008.1.2.1' },
      ...{ instanceNumber: 1, rows: 1, columns: 1, frames: 1, bitsAllocated: 16, identity, study, series },
    },
  };
}
