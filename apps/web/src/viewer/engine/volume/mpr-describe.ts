import type { Voi } from '@negatoscope/dicom';
import { roundScaleLengthMm } from '../../model/calibration.ts';
import { dot, type Vector3 } from '../../model/geometry.ts';
import { directionLetters } from '../../model/orientation.ts';
import type { FrameModel, SeriesModel } from '../../model/study-model.ts';
import type { Slab } from '../../model/volume.ts';
import { normalOf, PATIENT_VIEWS, planeOf, plus, toScreen, VIEWS, type ViewId, type Views } from '../../model/volume-views.ts';
import type { PlannedFrame } from '../frame-plans.ts';
import { EMPTY_PANE, type PaneSnapshot } from '../snapshot.ts';
import type { MprMeasure } from './mpr-measures.ts';
import type { MeasureText, MprViewSnapshot, ScreenPoint, ShownMeasure, Trace } from './mpr-snapshot.ts';
import type { MprView } from './mpr-view.ts';

/** Longest scale bar, as a share of the view's width. */
const SCALE_BAR_SHARE = 0.3;

/** What is drawn belongs to a plane when it is within half the slab, or within this, mm: less than a voxel of any scanner. */
const ON_PLANE_MM = 0.25;

export interface Described {
  readonly series: SeriesModel;
  /** A slice of the volume, for what all of them say. */
  readonly frame: FrameModel;
  readonly planned: PlannedFrame;
  readonly voi: Voi | undefined;
  readonly isInverted: boolean;
  readonly views: Views;
  readonly point: Vector3;
  readonly slab: Slab;
  readonly measures: readonly MprMeasure[];
  readonly selected: string | undefined;
  readonly textOf: (measure: MprMeasure) => MeasureText | undefined;
}

/** The axis of the patient along which the slices of a view lie. */
const ALONG = { axial: 2, coronal: 1, sagittal: 0 } as const satisfies Record<ViewId, 0 | 1 | 2>;

const OPPOSITE = (direction: Vector3): Vector3 => plus([0, 0, 0], direction, -1);

/** The label of a view, in the words of a pane's. */
function labelOf(id: ViewId, view: MprView, { series, frame, planned, voi, isInverted, ...described }: Described): PaneSnapshot {
  const { right, down } = described.views[id];
  const pxPerMm = view.framing?.pxPerMm ?? 1;
  const lengthMm = roundScaleLengthMm((view.size.width * SCALE_BAR_SHARE) / pxPerMm);
  const { thicknessMm } = described.slab;
  return {
    ...EMPTY_PANE,
    series,
    status: 'ready',
    frame: {
      ...frame,
      slicePositionMm: described.point[ALONG[id]],
      sliceThicknessMm: thicknessMm > 0 ? thicknessMm : undefined,
    },
    plan: planned.plan,
    isLossySyntax: planned.isLossy,
    voi,
    voiName: planned.plan.choices.find((choice) => choice.voi === voi)?.explanation,
    calibration: { kind: 'calibrated', spacing: { rowMm: 1, columnMm: 1 } },
    isInverted,
    letters: {
      right: directionLetters(right),
      left: directionLetters(OPPOSITE(right)),
      bottom: directionLetters(down),
      top: directionLetters(OPPOSITE(down)),
    },
    scaleBar: lengthMm === undefined ? undefined : { lengthMm, lengthPx: lengthMm * pxPerMm },
  };
}

/** The traces of the other planes on the screen of one. */
function tracesOf(id: ViewId, views: Views): Trace[] {
  const { right, down } = views[id];
  return VIEWS.filter((other) => other !== id).map((other) => {
    const normal = normalOf(views[other]);
    // Along the plane of this view, square to the other's normal.
    return { view: other, direction: [dot(normal, down), -dot(normal, right)] };
  });
}

function shownOn(view: MprView, id: ViewId, { views, point, slab, measures, selected, textOf }: Described): ShownMeasure[] {
  const { framing, size } = view;
  if (framing === undefined) return [];
  const normal = normalOf(views[id]);
  const near = Math.max(slab.thicknessMm / 2, ON_PLANE_MM);
  const onScreen = (one: Vector3): ScreenPoint => toScreen(views[id], framing, size, one);
  return measures
    .filter(({ points }) => points.every((one) => Math.abs(dot(plus(one, point, -1), normal)) <= near))
    .map((measure) => ({
      id: measure.id,
      points: measure.points.map(onScreen),
      textAt: measure.textAt && onScreen(measure.textAt),
      isSelected: measure.id === selected,
      text: textOf(measure),
    }));
}

/** Layers are coarser than what they lie over: more samples would be paid for with each slice. */
const MOST_LAYER_SAMPLES = 350_000;
const layerSamples = ({ width, height }: MprView['size']): number =>
  Math.min(1, Math.sqrt(MOST_LAYER_SAMPLES / (width * height || 1)));

export function describeView(id: ViewId, view: MprView, described: Described): MprViewSnapshot | undefined {
  const { framing, size } = view;
  if (framing === undefined) return undefined;
  const { views, point } = described;
  const isTurned = Math.abs(dot(normalOf(views[id]), normalOf(PATIENT_VIEWS[id]))) < 1 - 1e-9;
  return {
    label: labelOf(id, view, described),
    point: toScreen(views[id], framing, size, point),
    traces: tracesOf(id, views),
    measures: shownOn(view, id, described),
    isTurned,
    plane: planeOf(views[id], framing, size, layerSamples(size), described.slab),
  };
}
