import type { RetentionRule } from '@negatoscope/contract';
import { newId } from '../../../api/new-id.ts';

/** A rule as it is typed: every field a text, as fields have them; '' is any. */
export interface EditedRule {
  readonly key: string;
  readonly modality: string;
  readonly group: string;
  readonly patients: string;
  readonly countsFrom: string;
  readonly years: string;
}

export const NEW_RULE = (): EditedRule => ({
  ...{ key: newId(), modality: '', group: '', patients: '', countsFrom: 'LAST_STUDY', years: '20' },
});

export const editedOf = ({ modality, group, patients, countsFrom, years }: RetentionRule): EditedRule => ({
  ...{ key: newId(), modality: modality ?? '', group: group ?? '', patients: patients ?? '', countsFrom, years: String(years) },
});

/** What is sent; a number of years that is none is refused by the field, and else by the server. */
export const sentOf = ({ modality, group, patients, countsFrom, years }: EditedRule): RetentionRule => ({
  modality: modality.trim() === '' ? null : modality.trim().toUpperCase(),
  group: group === '' ? null : group,
  patients: patients === 'MINORS' || patients === 'ADULTS' ? patients : null,
  countsFrom: countsFrom === 'ADULTHOOD' ? 'ADULTHOOD' : 'LAST_STUDY',
  years: Number(years),
});
