import type { Study, Urgency } from '@negatoscope/contract';
import { ChevronsUp, ChevronUp, History, Minus } from 'lucide-react';
import { useText } from '../../i18n/index.ts';

export const URGENCIES = ['ROUTINE', 'URGENT', 'STAT'] as const satisfies readonly Urgency[];
const TONES: Readonly<Record<Urgency, string>> = { ROUTINE: 'text-dim', URGENT: 'text-amber', STAT: 'text-danger' };

export function UrgencySign({ urgency }: { urgency: Urgency }) {
  const Sign = urgency === 'STAT' ? ChevronsUp : urgency === 'URGENT' ? ChevronUp : Minus;
  return <Sign size={14} aria-hidden="true" className={TONES[urgency]} />;
}

/** How soon, its sign and its word; nothing for routine. */
export function UrgencyMark({ urgency }: { urgency: Urgency }) {
  const t = useText('worklist');
  if (urgency === 'ROUTINE') return null;
  return (
    <span className={`inline-flex shrink-0 items-center gap-0.5 text-[12px] font-semibold ${TONES[urgency]}`}>
      <UrgencySign urgency={urgency} />
      {t(`urgency${urgency}`)}
    </span>
  );
}

/** The same as a sign alone, where a word has no room. */
export function UrgencyIcon({ urgency }: { urgency: Urgency }) {
  const t = useText('worklist');
  if (urgency === 'ROUTINE') return null;
  return (
    <span role="img" aria-label={t(`urgency${urgency}`)} title={t(`urgency${urgency}`)} className="mr-1 inline-flex align-[-2px]">
      <UrgencySign urgency={urgency} />
    </span>
  );
}

/** That nobody is to read it; a sign alone where a word has no room. */
export function PriorMark({ study, isSmall = false }: { study: Pick<Study, 'isPrior'>; isSmall?: boolean }) {
  const t = useText('worklist');
  if (!study.isPrior) return null;
  if (isSmall)
    return (
      <span role="img" aria-label={t('prior')} title={t('prior')} className="inline-flex shrink-0 text-dim">
        <History size={14} aria-hidden="true" />
      </span>
    );
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-[12px] text-dim" title={t('prior')}>
      <History size={13} aria-hidden="true" />
      {t('priorShort')}
    </span>
  );
}
