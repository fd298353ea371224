import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import type { PresentationState } from '@negatoscope/dicom';
import { useLocale, useText } from '../../i18n/index.ts';
import type { PaneSnapshot } from '../engine/index.ts';
import { formatDate } from '../model/format.ts';
import { notesOn } from './offered.ts';

/** What a state is called, who made it and when, and what of it is not followed. */
export function useStateWords() {
  const t = useText('viewer');
  const locale = useLocale();
  return {
    name: ({ label, description }: PresentationState): string => description ?? label ?? t('states.unnamed'),
    label: ({ label, description }: PresentationState): string | undefined => (description === undefined ? undefined : label),
    made: ({ creator, date }: PresentationState): string =>
      [nameGroupOnPage(creator), formatDate(date, locale)].filter(Boolean).join(' · '),
    notes: (state: PresentationState, frame: PaneSnapshot['frame']): string[] =>
      notesOn(state, frame).map((note) => t(`states.notes.${note}`)),
  };
}
