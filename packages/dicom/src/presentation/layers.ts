import { readItems, readNumber, readString } from '../json-readers.ts';
import type { Rgb } from '../overlaid/color.ts';
import type { DicomJsonObject } from '../types.ts';
import { colorOfLayer, grayOfLayer } from './colors.ts';

/** A graphic layer (PS3.3 C.10.7); of two with one name the first counts. */
export interface StateLayer {
  readonly order: number;
  readonly color: Rgb | undefined;
  readonly gray: number | undefined;
}

const VALUES = { gray: '00700066', lab: '00700401' } as const;
const MOST = 200;

export function layersOf(dataset: DicomJsonObject): ReadonlyMap<string, StateLayer> {
  const layers = new Map<string, StateLayer>();
  for (const item of readItems(dataset, '00700060').slice(0, MOST)) {
    const name = readString(item, '00700002');
    if (name === undefined || layers.has(name)) continue;
    layers.set(name, {
      order: readNumber(item, '00700062') ?? Number.MAX_SAFE_INTEGER,
      color: colorOfLayer(item, VALUES),
      gray: grayOfLayer(item, VALUES),
    });
  }
  return layers;
}

/** Groups of overlays that Overlay Activation (C.11.7) puts on a layer, with the layer's gray; one that nothing activates is not shown. */
export function activatedOverlays(
  dataset: DicomJsonObject,
  layers: ReadonlyMap<string, StateLayer>,
): ReadonlyMap<string, number> {
  const groups = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase());
  const active = groups.flatMap((group) => {
    const name = readString(dataset, `${group}1001`);
    return name === undefined ? [] : [{ group, layer: layers.get(name) }];
  });
  const last = Number.MAX_SAFE_INTEGER;
  const sorted = active.sort((a, b) => (a.layer?.order ?? last) - (b.layer?.order ?? last));
  return new Map(sorted.map(({ group, layer }) => [group, layer?.gray ?? 255]));
}
