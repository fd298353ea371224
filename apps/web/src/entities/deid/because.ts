import type { DeidExportDetails } from '@negatoscope/contract';
import type { Text } from '../../i18n/index.ts';

/** Why a file can't leave without identity, as far as the page has words for it. */
const REASONS = [
  'BURNED_IN',
  'TEXT_SUSPECTED',
  'NAME_IN_PIXELS',
  'LEFT_OUT',
  'MASK_OUTSIDE',
  'PIXELS_MAY_NAME',
  'NOT_A_PICTURE',
  'ENCAPSULATED_DOCUMENT',
  'STRUCTURED_CONTENT',
  'WAVEFORM_OR_OTHER',
  'NO_SOP_CLASS',
  'PIXELS_DAMAGED',
  'PIXELS_NOT_CLEARED',
  'PIXELS_TOO_LARGE',
  'HEADER_TOO_LONG',
  'UNREADABLE',
] as const;
type Reason = (typeof REASONS)[number];

const isKnown = (because: string): because is Reason => REASONS.some((one) => one === because);

/** Why the group of an export did not take a file. */
const FROM_GROUP = ['SAME_UID_OTHER_CONTENT', 'STUDY_PATIENT_MISMATCH', 'WITHDRAWN'] as const;
export const isFromGroup = (because: string): because is (typeof FROM_GROUP)[number] => FROM_GROUP.some((one) => one === because);

interface Refusals {
  readonly because: string;
  readonly paths: readonly string[];
}
/** Refused files by why, those of which there are most first. */
export function groupedRefusals(refusals: DeidExportDetails['refusals']): readonly Refusals[] {
  const reasons = [...new Set(refusals.map(({ because }) => because))];
  return reasons
    .map((reason) => ({ because: reason, paths: refusals.filter(({ because }) => because === reason).map(({ path }) => path) }))
    .sort((a, b) => b.paths.length - a.paths.length);
}

/** Why a file does not leave, in words. */
export const reasonText = (because: string, t: Text<'deid'>): string =>
  isKnown(because) ? t(`because_${because}`) : t('becauseOther', { code: because });
