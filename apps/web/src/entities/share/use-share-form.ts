import type { createShare, ResultOf, Study } from '@negatoscope/contract';
import { MOST_SHARED_STUDIES } from '@negatoscope/contract/share-limits';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import { sharesChanged } from './queries.ts';
import { BY_DATE, endsAt, openingsOf } from './share-rules.ts';

export type Made = ResultOf<typeof createShare>;

export interface ShareFields {
  readonly studyIds: string[];
  readonly recipient: string;
  readonly profile: 'IDENTIFIED' | 'PSEUDONYM';
  /** Days, or {@link BY_DATE}. */
  readonly valid: string;
  readonly date: string;
  readonly openings: string;
  readonly withCode: boolean;
  readonly mayDownload: boolean;
}

const bodyOf = ({ valid, date, openings, recipient, ...rest }: ShareFields) => {
  const [expiresAt, maxOpenings] = [endsAt(valid, date), openingsOf(openings)];
  return { ...rest, recipient: recipient.trim(), ...(expiresAt && { expiresAt }), ...(maxOpenings && { maxOpenings }) };
};

/** What a share is made of, what is wrong with it at each field, and the making. */
export function useShareForm(studies: readonly Study[], onMade: (made: Made) => void) {
  const t = useText('shares');
  const [failure, setFailure] = useState<unknown>();
  const maySee = useCan()('patients.identity');
  const form = useForm<ShareFields>({
    defaultValues: {
      ...{ studyIds: studies.slice(0, MOST_SHARED_STUDIES).map(({ id }) => id), recipient: '', date: '', openings: '' },
      ...{ profile: maySee ? 'IDENTIFIED' : 'PSEUDONYM', valid: '14', withCode: true, mayDownload: false },
    },
  });
  const rules = {
    studyIds: (ids: string[]) =>
      ids.length === 0 ? t('whatMissing') : ids.length <= MOST_SHARED_STUDIES || t('whatMost', { count: MOST_SHARED_STUDIES }),
    recipient: (text: string) => text.trim() !== '' || t('recipientMissing'),
    date: (date: string, { valid }: ShareFields) => valid !== BY_DATE || endsAt(valid, date) !== undefined || t('dateWrong'),
    openings: (text: string) => openingsOf(text) !== null || t('openingsWrong'),
  };
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      const made = await call('createShare', { body: bodyOf(fields) });
      sharesChanged();
      onMade(made);
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, rules, submit, failure, maySee };
}
export type ShareForm = ReturnType<typeof useShareForm>;
