import { mapValues, type ParametricMap, type Window } from '@negatoscope/dicom';
import type { Layer } from './layer.ts';
import { layerFrameOnce, ofFrames } from './pixels-of.ts';

const MOST_BYTES = 128 * 1024 * 1024;

/** All values of one quantity of a map, by frame, from 1, and between which it has its colours. */
export interface WholeMap {
  readonly values: ReadonlyMap<number, Float32Array>;
  readonly from: number;
  readonly to: number;
}

/** The ends of a window, or the least and the greatest of all. */
function endsOf(window: Window | undefined, values: Iterable<Float32Array>): { readonly from: number; readonly to: number } {
  if (window !== undefined) return { from: window.center - window.width / 2, to: window.center + window.width / 2 };
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const frame of values)
    for (const value of frame) {
      if (value < from) from = value;
      if (value > to && value < Number.POSITIVE_INFINITY) to = value;
    }
  return from < to ? { from, to } : { from: 0, to: 1 };
}

async function readMap(layer: Layer, map: ParametricMap, number: number): Promise<WholeMap> {
  const own = map.frames.filter(({ segment }) => segment === number);
  if (own.length * map.rows * map.columns * 4 > MOST_BYTES) throw new Error('too long');
  const read = await ofFrames(
    own.map(({ frame }) => frame),
    async (frame) => [frame, mapValues(await layerFrameOnce(layer, frame), map, frame)] as const,
  );
  const values = new Map(read);
  return { values, ...endsOf(map.quantities.find((one) => one.number === number)?.window, values.values()) };
}

const maps = new WeakMap<ParametricMap, Map<number, Promise<WholeMap>>>();

/** All of a quantity: its colours mean something only beside its ends. */
export function wholeMap(layer: Layer, map: ParametricMap, number: number): Promise<WholeMap> {
  const known = maps.get(map) ?? new Map<number, Promise<WholeMap>>();
  maps.set(map, known);
  const read = known.get(number) ?? readMap(layer, map, number);
  known.set(number, read);
  read.catch(() => known.delete(number));
  return read;
}
