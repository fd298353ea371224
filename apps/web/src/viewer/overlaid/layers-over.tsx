import { type Rgb, type SegmentFrame, segmentMask, washColor } from '@negatoscope/dicom';
import { useEffect, useMemo, useState } from 'react';
import type { ImagePlace, PaneSnapshot } from '../engine/index.ts';
import type { PixelPoint } from '../model/calibration.ts';
import type { FrameModel } from '../model/study-model.ts';
import { DoseScale } from './dose-scale.tsx';
import type { Layer, LayerItem, LayersState } from './layer.ts';
import { MapOver } from './map-over.tsx';
import { Painted } from './painted.tsx';
import { layerFrame, type WholeDose, wholeDose } from './pixels-of.ts';
import { contoursOn, doseFramesOn, matrixOf, segmentFramesOn } from './planes.ts';

interface LayersOverProps {
  readonly layers: Pick<LayersState, 'layers' | 'shown' | 'opacity'>;
  readonly snapshot: PaneSnapshot;
}

/** What is laid over the frame that is shown; nothing over the series that a layer itself is. */
export function LayersOver({ layers: { layers, shown, opacity }, snapshot: { frame, place, series, status } }: LayersOverProps) {
  if (frame === undefined || place === undefined || status !== 'ready') return null;
  const visible = layers.filter(
    ({ items, seriesInstanceUid }) => seriesInstanceUid !== series?.seriesInstanceUid && items.some(({ id }) => shown.has(id)),
  );
  if (visible.length === 0) return null;
  return (
    <div data-testid="layers-over" className="pointer-events-none absolute inset-0 overflow-hidden">
      {visible.map((layer) => {
        const items = layer.items.filter(({ id }) => shown.has(id));
        return <LayerOver key={layer.sopInstanceUid} {...{ layer, items, frame, place, opacity }} />;
      })}
    </div>
  );
}

interface LayerProps {
  readonly layer: Layer;
  readonly items: readonly LayerItem[];
  readonly frame: FrameModel;
  readonly place: ImagePlace;
  readonly opacity: number;
}

function LayerOver({ layer, ...props }: LayerProps) {
  if (layer.kind === 'segmentation') return <SegmentsOver layer={layer} {...props} />;
  if (layer.kind === 'structures') return <ContoursOver layer={layer} {...props} />;
  if (layer.kind === 'map') return props.items.map((item) => <MapOver key={item.id} {...props} {...{ layer, item }} />);
  return <DoseOver layer={layer} {...props} />;
}

type Of<Kind extends Layer['kind']> = Omit<LayerProps, 'layer'> & { readonly layer: Extract<Layer, { kind: Kind }> };

function SegmentsOver({ layer, items, frame, ...props }: Of<'segmentation'>) {
  const { segmentation } = layer;
  const frames = useMemo(() => segmentFramesOn(segmentation, frame), [segmentation, frame]);
  return items.flatMap((item) =>
    frames
      .filter(({ segment }) => segment === undefined || segment === item.number)
      .map((own) => <SegmentOver key={item.id} {...props} {...{ layer, item, frame, own }} />),
  );
}

type SegmentProps = Omit<Of<'segmentation'>, 'items'> & { readonly item: LayerItem; readonly own: SegmentFrame };

function colored(mask: Uint8ClampedArray, [red, green, blue]: Rgb): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(mask.length * 4);
  for (const [at, alpha] of mask.entries()) pixels.set([red, green, blue, alpha], at * 4);
  return pixels;
}

function SegmentOver({ layer, item, own, frame, place, opacity }: SegmentProps) {
  const { segmentation } = layer;
  const [pixels, setPixels] = useState<Uint8ClampedArray<ArrayBuffer>>();
  useEffect(() => {
    let isCurrent = true;
    setPixels(undefined);
    layerFrame(layer, own.frame).then(
      (bytes) => isCurrent && setPixels(colored(segmentMask(bytes, segmentation, item.number), item.color)),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [layer, own.frame, segmentation, item]);
  if (pixels === undefined) return null;
  const { rows, columns } = segmentation;
  return (
    <Painted {...{ rows, columns, pixels, opacity }} hasEdges name={item.name ?? ''} matrix={matrixOf(own.plane, frame, place)} />
  );
}

function ContoursOver({ layer, items, frame, place: { origin, i, j }, opacity }: Of<'structures'>) {
  const { structures } = layer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: items are named by their ids, and are lists anew on every pass.
  const drawn = useMemo(
    () =>
      items.map((item) => {
        const roi = structures.rois.find(({ number }) => number === item.number);
        return { item, contours: roi === undefined ? [] : contoursOn(roi, frame) };
      }),
    [items.map(({ id }) => id).join(), structures, frame],
  );
  const at = ([x, y]: PixelPoint): string =>
    `${(origin[0] + x * i[0] + y * j[0]).toFixed(2)} ${(origin[1] + x * i[1] + y * j[1]).toFixed(2)}`;
  return (
    <svg
      aria-hidden
      data-testid="contours"
      className="absolute inset-0 size-full"
      fill="none"
      strokeWidth={2}
      opacity={Math.min(1, opacity * 2)}
    >
      {drawn.map(({ item, contours }) => (
        <path
          key={item.id}
          data-name={item.name}
          stroke={`rgb(${item.color.join(' ')})`}
          d={contours.map(({ points, isClosed }) => `M${points.map(at).join('L')}${isClosed ? 'Z' : ''}`).join('')}
        />
      ))}
    </svg>
  );
}

/** Doses below a hundredth of the greatest are left clear. */
const LEAST_SHARE = 0.01;

function washed(
  { frames, most }: WholeDose,
  shares: ReturnType<typeof doseFramesOn>,
  count: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(count * 4);
  for (let at = 0; at < count; at += 1) {
    const dose = shares.reduce((sum, { frame, share }) => sum + (frames[frame]?.[at] ?? 0) * share, 0);
    const part = most > 0 ? dose / most : 0;
    if (part >= LEAST_SHARE) pixels.set([...washColor(part), 255], at * 4);
  }
  return pixels;
}

function DoseOver({ layer, frame, place, opacity }: Of<'dose'>) {
  const { dose } = layer;
  const [whole, setWhole] = useState<WholeDose>();
  useEffect(() => {
    let isCurrent = true;
    wholeDose(layer, dose).then(
      (read) => isCurrent && setWhole(read),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [layer, dose]);
  const shares = useMemo(() => doseFramesOn(dose, frame), [dose, frame]);
  const pixels = useMemo(
    () => (whole === undefined || shares.length === 0 ? undefined : washed(whole, shares, dose.rows * dose.columns)),
    [whole, shares, dose],
  );
  if (whole === undefined) return null;
  const [first] = dose.planes;
  return (
    <>
      {pixels !== undefined && (
        <Painted
          {...dose}
          {...{ pixels, opacity }}
          hasEdges={false}
          name={layer.title ?? ''}
          matrix={matrixOf(first, frame, place)}
        />
      )}
      <DoseScale most={whole.most} isGray={dose.isGray} />
    </>
  );
}
