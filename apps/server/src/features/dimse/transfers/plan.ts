import type { DicomJsonObject } from '@negatoscope/dicom';
import { statusKind } from '@negatoscope/dimse';
import { keyText } from '../listen/identifier.ts';
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

async function all(querying: Querying, level: QueryLevel, keys: DicomJsonObject, most: number): Promise<DicomJsonObject[]> {
  const matches: DicomJsonObject[] = [];
  const found = querying.find(level, keys, { most });
  for (;;) {
    const next = await found.next();
    if (next.done !== true) {
      matches.push(next.value);
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
  for (const series of await all(querying, 'SERIES', keys, MOST_SERIES)) {
    const seriesInstanceUid = uidIn(series, '0020000E');
    if (seriesInstanceUid === undefined) continue;
    const ofSeries = { ...ofStudy, '0020000E': uid(seriesInstanceUid), '00080016': uid(), '00080018': uid() };
    const images = await all(querying, 'IMAGE', ofSeries, MOST_INSTANCES);
    const named = (tag: string): string[] => [...new Set(images.flatMap((image) => uidIn(image, tag) ?? []))];
    const classes = named('00080016');
    planned.push({
      seriesInstanceUid,
      instances: named('00080018'),
      classes: classes.length > 0 ? classes : usualClasses(series['00080060'] === undefined ? '' : keyText(series['00080060'])),
    });
  }
  return planned;
}

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
