import { mostLike } from './pairing.ts';
import { type HangingRegion, regionOf } from './region.ts';
import { featuresOf, type SeriesFeatures } from './series-features.ts';
import { isDocumentModality, type SeriesSummary } from './series-list.ts';

/** A series that may hang. */
export interface Candidate {
  readonly seriesInstanceUid: string;
  readonly features: SeriesFeatures;
}

type Kind = Omit<SeriesFeatures, 'modality'>;

/** What is looked at first, by modality and region; the first of each kind of study stands beside its prior. */
export function kindsOf(modality: string, region: HangingRegion | undefined): readonly Kind[] {
  switch (modality) {
    case 'CT':
      if (region === 'CHEST') return [{ plane: 'axial', kernel: 'lung' }];
      if (region === 'ABDOMEN') return [{ plane: 'axial', phase: 'portal', contrast: 'with' }];
      return region === 'HEAD' ? [{ plane: 'axial', kernel: 'brain' }] : [{ plane: 'axial' }];
    case 'MR':
      if (region === 'HEAD') return [{ weighting: 'flair' }, { weighting: 'dwi' }, { weighting: 't2' }, { weighting: 't1' }];
      if (region === 'SPINE')
        return [
          { plane: 'sagittal', weighting: 't2' },
          { plane: 'sagittal', weighting: 't1' },
          { plane: 'sagittal', weighting: 'stir' },
          { plane: 'axial', weighting: 't2' },
        ];
      return [{ weighting: 't2' }, { weighting: 't1' }, { weighting: 'stir' }, { weighting: 'dwi' }];
    case 'CR':
    case 'DX':
      return [{ view: 'frontal' }, { view: 'lateral' }];
    case 'MG':
      return [
        { side: 'right', view: 'cc' },
        { side: 'left', view: 'cc' },
        { side: 'right', view: 'mlo' },
        { side: 'left', view: 'mlo' },
      ];
    default:
      return [{}];
  }
}

/** What of a study a rule is chosen by. */
export interface StudyKind {
  readonly modality: string;
  readonly region: HangingRegion | undefined;
}

/** What may hang of a study: images, in the order of display. */
export const candidatesOf = (series: readonly SeriesSummary[]): Candidate[] => {
  const images = series.filter(({ modality }) => !isDocumentModality(modality));
  return (images.length > 0 ? images : series).map((one) => ({
    seriesInstanceUid: one.seriesInstanceUid,
    features: featuresOf(one),
  }));
};

/** What kind of study this is, for the rules: the modality of its first images, and the region that they name. */
export function kindOf(series: readonly SeriesSummary[]): StudyKind {
  const images = series.filter(({ modality }) => !isDocumentModality(modality));
  const texts = [...images.map(({ bodyPart }) => bodyPart), ...images.map(({ description }) => description)];
  return { modality: images[0]?.modality ?? '', region: regionOf(texts) };
}

/**
 * The series that is looked at first where no rule was kept: the one that was asked for where it is there. Page and server ask the same, so that what is sent
 * ahead is what hangs.
 */
export function firstToHang(series: readonly SeriesSummary[], asked?: string): string | undefined {
  if (series.some(({ seriesInstanceUid }) => seriesInstanceUid === asked)) return asked;
  const candidates = candidatesOf(series);
  const { modality, region } = kindOf(series);
  const wanted = { modality, ...kindsOf(modality, region)[0] };
  return (mostLike(wanted, candidates, ({ features }) => features) ?? candidates[0])?.seriesInstanceUid;
}
