import { type AuditEvent, auditActor, auditSentence } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatInstant, formatNumber, shorten } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import type { Column } from '../../ui/column.ts';
import { useEntityWord } from './entity-word.ts';

const SIGNS = { SUCCESS: ['✓', 'text-accent'], FAILURE: ['×', 'text-danger'], DENIED: ['!', 'text-amber'] } as const;
interface Words {
  readonly t: Text<'admin'>;
  readonly word: ReturnType<typeof useEntityWord>;
  readonly locale: Locale;
}

function Outcome({ outcome }: Pick<AuditEvent, 'outcome'>) {
  const t = useText('admin');
  const [sign, tone] = SIGNS[outcome];
  return (
    <>
      <b aria-hidden="true" className={`mr-1.5 ${tone}`}>
        {sign}
      </b>
      {t(`outcome${outcome}`)}
    </>
  );
}

/** When and by whom. */
const actorColumns = ({ t, locale }: Omit<Words, 'word'>): Column<AuditEvent>[] => [
  {
    id: 'sequence',
    header: t('sequence'),
    track: '72px',
    from: 760,
    cell: (event) => <span className="text-dim">{event.sequence === null ? '…' : formatNumber(event.sequence, locale)}</span>,
  },
  { id: 'when', header: t('when'), track: '136px', cell: (event) => formatInstant(event.occurredAt, locale) },
  {
    id: 'actor',
    header: t('actor'),
    track: 'minmax(110px, 1fr)',
    cell: (event) => actorText(event, { t, locale }),
  },
];

/** What was done to what, and what came of it. */
const actionColumns = ({ t, locale, word }: Words): Column<AuditEvent>[] => [
  {
    id: 'action',
    header: t('action'),
    track: 'minmax(120px, 1.2fr)',
    cell: (event) => <span title={event.action}>{auditSentence(event.action, locale, event.details)}</span>,
  },
  {
    id: 'entity',
    header: t('entity'),
    track: 'minmax(110px, 1.2fr)',
    from: 680,
    cell: (event) => (
      <span className="text-dim">
        {word(event.entityType)}{' '}
        <span className="font-mono text-[12px]">{event.entityId === null ? '' : shorten(event.entityId, 8)}</span>
      </span>
    ),
  },
  { id: 'outcome', header: t('outcome'), track: '92px', from: 560, cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  {
    id: 'ip',
    header: t('address'),
    track: '120px',
    from: 900,
    cell: (event) => <span className="text-dim">{event.ip}</span>,
  },
];

const actorText = ({ actorName, actorId }: AuditEvent, { t, locale }: Omit<Words, 'word'>): string =>
  actorName !== null ? auditActor(actorName, locale) : actorId === null ? t('systemActor') : shorten(actorId, 6);

/** On a phone: what was done is whole, whatever else is. */
export function EventCard({ event }: { event: AuditEvent }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span>{auditSentence(event.action, locale, event.details)}</span>
        <span className="shrink-0 text-[13px]">
          <Outcome outcome={event.outcome} />
        </span>
      </div>
      <div className="flex items-baseline justify-between gap-3 text-[13px] text-dim">
        <span className="truncate">{actorText(event, { t, locale })}</span>
        <span className="tabular shrink-0">{formatInstant(event.occurredAt, locale)}</span>
      </div>
    </div>
  );
}

export function useEventColumns(): readonly Column<AuditEvent>[] {
  const t = useText('admin');
  const locale = useLocale();
  const word = useEntityWord();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => [...actorColumns({ t, locale }), ...actionColumns({ t, locale, word })], [locale]);
}
