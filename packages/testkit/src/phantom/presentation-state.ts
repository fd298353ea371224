import type { Dataset, ElementInput } from '../part10/dataset.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';

/** An image that a state refers to; frames from 1, none: all. */
export interface ReferencedFrames {
  readonly sopClassUid?: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly frames?: readonly number[];
}

export interface StateGraphicOptions {
  readonly type: string;
  /** x and y of each point. */
  readonly data: readonly (number | string)[];
  readonly units?: string;
  readonly isFilled?: boolean;
  /** Number of Graphic Points; default what the data have. */
  readonly count?: number;
}

export interface StateTextOptions {
  readonly text: string;
  readonly box?: readonly [number, number, number, number];
  readonly align?: string;
  readonly anchor?: readonly [number, number];
  readonly units?: string;
}

export interface PresentationStateOptions extends PhantomOptions {
  readonly number?: number;
  readonly isColor?: boolean;
  readonly images: readonly ReferencedFrames[];
  readonly label?: string;
  readonly description?: string;
  /** Name, order, and Recommended Display Grayscale Value of each layer. */
  readonly layers?: readonly (readonly [name: string, order: number, gray: number])[];
  /** By layer. */
  readonly annotations?: readonly {
    readonly layer: string;
    readonly graphics?: readonly StateGraphicOptions[];
    readonly texts?: readonly StateTextOptions[];
    readonly images?: readonly ReferencedFrames[];
  }[];
  readonly rotation?: number;
  readonly isFlipped?: boolean;
  /** Columns and rows from 1: both corners. */
  readonly area?: readonly [number, number, number, number];
  readonly sizing?: string;
  readonly magnification?: number;
  readonly window?: readonly [center: number, width: number];
  readonly rescale?: readonly [slope: number, intercept: number];
  readonly shape?: 'IDENTITY' | 'INVERSE';
}

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const sq = (...value: Dataset[]): ElementInput => ({ vr: 'SQ', value });

const imageItem = ({ sopClassUid = SECONDARY_CAPTURE, sopInstanceUid, frames }: ReferencedFrames): Dataset => ({
  ReferencedSOPClassUID: sopClassUid,
  ReferencedSOPInstanceUID: sopInstanceUid,
  ...(frames === undefined ? {} : { '00081160': { vr: 'IS', value: frames.map(String) } }),
});

function seriesItems(images: readonly ReferencedFrames[]): Dataset[] {
  return [...new Set(images.map(({ seriesInstanceUid }) => seriesInstanceUid))].map((uid) => ({
    SeriesInstanceUID: uid,
    '00081140': sq(...images.filter(({ seriesInstanceUid }) => seriesInstanceUid === uid).map(imageItem)),
  }));
}

const graphicItem = ({
  type,
  data,
  units = 'PIXEL',
  isFilled = false,
  count = data.length / 2,
}: StateGraphicOptions): Dataset => ({
  '00700005': { vr: 'CS', value: units },
  '00700020': { vr: 'US', value: 2 },
  '00700021': { vr: 'US', value: count },
  // Written as UN-like numbers where a test wants what is no number: FL takes NaN.
  '00700022': { vr: 'FL', value: data.map(Number) },
  '00700023': { vr: 'CS', value: type },
  '00700024': { vr: 'CS', value: isFilled ? 'Y' : 'N' },
});

const textItem = ({ text, box, align = 'LEFT', anchor, units = 'PIXEL' }: StateTextOptions): Dataset => ({
  '00700006': { vr: 'ST', value: text },
  ...(box === undefined
    ? {}
    : {
        '00700003': { vr: 'CS', value: units },
        '00700010': { vr: 'FL', value: box.slice(0, 2) },
        '00700011': { vr: 'FL', value: box.slice(2) },
        '00700012': { vr: 'CS', value: align },
      }),
  ...(anchor === undefined
    ? {}
    : {
        '00700004': { vr: 'CS', value: units },
        '00700014': { vr: 'FL', value: anchor },
        '00700015': { vr: 'CS', value: 'Y' },
      }),
});

const some = (list: readonly Dataset[], tag: string): Dataset => (list.length === 0 ? {} : { [tag]: sq(...list) });

function annotationsOf({ annotations = [] }: PresentationStateOptions): Dataset {
  const items = annotations.map(
    ({ layer, graphics = [], texts = [], images = [] }): Dataset => ({
      '00700002': { vr: 'CS', value: layer },
      ...some(images.map(imageItem), '00081140'),
      ...some(texts.map(textItem), '00700008'),
      ...some(graphics.map(graphicItem), '00700009'),
    }),
  );
  return some(items, '00700001');
}

function graysOf({ isColor = false, window, rescale, shape = 'IDENTITY' }: PresentationStateOptions): Dataset {
  if (isColor) return {};
  return {
    ...(rescale === undefined
      ? {}
      : {
          '00281052': { vr: 'DS', value: String(rescale[1]) },
          '00281053': { vr: 'DS', value: String(rescale[0]) },
          '00281054': { vr: 'LO', value: 'US' },
        }),
    ...(window === undefined
      ? {}
      : {
          '00283110': sq({
            '00281050': { vr: 'DS', value: String(window[0]) },
            '00281051': { vr: 'DS', value: String(window[1]) },
          }),
        }),
    '20500020': { vr: 'CS', value: shape },
  };
}

const areaOf = ({ area, sizing = 'SCALE TO FIT', magnification }: PresentationStateOptions): Dataset =>
  area === undefined
    ? {}
    : {
        '0070005A': sq({
          '00700052': { vr: 'SL', value: area.slice(0, 2) },
          '00700053': { vr: 'SL', value: area.slice(2) },
          '00700100': { vr: 'CS', value: sizing },
          '00700102': { vr: 'IS', value: ['1', '1'] },
          ...(magnification === undefined ? {} : { '00700103': { vr: 'FL', value: magnification } }),
        }),
      };

const layersOf = ({ layers = [] }: PresentationStateOptions): Dataset =>
  some(
    layers.map(([name, order, gray]) => ({
      '00700002': { vr: 'CS', value: name },
      '00700062': { vr: 'IS', value: String(order) },
      '00700066': { vr: 'US', value: gray },
    })),
    '00700060',
  );

/** A presentation state (PS3.3 A.33.1, A.33.2) of which a test says what it does to which images. */
export function presentationState(options: PresentationStateOptions): GeneratedInstance {
  const { isColor = false, images, number = 1, rotation, isFlipped = false } = options;
  return buildInstance(
    'state',
    { seriesNumber: 900, ...options },
    {
      SOPClassUID: `1.2.840.10008.5.1.4.1.1.11.${isColor ? 2 : 1}`,
      Modality: 'PR',
      InstanceNumber: number,
      '00081115': sq(...seriesItems(images)),
      '00700080': { vr: 'CS', value: options.label ?? 'LECTURE' },
      '00700081': { vr: 'LO', value: options.description ?? 'Nodule' },
      '00700082': { vr: 'DA', value: '20260115' },
      '00700083': { vr: 'TM', value: '101500' },
      '00700084': { vr: 'PN', value: 'MARTIN^Zoé' },
      ...(rotation === undefined && !isFlipped
        ? {}
        : {
            '00700041': { vr: 'CS', value: isFlipped ? 'Y' : 'N' },
            '00700042': { vr: 'US', value: rotation ?? 0 },
          }),
      ...graysOf(options),
      ...areaOf(options),
      ...layersOf(options),
      ...annotationsOf(options),
    },
  );
}
