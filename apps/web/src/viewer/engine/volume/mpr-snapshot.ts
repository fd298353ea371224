import type { DicomwebErrorCode } from '../../model/dicomweb.ts';
import type { Vector3 } from '../../model/geometry.ts';
import type { PlaneRequest, Slab } from '../../model/volume.ts';
import type { Refusal, Remark } from '../../model/volume-geometry.ts';
import type { Phase } from '../../model/volume-phases.ts';
import type { ViewId } from '../../model/volume-views.ts';
import type { PaneSnapshot } from '../snapshot.ts';

export const MPR_TOOLS = ['crosshair', 'scroll', 'window', 'pan', 'zoom', 'length', 'probe'] as const;
export type MprToolId = (typeof MPR_TOOLS)[number];

/** A place on the screen of a view, CSS px from its upper left corner. */
export type ScreenPoint = readonly [number, number];

/** The trace of another view's plane: its direction on the screen, a unit vector. */
export interface Trace {
  readonly view: ViewId;
  readonly direction: ScreenPoint;
}

/** What was drawn, where it lies on a view. */
export interface ShownMeasure {
  readonly id: string;
  readonly points: readonly ScreenPoint[];
  /** The middle of its text where somebody has moved that. */
  readonly textAt: ScreenPoint | undefined;
  readonly isSelected: boolean;
  /** Undefined until its value is known. */
  readonly text: MeasureText | undefined;
}

export type MeasureText =
  | { readonly kind: 'length'; readonly mm: number }
  /** `value` is undefined where there is none. */
  | { readonly kind: 'probe'; readonly value: number | undefined };

export interface MprViewSnapshot {
  /** What the label of a view says, as that of a pane. */
  readonly label: PaneSnapshot;
  /** Where the point that all planes share lies. */
  readonly point: ScreenPoint;
  readonly traces: readonly Trace[];
  readonly measures: readonly ShownMeasure[];
  /** Its plane is no longer one of the patient's own. */
  readonly isTurned: boolean;
  /** What is shown, for what is laid over it: at most as many samples as the screen has CSS px. */
  readonly plane: PlaneRequest;
}

/** The value under the pointer, or at the point of the crosshair. */
export interface ValueAt {
  readonly point: Vector3;
  /** NaN where there is none. */
  readonly value: number;
}

export interface MprSnapshot {
  readonly status: 'loading' | 'ready' | 'refused' | 'phases' | 'tooLarge' | 'failed';
  readonly refusal: Refusal | undefined;
  readonly phases: readonly Phase[];
  /** The one that is shown; undefined where the series has none. */
  readonly phase: Phase | undefined;
  readonly remarks: readonly Remark[];
  /** Why there are no pictures, and the Instance Number of the image that can't be had. */
  readonly errorCode: DicomwebErrorCode | undefined;
  readonly failedNumber: number | undefined;
  readonly loaded: number;
  readonly total: number;
  /** Memory of the volume, and how much it may have. */
  readonly bytes: number;
  readonly limitBytes: number;
  readonly active: ViewId;
  readonly slab: Slab;
  readonly views: Partial<Readonly<Record<ViewId, MprViewSnapshot>>>;
  readonly point: ValueAt | undefined;
  readonly hover: ValueAt | undefined;
  readonly unit: string | undefined;
  readonly measureCount: number;
}

export const EMPTY_MPR: MprSnapshot = {
  status: 'loading',
  refusal: undefined,
  phases: [],
  phase: undefined,
  remarks: [],
  errorCode: undefined,
  failedNumber: undefined,
  loaded: 0,
  total: 0,
  bytes: 0,
  limitBytes: 0,
  active: 'axial',
  slab: { thicknessMm: 0, projection: 'max' },
  views: {},
  point: undefined,
  hover: undefined,
  unit: undefined,
  measureCount: 0,
};
