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

/** That nobody is to read it. */
export function PriorMark({ study }: { study: Pick<Study, 'isPrior'> }) {
  const t = useText('worklist');
  if (!study.isPrior) return null;
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-[12px] text-dim" title={t('prior')}>
      <History size={13} aria-hidden="true" />
      {t('priorShort')}
    </span>
  );
}
