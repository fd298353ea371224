import type { Consultation } from '@negatoscope/contract';
import { SYMPTOMS, VITAL_SIGN_NAMES } from '@negatoscope/contract/clinical';
import { errorText } from '../../api/error.ts';
import { typedOf } from '../../entities/consultation/signs.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import type { Drafting } from './use-draft.ts';

/** The physician's notes, kept as they are typed; for everybody else to read. */
export function Notes({ drafting, mayWrite }: { drafting: Drafting; mayWrite: boolean }) {
  const t = useText('consultations');
  const { draft, keeper } = drafting;
  if (!mayWrite)
    return draft.notes === '' ? (
      <p className="text-dim">{t('notesNone')}</p>
    ) : (
      <p className="break-words whitespace-pre-wrap">{draft.notes}</p>
    );
  return (
    <TextAreaField
      label={t('notes')}
      hint={t('notesHint')}
      rows={8}
      maxLength={20_000}
      value={draft.notes}
      onChange={(event) => keeper.set('notes', event.target.value)}
      onBlur={() => void keeper.flush()}
    />
  );
}

const STATES = { saved: 'savedNow', waiting: 'unsaved', saving: 'saving', failed: 'unsaved' } as const;

/** Whether what was typed is kept, why not where it is not, and whose text stands where two wrote at once. */
export function KeptState({ drafting: { state, failure, conflict, keeper } }: { drafting: Drafting }) {
  const t = useText('consultations');
  const common = useText('common');
  const locale = useLocale();
  if (conflict !== undefined)
    return (
      <Notice tone="amber">
        <p>{t('conflict')}</p>
        <p className="my-1 max-h-40 overflow-auto break-words whitespace-pre-wrap">
          {theirText(conflict.field, conflict.theirs, t, locale)}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button size="small" onPress={() => keeper.settle(true)}>
            {t('keepMine')}
          </Button>
          <Button size="small" onPress={() => keeper.settle(false)}>
            {t('takeTheirs')}
          </Button>
        </div>
      </Notice>
    );
  if (failure !== undefined && state === 'failed')
    return (
      <Notice tone="danger">
        <p>{errorText(failure, locale)}</p>
        <Button size="small" onPress={() => void keeper.flush()}>
          {common('retry')}
        </Button>
      </Notice>
    );
  return (
    <p role="status" className="text-[13px] text-dim">
      {t(STATES[state])}
    </p>
  );
}

type T = Text<'consultations'>;

/** What somebody else wrote, as text: of vital signs and answers those that stand. */
function theirText(field: NonNullable<Drafting['conflict']>['field'], theirs: Consultation, t: T, locale: Locale): string {
  if (field === 'symptoms') return symptomsText(theirs.symptoms, t);
  if (field !== 'vitalSigns') return theirs[field];
  const typed = typedOf(theirs.vitalSigns, locale);
  const taken = VITAL_SIGN_NAMES.filter((name) => typed[name] !== '');
  return taken.map((name) => `${t(name)} ${typed[name]} ${t(`unit_${name}`)}`).join(', ');
}

function symptomsText({ checks, hivStatus, text }: Consultation['symptoms'], t: T): string {
  const answered = SYMPTOMS.flatMap((symptom) => {
    const answer = checks[symptom];
    return answer === undefined ? [] : [`${t(symptom)} (${t(answer === 'YES' ? 'yes' : 'no').toLowerCase()})`];
  });
  const hiv = hivStatus === null ? [] : [`${t('hiv')} (${t(`hiv_${hivStatus}`).toLowerCase()})`];
  return [...answered, ...hiv, ...(text === '' ? [] : [text])].join(', ');
}
