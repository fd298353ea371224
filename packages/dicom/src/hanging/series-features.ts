import { cross } from './geometry.ts';
import type { SeriesSummary } from './series-list.ts';
import type { SortableFrame } from './sort-frames.ts';

/** Of the images of a series what tells how they lie. */
export interface SeriesImages {
  readonly frames: readonly (Pick<SortableFrame, 'orientation'> & { readonly sliceThicknessMm?: number | undefined })[];
  readonly isSpatial: boolean;
}

export type Plane = 'axial' | 'coronal' | 'sagittal';

/** What is said by the words of a description, in French or English; of each kind at most one. */
export interface Words {
  readonly contrast?: 'without' | 'with' | undefined;
  readonly phase?: 'arterial' | 'portal' | 'late' | undefined;
  readonly kernel?: 'lung' | 'bone' | 'soft' | 'brain' | undefined;
  readonly weighting?: 'flair' | 'dwi' | 'adc' | 'swi' | 't2' | 't1' | 'pd' | 'stir' | 'tof' | undefined;
  readonly side?: 'right' | 'left' | undefined;
  readonly view?: 'cc' | 'mlo' | 'frontal' | 'lateral' | undefined;
}

/** What makes series of two studies alike. What is not known of one is left out. */
export interface SeriesFeatures extends Words {
  readonly modality: string;
  readonly bodyPart?: string | undefined;
  readonly plane?: Plane | undefined;
  readonly thicknessMm?: number | undefined;
  /** Frames, or instances where frames are not known. */
  readonly count?: number | undefined;
  /** The description, in small letters without accents. */
  readonly text?: string | undefined;
}

/** Small letters without accents, digits and letters apart from the rest; a star is that of T2*. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9+*.,-]+/g, ' ')
    .trim();

type Pattern<T> = readonly (readonly [RegExp, T])[];
const word = (pattern: string): RegExp => new RegExp(`(?:^|[^a-z0-9])(?:${pattern})(?![a-z0-9])`);

const PLANES: Pattern<Plane> = [
  [word('ax|axial|axiale|axiales|tra|trans|transverse|transversale?|transaxial'), 'axial'],
  [word('cor|coro|coronal|coronale|coronales|frontales?'), 'coronal'],
  [word('sag|sagi|sagittal|sagittale|sagittales'), 'sagittal'],
];
const CONTRAST: Pattern<'without' | 'with'> = [
  [
    word(
      'c-|sans(?: iv| inj\\w*| contraste| pdc| gado\\w*)?|without|w ?o|no contrast\\w*|non ?-?(?:inj\\w*|contrast)|unenhanced|native?|pre ?-?(?:c|gd|gado\\w*|contrast\\w*)',
    ),
    'without',
  ],
  [
    word('c\\+|avec|with|iv|inj|injecte\\w*|injection|gado\\w*|gd|post ?-?(?:c|gd|gado|contrast)|enhanced|contrast\\w*|iode'),
    'with',
  ],
];
const PHASES: Pattern<'arterial' | 'portal' | 'late'> = [
  [word('art|arteriel\\w*|arterial'), 'arterial'],
  [word('portal\\w*|porte|venous|veineux|venos\\w*'), 'portal'],
  [word('tardi\\w*|late|delayed|excret\\w*'), 'late'],
];
const KERNELS: Pattern<'lung' | 'bone' | 'soft' | 'brain'> = [
  [word('lung\\w*|poumons?|pulm\\w*|parench\\w*'), 'lung'],
  [word('bones?|os|osseux|osseuse'), 'bone'],
  [word('brain|cerveau|cerebr\\w*'), 'brain'],
  [word('soft|tissue|mou|mous|molles?|std|standard|medias\\w*'), 'soft'],
];
const WEIGHTINGS: Pattern<NonNullable<Words['weighting']>> = [
  [word('flair\\w*'), 'flair'],
  [word('adc\\w*|dadc'), 'adc'],
  [word('dwi\\w*|diff\\w*|b ?1000|ep2d\\w*'), 'dwi'],
  [word('swi|swan|t2 ?\\*|t2-?star|venobold'), 'swi'],
  [word('stir|tirm'), 'stir'],
  [word('tof\\w*|angio\\w*'), 'tof'],
  [word('t1\\w*|mprage|bravo|spgr'), 't1'],
  [word('t2\\w*'), 't2'],
  [word('pd\\w*|dp\\w*|rho'), 'pd'],
];
const SIDES: Pattern<'right' | 'left'> = [
  [word('rt|droite?s?|right|r(?:cc|mlo)?|d(?:cc|mlo)?'), 'right'],
  [word('lt|gauches?|left|l(?:cc|mlo)?|g(?:cc|mlo)?'), 'left'],
];
const VIEWS: Pattern<NonNullable<Words['view']>> = [
  [word('[rldg]? ?mlo|oblique'), 'mlo'],
  [word('[rldg]? ?cc|face cranio\\w*'), 'cc'],
  [word('lat|lateral\\w*|profil'), 'lateral'],
  [word('pa|ap|face|frontal'), 'frontal'],
];
/** Letters name a side only of projections: in a CT they name anything. */
const PROJECTIONS = new Set(['MG', 'CR', 'DX', 'RF']);

const first = <T>(text: string, patterns: Pattern<T>): T | undefined => patterns.find(([pattern]) => pattern.test(text))?.[1];

/** Only what is there, so that features can be compared and kept. */
function tidy<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T; // Undefined left out.
}

export function wordsOf(text: string, modality: string): Words {
  const isProjection = PROJECTIONS.has(modality);
  return tidy<Words>({
    contrast: first(text, CONTRAST),
    phase: first(text, PHASES),
    kernel: first(text, KERNELS),
    weighting: modality === 'MR' ? first(text, WEIGHTINGS) : undefined,
    side: isProjection ? first(text, SIDES) : undefined,
    view: isProjection ? first(text, VIEWS) : undefined,
  });
}

/** The thickness that a description names: `2,5 mm`, `5mm`. */
function thicknessIn(text: string): number | undefined {
  const found = /(?:^|[^0-9.,])(\d{1,2}(?:[.,]\d{1,3})?) ?mm(?![a-z])/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found.replace(',', '.'));
}

/** The plane in which slices lie, within 45 degrees. */
export function planeOf({ frames, isSpatial }: SeriesImages): Plane | undefined {
  const orientation = isSpatial ? frames[0]?.orientation : undefined;
  if (orientation === undefined) return undefined;
  const [x, y, z] = cross(orientation.row, orientation.column).map(Math.abs);
  const [sagittal = 0, coronal = 0, axial = 0] = [x, y, z];
  return axial >= coronal && axial >= sagittal ? 'axial' : coronal >= sagittal ? 'coronal' : 'sagittal';
}

/** What is known of a series from what a list says of it, and from its images where they are here. */
export function featuresOf(summary: SeriesSummary, series?: SeriesImages): SeriesFeatures {
  const modality = summary.modality ?? '';
  const text = plain(summary.description ?? '');
  return tidy<SeriesFeatures>({
    modality,
    bodyPart: summary.bodyPart,
    plane: (series === undefined ? undefined : planeOf(series)) ?? first(text, PLANES),
    thicknessMm: series?.frames[0]?.sliceThicknessMm ?? thicknessIn(text),
    count: series?.frames.length ?? summary.instanceCount,
    text: text === '' ? undefined : text,
    ...wordsOf(text, modality),
  });
}
