import type { IdentityMismatch, Study } from '@negatoscope/contract';
import { UserX } from 'lucide-react';
import { formatDate, formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';

/** What a mark says, in one sentence after the other. */
export function useMismatchText(): (study: Study) => string {
  const t = useText('worklist');
  const locale = useLocale();
  return ({ identityMismatch: mark }) => {
    if (mark === null) return '';
    if (mark.receivedName === null) return t(mark.kind === 'NO_IDENTITY' ? 'namelessHidden' : 'mismatchHidden');
    const when = formatInstant(mark.at, locale);
    if (mark.cause === 'SAME_PATIENT_ID') return t('namelessByNumber', { id: textOfFile(mark.receivedPatientId), when });
    if (mark.cause === 'SAME_STUDY_UID') return t('namelessByStudy', { when });
    if (mark.kind === 'NO_IDENTITY')
      return mark.by === null || mark.by === ''
        ? t('namelessWhen', { when })
        : t(mark.cause === 'FOUND' ? 'namelessNamedBy' : 'namelessBy', { by: mark.by, when });
    const who = [mark.receivedName, formatDate(mark.receivedBirthDate, locale), textOfFile(mark.receivedPatientId)]
      .filter(Boolean)
      .join(' · ');
    if (mark.cause === 'MERGED') return [t('mismatchWho', { who }), t('mergedWhen', { when })].join(' ');
    const isFound = mark.cause === 'FOUND';
    return [
      t('mismatchWho', { who }),
      mark.by === null || mark.by === ''
        ? t(isFound ? 'foundWhen' : 'mismatchWhen', { when })
        : t(isFound ? 'foundBy' : 'mismatchBy', { by: mark.by, when }),
      mark.reason === null || mark.reason === '' ? '' : t('mismatchReason', { reason: mark.reason }),
    ]
      .filter((part) => part !== '')
      .join(' ');
  };
}

/** A sign beside the patient's name of images that name somebody else. */
export function MismatchMark({ study }: { study: Study }) {
  const text = useMismatchText();
  if (study.identityMismatch === null) return null;
  return (
    <span className="mr-1.5 inline-flex align-[-2px] text-amber" title={text(study)}>
      <UserX size={15} role="img" aria-label={text(study)} />
    </span>
  );
}

function titleOf({ kind, cause }: IdentityMismatch): 'namelessTitle' | 'foundTitle' | 'mergedTitle' | 'mismatchTitle' {
  if (kind === 'NO_IDENTITY') return 'namelessTitle';
  if (cause === 'MERGED') return 'mergedTitle';
  return cause === 'FOUND' ? 'foundTitle' : 'mismatchTitle';
}

/** The same with its words, where there is room. */
export function MismatchBar({ study }: { study: Study }) {
  const t = useText('worklist');
  const text = useMismatchText();
  if (study.identityMismatch === null) return null;
  return (
    <div role="note" className="flex shrink-0 items-start gap-2 border-b border-amber/50 bg-amber/10 px-4 py-2 text-[13px]">
      <UserX size={16} className="mt-0.5 shrink-0 text-amber" aria-hidden="true" />
      <p className="min-w-0">
        <b>{t(titleOf(study.identityMismatch))}</b> {text(study)}
      </p>
    </div>
  );
}
