import { type Rgb, scaleColor, scaleTable, USUAL_COLORS } from '@negatoscope/dicom';
import { useEffect, useMemo, useState } from 'react';
import type { ImagePlace } from '../engine/index.ts';
import type { FrameModel } from '../model/study-model.ts';
import type { Layer, LayerItem } from './layer.ts';
import { ScaleBar } from './map-scale.tsx';
import { Painted } from './painted.tsx';
import { matrixOf, segmentFramesOn } from './planes.ts';
import { type WholeMap, wholeMap } from './whole-map.ts';

interface MapOverProps {
  readonly layer: Extract<Layer, { kind: 'map' }>;
  readonly item: LayerItem;
  readonly frame: FrameModel;
  readonly place: ImagePlace;
  readonly opacity: number;
}

/** The colour of a value; below the foot of the scale, and where there is no value, it is clear. */
export const mapColor =
  ({ from, to }: Pick<WholeMap, 'from' | 'to'>) =>
  (value: number): Rgb | undefined =>
    value > from ? scaleColor(USUAL_COLORS, (value - from) / (to - from)) : undefined;

function colored(values: Float32Array, { from, to }: WholeMap): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  const table = scaleTable(USUAL_COLORS);
  for (const [at, value] of values.entries()) {
    if (!(value > from)) continue;
    const color = Math.round(Math.min(1, (value - from) / (to - from)) * 255) * 3;
    pixels.set(table.subarray(color, color + 3), at * 4);
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}

const GRADIENT = `linear-gradient(to top, ${[0, 0.25, 0.5, 0.75, 1].map((at) => `rgb(${scaleColor(USUAL_COLORS, at).join(' ')})`).join(', ')})`;

/** All of a quantity, once it is read; undefined also where it can't be. */
function useWholeMap(layer: MapOverProps['layer'], number: number): WholeMap | undefined {
  const { map } = layer;
  const [whole, setWhole] = useState<WholeMap>();
  useEffect(() => {
    let isCurrent = true;
    wholeMap(layer, map, number).then(
      (read) => isCurrent && setWhole(read),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [layer, map, number]);
  return whole;
}

/** A quantity of a parametric map over the images that it was made of, with its scale. */
export function MapOver({ layer, item, frame, place, opacity }: MapOverProps) {
  const { map } = layer;
  const whole = useWholeMap(layer, item.number);
  const own = useMemo(
    () => segmentFramesOn(map, frame).find(({ segment }) => segment === item.number),
    [map, frame, item.number],
  );
  const values = own && whole?.values.get(own.frame);
  const pixels = useMemo(
    () => (values === undefined || whole === undefined ? undefined : colored(values, whole)),
    [values, whole],
  );
  if (whole === undefined) return null;
  return (
    <>
      {pixels !== undefined && own !== undefined && (
        <Painted
          {...{ rows: map.rows, columns: map.columns, pixels, opacity }}
          hasEdges={false}
          name={item.name ?? ''}
          matrix={matrixOf(own.plane, frame, place)}
        />
      )}
      <div
        className="absolute top-1/4 left-28 flex h-1/3 flex-col gap-1 text-[0.6875rem] text-(--ng-text)"
        data-testid="map-over-scale"
      >
        <ScaleBar ends={whole} unit={map.quantities.find(({ number }) => number === item.number)?.unit} gradient={GRADIENT} />
      </div>
    </>
  );
}
