import { type DicomJsonObject, parseDatasets, readItems, readNumber, readString } from '@negatoscope/dicom';
import { OF_VISIT } from './talk.ts';
import type { OwnWindow } from './tones.ts';

/** What is asked about an image beside its picture. */
export interface Facts {
  /** Undefined for colour, and for what stores none: the browser then changes the light by itself. */
  readonly own: OwnWindow | undefined;
  /** It was compressed with loss before it came to the archive (PS3.3 C.7.6.1.1.5). */
  readonly isLossy: boolean;
}
export const NO_FACTS: Facts = { own: undefined, isLossy: false };

const [WINDOW_CENTER, WINDOW_WIDTH, VOI_LUT_FUNCTION] = ['00281050', '00281051', '00281056'];
const [PHOTOMETRIC_INTERPRETATION, LOSSY_IMAGE_COMPRESSION] = ['00280004', '00282110'];
const [SHARED_GROUPS, PER_FRAME_GROUPS, FRAME_VOI_LUT] = ['52009229', '52009230', '00289132'];

/** Where the window stands: with the image, or in the functional groups of all frames or of the first (PS3.3 C.7.6.16.2.10). */
const voiOf = (dataset: DicomJsonObject): DicomJsonObject | undefined =>
  [
    dataset,
    ...[SHARED_GROUPS, PER_FRAME_GROUPS].map((groups) => readItems(readItems(dataset, groups)[0], FRAME_VOI_LUT)[0]),
  ].find((one) => readString(one, WINDOW_WIDTH) !== undefined);

const SHAPES: Readonly<Record<string, string>> = { SIGMOID: 'sigmoid', LINEAR_EXACT: 'linear-exact' };

function windowIn(dataset: DicomJsonObject): OwnWindow | undefined {
  const photometric = readString(dataset, PHOTOMETRIC_INTERPRETATION) ?? '';
  const voi = voiOf(dataset);
  if (voi === undefined || !photometric.startsWith('MONOCHROME')) return undefined;
  const [center, width = 0] = [readNumber(voi, WINDOW_CENTER), readNumber(voi, WINDOW_WIDTH)];
  if (center === undefined || width <= 0) return undefined;
  const shape = SHAPES[readString(voi, VOI_LUT_FUNCTION) ?? ''] ?? 'linear';
  return { center, width, shape, isReversed: photometric === 'MONOCHROME1' };
}

/** Reads an instance's metadata, of whatever form they are. */
export function factsIn(metadata: unknown): Facts {
  const [dataset] = parseDatasets(metadata);
  if (dataset === undefined) return NO_FACTS;
  return { own: windowIn(dataset), isLossy: readString(dataset, LOSSY_IMAGE_COMPRESSION) === '01' };
}

/** What is known of an instance, by its address; nothing where that can't be asked: the picture says what fails. */
export async function factsOf(instance: string): Promise<Facts> {
  if (instance === '') return NO_FACTS;
  try {
    const answer = await fetch(`${instance}/metadata`, {
      credentials: 'same-origin',
      headers: { accept: 'application/dicom+json', ...OF_VISIT },
    });
    return answer.ok ? factsIn(await answer.json()) : NO_FACTS;
  } catch {
    return NO_FACTS;
  }
}
