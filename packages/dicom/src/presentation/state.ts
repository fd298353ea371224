import { readItems, readNumber, readPersonName, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { areasOf } from './areas.ts';
import { annotationsOf } from './graphics.ts';
import { activatedOverlays, layersOf } from './layers.ts';
import { referencesOf } from './references.ts';
import { shuttersOf } from './shutters.ts';
import type { PresentationState, StateNote } from './types.ts';

const KINDS: Readonly<Record<string, PresentationState['kind']>> = {
  '1.2.840.10008.5.1.4.1.1.11.1': 'grayscale',
  '1.2.840.10008.5.1.4.1.1.11.2': 'color',
};

/** Presentation states of any kind: pseudo-colour, blending, XA and the rest are known by name alone. */
export const isPresentationState = (sopClassUid: string | undefined): boolean =>
  /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\.\d{1,2}$/.test(sopClassUid ?? '');

function rotationOf(dataset: DicomJsonObject, note: (note: StateNote) => void): PresentationState['rotation'] {
  const degrees = readNumber(dataset, '00700042') ?? 0;
  for (const right of [0, 90, 180, 270] as const) if (right === degrees) return right;
  note('damaged');
  return 0;
}

/** Items of Softcopy VOI LUT Sequence that say neither a window nor a table. */
const isEmptyVoi = (item: DicomJsonObject): boolean =>
  readItems(item, '00283010').length === 0 &&
  (readNumber(item, '00281050') === undefined || !((readNumber(item, '00281051') ?? 0) > 0));

function noteWhole(dataset: DicomJsonObject, kind: PresentationState['kind'], note: (note: StateNote) => void): void {
  if (kind === 'other') note('kind');
  if (readItems(dataset, '00286100').length > 0) note('mask');
  if (readItems(dataset, '00700209').length > 0) note('compound');
  if (readItems(dataset, '00283110').some(isEmptyVoi)) note('voi');
  // What has no profile, or that of an ordinary screen, is shown as it is.
  const space = readString(dataset, '00282002');
  if (kind === 'color' && dataset['00282000'] !== undefined && space !== 'SRGB') note('iccProfile');
}

/**
 * A presentation state (PS3.3 A.33.1, A.33.2, C.11) of which everything is read that can be followed; what can't is in its notes. Undefined for other
 * instances. Whatever a state says costs only itself: objects that make no sense are left out, and there are bounds for all of them.
 */
export function presentationStateOf(dataset: DicomJsonObject): PresentationState | undefined {
  const sopClassUid = readString(dataset, '00080016');
  const sopInstanceUid = readString(dataset, '00080018');
  if (!isPresentationState(sopClassUid) || sopInstanceUid === undefined) return undefined;
  const kind = KINDS[sopClassUid ?? ''] ?? 'other';
  const notes = new Set<StateNote>();
  const note = (one: StateNote): void => void notes.add(one);
  const references = referencesOf(dataset);
  if (references.length === 0) note('noImages');
  noteWhole(dataset, kind, note);
  const layers = layersOf(dataset);
  return {
    ...{ sopInstanceUid, kind, references, dataset },
    label: readString(dataset, '00700080'),
    description: readString(dataset, '00700081'),
    creator: readPersonName(dataset, '00700084'),
    date: readString(dataset, '00700082'),
    time: readString(dataset, '00700083'),
    rotation: rotationOf(dataset, note),
    isFlipped: readString(dataset, '00700041') === 'Y',
    areas: areasOf(dataset, note),
    shutters: shuttersOf(dataset, note),
    annotations: annotationsOf(dataset, layers, note),
    overlays: activatedOverlays(dataset, layers),
    notes: [...notes],
  };
}

/** Whether it can be applied at all. */
export const canApply = ({ kind, references }: PresentationState): boolean => kind !== 'other' && references.length > 0;
