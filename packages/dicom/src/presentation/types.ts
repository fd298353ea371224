import type { Rgb } from '../overlaid/color.ts';
import type { DicomJsonObject } from '../types.ts';

/** Images and frames that something of a presentation state is for (PS3.3 C.11.11); frames from 1, none: all of the image's. */
export interface StateReference {
  /** Undefined within a part of a state, which names images alone. */
  readonly seriesInstanceUid?: string | undefined;
  readonly sopInstanceUid: string;
  readonly frames: readonly number[];
}

/** Undefined: all images that the state refers to. */
export type StateScope = readonly StateReference[] | undefined;

/** x and y. In pixels 0\0 is the corner of the first pixel; in the displayed area 0\0 and 1\1 are its corners (C.10.5.1). */
export type StatePoint = readonly [number, number];
export type StateUnits = 'pixel' | 'display';

export type GraphicKind = 'point' | 'polyline' | 'interpolated' | 'circle' | 'ellipse';

export interface StateGraphic {
  readonly kind: GraphicKind;
  readonly units: StateUnits;
  readonly points: readonly StatePoint[];
  readonly isFilled: boolean;
}

export interface StateText {
  readonly text: string;
  readonly box:
    | {
        readonly units: StateUnits;
        readonly from: StatePoint;
        readonly to: StatePoint;
        readonly align: 'left' | 'center' | 'right';
      }
    | undefined;
  readonly anchor: { readonly units: StateUnits; readonly at: StatePoint; readonly isVisible: boolean } | undefined;
}

/** One item of Graphic Annotation Sequence (C.10.5), with what its layer says (C.10.7). */
export interface StateAnnotation {
  readonly scope: StateScope;
  readonly layer: string;
  readonly color: Rgb;
  readonly graphics: readonly StateGraphic[];
  readonly texts: readonly StateText[];
}

/** What of the image is shown (C.10.4): columns and rows from 1, both ends within. */
export interface StateArea {
  readonly scope: StateScope;
  readonly from: StatePoint;
  readonly to: StatePoint;
  readonly sizing: 'fit' | 'true-size' | 'magnify';
  /** Screen pixels for one of the image's, where it is magnified. */
  readonly magnification: number | undefined;
  /** Height of a pixel by its width, as the state has it shown. */
  readonly aspect: number | undefined;
}

/** What stays open (C.7.6.11), in columns and rows from 1; everything else is covered. */
export type StateShutter =
  | { readonly kind: 'rectangle'; readonly left: number; readonly right: number; readonly upper: number; readonly lower: number }
  | { readonly kind: 'circle'; readonly row: number; readonly column: number; readonly radius: number }
  | { readonly kind: 'polygon'; readonly points: readonly StatePoint[] };

export interface StateShutters {
  readonly shapes: readonly StateShutter[];
  /** What covers, 0 black to 255. */
  readonly gray: number;
  /** Height of the image's pixels by their width, 1 where nobody says: a circle is one on what the image shows. */
  readonly aspect?: number | undefined;
}

/** Of a state what is not followed; it is named before anything of it is shown. */
export type StateNote =
  | 'kind'
  | 'noImages'
  | 'mask'
  | 'bitmapShutter'
  | 'compound'
  | 'styles'
  | 'matrix'
  | 'trueSize'
  | 'iccProfile'
  | 'damaged'
  | 'tooMany'
  | 'voi';

/** A presentation state (PS3.3 A.33) as it is to be applied. */
export interface PresentationState {
  readonly sopInstanceUid: string;
  readonly kind: 'grayscale' | 'color' | 'other';
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly creator: string | undefined;
  /** DA and TM values. */
  readonly date: string | undefined;
  readonly time: string | undefined;
  readonly references: readonly StateReference[];
  /** Degrees clockwise, before the flip (C.10.6). */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly isFlipped: boolean;
  readonly areas: readonly StateArea[];
  readonly shutters: StateShutters | undefined;
  /** In the order in which they are drawn. */
  readonly annotations: readonly StateAnnotation[];
  /** Groups of overlays that are shown, and their gray (C.11.7). */
  readonly overlays: ReadonlyMap<string, number>;
  readonly notes: readonly StateNote[];
  /** Its tables and overlays are read when it is applied. */
  readonly dataset: DicomJsonObject;
}
