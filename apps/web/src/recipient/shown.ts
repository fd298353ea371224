import type { SharedInstance, SharedSeries, SharedStudy } from '@negatoscope/contract';
import { addressOf } from '../api/address.ts';
import { textOfFile } from '../i18n/text-of-file.ts';
import { ofVisit } from './talk.ts';

/** What of a series is shown. */
export interface ShownSeries {
  readonly title: string;
  readonly modality: string;
  /** Addresses of its frames, in their order: of the first to be asked about, and of each. */
  readonly first: string;
  readonly pictures: readonly string[];
  /** Addresses of its documents. */
  readonly documents: readonly string[];
  /** There is something that may name somebody, and is not shown. */
  readonly isHeldBack: boolean;
}

const seriesAddress = ({ studyInstanceUid }: SharedStudy, { seriesInstanceUid }: SharedSeries): string =>
  addressOf('/dicom-web/studies/{study}/series/{series}', { study: studyInstanceUid, series: seriesInstanceUid });

/** A small picture of a series, whatever it holds (PS3.18 10.4.1.1.4). */
export const thumbnailOf = (study: SharedStudy, series: SharedSeries): string =>
  ofVisit(`${seriesAddress(study, series)}/thumbnail`);

/** What to call a series or study: what its file says of it, or what it is of. */
export const titleOf = ({ description, modality, seriesNumber }: SharedSeries): string =>
  textOfFile(description) || textOfFile(`${modality} ${seriesNumber ?? ''}`);

/** A picture for each frame, by WADO-RS (PS3.18 10.4.1.1.3); frames are counted from 1. */
export function shownOf(study: SharedStudy, series: SharedSeries, instances: readonly SharedInstance[]): ShownSeries {
  const address = seriesAddress(study, series);
  const of = ({ sopInstanceUid }: SharedInstance): string => `${address}/instances/${encodeURIComponent(sopInstanceUid)}`;
  const images = instances.filter(({ kind, frames }) => kind === 'IMAGE' && frames > 0);
  return {
    title: titleOf(series),
    modality: series.modality,
    first: images[0] === undefined ? '' : of(images[0]),
    pictures: images.flatMap((one) => Array.from({ length: one.frames }, (_, at) => `${of(one)}/frames/${at + 1}`)),
    documents: instances.filter(({ kind }) => kind === 'DOCUMENT').map((one) => ofVisit(`${of(one)}/rendered`)),
    isHeldBack: instances.some(({ kind }) => kind === 'HELD_BACK'),
  };
}
