import { type DoseGrid, doseValues } from '@negatoscope/dicom';
import { fetchFrame, frameUrl, seriesUrl } from '../model/dicomweb.ts';
import { DECODED_SYNTAX } from '../model/stored-frame.ts';
import type { Layer } from './layer.ts';

/** Decoded frames that are kept, whatever they are of: a mask of 512 pixels a side is 32 kB as it is stored. */
const MOST_FRAMES = 300;
const kept = new Map<string, Promise<Uint8Array>>();

/** A frame of a layer, decoded by the server; `frame` from 1. Fails as `fetchFrame` does, and is asked for again the next time. */
export function layerFrame({ study, seriesInstanceUid, sopInstanceUid }: Layer, frame: number): Promise<Uint8Array> {
  const url = frameUrl(seriesUrl(study, seriesInstanceUid), sopInstanceUid, frame);
  const known = kept.get(url);
  if (known !== undefined) return known;
  const asked = fetchFrame(url, { transferSyntaxUid: DECODED_SYNTAX }).then(({ bytes }) => bytes);
  kept.set(url, asked);
  asked.catch(() => kept.delete(url));
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_FRAMES) break;
    kept.delete(oldest);
  }
  return asked;
}

/** The same of a frame that is wanted once, with all others of its layer: nothing is kept. */
export const layerFrameOnce = async (layer: Layer, frame: number): Promise<Uint8Array> => {
  const url = frameUrl(seriesUrl(layer.study, layer.seriesInstanceUid), layer.sopInstanceUid, frame);
  return await (kept.get(url) ?? fetchFrame(url, { transferSyntaxUid: DECODED_SYNTAX }).then(({ bytes }) => bytes));
};

const AT_ONCE = 6;

/** What is made of many frames, from 1, in their order; no more than a few are on their way at once. */
export async function ofFrames<T>(numbers: readonly number[], read: (frame: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let at = 0; at < numbers.length; at += AT_ONCE)
    made.push(...(await Promise.all(numbers.slice(at, at + AT_ONCE).map(read))));
  return made;
}

/** What another reader has seen is not left in memory. */
export const forgetLayerFrames = (): void => kept.clear();

export interface WholeDose {
  readonly frames: readonly Float32Array[];
  /** The greatest dose of all, in the unit of the grid. */
  readonly most: number;
}

const MOST_DOSE_BYTES = 128 * 1024 * 1024;
const doses = new WeakMap<DoseGrid, Promise<WholeDose>>();

async function readDose(layer: Layer, dose: DoseGrid): Promise<WholeDose> {
  const { rows, columns, bitsAllocated, planes } = dose;
  if (rows * columns * (bitsAllocated / 8) * planes.length > MOST_DOSE_BYTES) throw new Error('too long');
  const numbers = planes.map((_, index) => index + 1);
  const frames = await ofFrames(numbers, async (frame) => doseValues(await layerFrame(layer, frame), dose));
  let most = 0;
  for (const values of frames) for (const value of values) most = Math.max(most, value);
  return { frames, most };
}

/** All of a dose: its colours mean something only beside the greatest. */
export function wholeDose(layer: Layer, dose: DoseGrid): Promise<WholeDose> {
  const known = doses.get(dose) ?? readDose(layer, dose);
  doses.set(dose, known);
  known.catch(() => doses.delete(dose));
  return known;
}
