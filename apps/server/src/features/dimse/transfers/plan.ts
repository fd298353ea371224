import type { DicomJsonObject } from '@negatoscope/dicom';
import { statusKind } from '@negatoscope/dimse';
import { keyText } from '../ask/identifier.ts';
import { uidIn } from './found.ts';
import type { Querying, QueryLevel } from './query.ts';

/** What a node says that a series has. */
export interface PlannedSeries {
  readonly seriesInstanceUid: string;
  /** SOP Instance UIDs. */
  readonly instances: readonly string[];
  readonly classes: readonly string[];
}

/** Of one study; a node that says more of it says it in vain. */
const MOST_SERIES = 2_000;
const MOST_INSTANCES = 100_000;

const uid = (value?: string) => ({ vr: 'UI', ...(value === undefined ? {} : { Value: [value] }) });

interface Wanted {
  readonly level: QueryLevel;
  readonly keys: DicomJsonObject;
  readonly most: number;
}

/** What `pick` takes of each answer; nothing else of it is kept, for a node may say a megabyte of each instance. */
async function all<T>(querying: Querying, { level, keys, most }: Wanted, pick: (match: DicomJsonObject) => T): Promise<T[]> {
  const matches: T[] = [];
  const found = querying.find(level, keys, { most });
  for (;;) {
    const next = await found.next();
    if (next.done !== true) {
      matches.push(pick(next.value));
      continue;
    }
    // Half an answer would be taken for all there is.
    if (statusKind(next.value.status) !== 'success' || next.value.isCut) return [];
    return matches;
  }
}

/**
 * What of a study there is at a node: asked series by series (hierarchical queries, PS3.4 C.4.1.2.1), so that what is here already is not fetched, what comes was
 * asked for, and how far it is can be told. A series of which the node lists no instances is fetched all the same. Fails with AssociationFailure.
 */
export async function planOf(querying: Querying, studyInstanceUid: string): Promise<PlannedSeries[]> {
  const planned: PlannedSeries[] = [];
  const ofStudy = { '0020000D': uid(studyInstanceUid) };
  const keys = { ...ofStudy, '0020000E': uid(), '00080060': { vr: 'CS' } };
  let left = MOST_INSTANCES;
  for (const { seriesInstanceUid, modality } of await all(querying, { level: 'SERIES', keys, most: MOST_SERIES }, seriesIn)) {
    if (seriesInstanceUid === undefined) continue;
    const ofSeries = { ...ofStudy, '0020000E': uid(seriesInstanceUid), '00080016': uid(), '00080018': uid() };
    const images = left === 0 ? [] : await all(querying, { level: 'IMAGE', keys: ofSeries, most: left }, imageIn);
    const instances = [...new Set(images.flatMap(({ sopInstanceUid }) => sopInstanceUid ?? []))];
    const classes = [...new Set(images.flatMap(({ sopClassUid }) => sopClassUid ?? []))];
    left -= instances.length;
    planned.push({ seriesInstanceUid, instances, classes: classes.length > 0 ? classes : usualClasses(modality) });
  }
  return planned;
}

const seriesIn = (match: DicomJsonObject) => ({
  seriesInstanceUid: uidIn(match, '0020000E'),
  modality: match['00080060'] === undefined ? '' : keyText(match['00080060']),
});
const imageIn = (match: DicomJsonObject) => ({
  sopInstanceUid: uidIn(match, '00080018'),
  sopClassUid: uidIn(match, '00080016'),
});

/** The images of a modality, where the node does not say what they are (PS3.4 B.5). */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  CR: ['1'],
  DX: ['1.1', '1.1.1', '1'],
  MG: ['1.2', '1.2.1', '13.1.3'],
  CT: ['2', '2.1', '2.2'],
  MR: ['4', '4.1', '4.4'],
  US: ['6.1', '3.1'],
  XA: ['12.1', '12.1.1'],
  RF: ['12.2', '12.2.1'],
  NM: ['20'],
  PT: ['128', '130'],
  SR: ['88.11', '88.22', '88.33'],
  PR: ['11.1', '11.2'],
  KO: ['88.59'],
  DOC: ['104.1'],
};
/** Screenshots are of every modality. */
const ALWAYS = ['7', '7.2', '7.4'];
const OF_STORAGE = '1.2.840.10008.5.1.4.1.1.';
const usualClasses = (modality: string): string[] => [...(USUAL[modality] ?? []), ...ALWAYS].map((end) => `${OF_STORAGE}${end}`);
