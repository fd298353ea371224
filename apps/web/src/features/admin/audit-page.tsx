import { type AuditEvent, auditActor, auditSentence } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Printer, ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { addressOf, type Result } from '../../api/routes.ts';
import { listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { daysBefore, formatInstant, formatNumber, shorten, today } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { AUDIT_OUTCOMES, type auditSearch, DATE_RANGES, RANGE_DAYS } from '../../routing/search-params.ts';
import { Empty, LoadError, Notice } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import type { Column } from '../../ui/column.ts';
import { DataList, Total } from '../../ui/data-list.tsx';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FilterRow, PageHead, SearchBox } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useIsWide } from '../../ui/use-media.ts';
import { AuditReports } from './audit-reports.tsx';
import { AuditWarnings } from './audit-warnings.tsx';
import { useEntityWord } from './entity-word.ts';
import { EventDetails } from './event-details.tsx';

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
    cell: (event) => <span title={event.action}>{auditSentence(event.action, locale)}</span>,
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
function EventCard({ event }: { event: AuditEvent }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span>{auditSentence(event.action, locale)}</span>
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

function useColumns(): readonly Column<AuditEvent>[] {
  const t = useText('admin');
  const locale = useLocale();
  const word = useEntityWord();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => [...actorColumns({ t, locale }), ...actionColumns({ t, locale, word })], [locale]);
}

type Search = ReturnType<typeof auditSearch>;

/** What the server is asked for; a range begins with the local day, as an instant: audit events are UTC. */
function filtersOf({ range, ...search }: Search) {
  const from = range === undefined ? undefined : new Date(`${daysBefore(today(), RANGE_DAYS[range])}T00:00:00`).toISOString();
  return { ...search, from };
}

export function AuditPage() {
  const t = useText('admin');
  const locale = useLocale();
  const search = useSearch({ from: '/app/admin/audit' });
  const navigate = useNavigate({ from: '/app/admin/audit' });
  const isWide = useIsWide();
  const [selected, setSelected] = useState<AuditEvent>();
  const columns = useColumns();
  const filters = filtersOf(search);
  const list = useCursorList(['audit', filters], (cursor, signal) =>
    call('listAudit', { query: { ...filters, limit: 100, cursor }, signal }),
  );
  const set = (change: object): void => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <AuditHead total={list.total} isExact={list.totalIsExact} filters={filters} />
      <Filters search={search} onChange={set} />
      <AuditWarnings />
      <div className="flex min-h-0 flex-1">
        {list.error !== null ? (
          <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
        ) : (
          <DataList
            label={t('auditTitle')}
            columns={columns}
            {...listProps(list)}
            rowId={(event) => event.id}
            card={(event) => <EventCard event={event} />}
            selectedId={selected?.id}
            onSelect={setSelected}
            onBack={() => setSelected(undefined)}
            empty={<NoEvents onClear={() => void navigate({ search: {}, replace: true })} />}
          />
        )}
        {selected !== undefined && <EventDetails event={selected} isBeside={isWide} onClose={() => setSelected(undefined)} />}
      </div>
    </section>
  );
}

function NoEvents({ onClear }: { onClear: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  return (
    <Empty title={t('noEvents')} action={<Button onPress={onClear}>{common('clearFilters')}</Button>}>
      {t('noEventsText')}
    </Empty>
  );
}

interface HeadProps {
  readonly total: number | undefined;
  readonly isExact: boolean;
  readonly filters: ReturnType<typeof filtersOf>;
}
function AuditHead({ total, isExact, filters }: HeadProps) {
  const t = useText('admin');
  const locale = useLocale();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return (
    <PageHead title={t('auditTitle')} aside={<Total total={total} isExact={isExact} />}>
      <a href={addressOf('/api/audit/export', {}, filters)} download className={buttonClass('plain')}>
        <Download size={16} /> {t('exportCsv')}
      </a>
      <a href={addressOf('/api/audit/print', {}, { ...filters, locale, timeZone })} download className={buttonClass('plain')}>
        <Printer size={16} /> {t('printLog')}
      </a>
      <AuditReports />
      <Verify />
    </PageHead>
  );
}

const RANGE_LABELS = { today: 'rangeToday', week: 'rangeWeek', month: 'rangeMonth' } as const;
function Filters({ search, onChange }: { search: Search; onChange: (change: object) => void }) {
  const t = useText('admin');
  const worklist = useText('worklist');
  const orNothing = (value: string) => (value === '' ? undefined : value);
  const outcomes = AUDIT_OUTCOMES.map((value) => ({ value, label: t(`outcome${value}`) }));
  return (
    <div className="flex flex-wrap gap-2 px-4 pb-2">
      <SearchBox
        value={search.action ?? ''}
        label={t('filterAction')}
        placeholder={t('filterAction')}
        onChange={(value) => onChange({ action: orNothing(value) })}
      />
      <SearchBox
        isPageSearch={false}
        value={search.entity ?? ''}
        label={t('filterEntity')}
        placeholder={t('filterEntity')}
        onChange={(value) => onChange({ entity: orNothing(value) })}
      />
      <FilterRow>
        <FilterSelect
          label={t('outcome')}
          value={search.outcome ?? ''}
          onChange={(value) => onChange({ outcome: orNothing(value) })}
          choices={[{ value: '', label: t('anyOutcome') }, ...outcomes]}
        />
        <Segments
          label={worklist('range')}
          value={search.range ?? ''}
          onChange={(value) => onChange({ range: orNothing(value) })}
          choices={[
            ...DATE_RANGES.map((value) => ({ value, label: worklist(RANGE_LABELS[value]) })),
            { value: '', label: t('anyPeriod') },
          ]}
        />
      </FilterRow>
      <Only search={search} onChange={onChange} />
    </div>
  );
}

/** Of whom alone the journal tells just now, and the way back to everything. */
function Only({ search, onChange }: { search: Search; onChange: (change: object) => void }) {
  const t = useText('admin');
  if (search.patient === undefined && search.actor === undefined) return null;
  return (
    <p className="flex basis-full flex-wrap items-center gap-2 text-[13px]">
      {[search.patient === undefined ? [] : [t('ofPatient')], search.actor === undefined ? [] : [t('ofPerson')]]
        .flat()
        .join(' · ')}
      <Button onPress={() => onChange({ patient: undefined, actor: undefined })}>{t('showAll')}</Button>
    </p>
  );
}

/** Checks the hash chain and says what was found. */
function Verify() {
  const t = useText('admin');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const [bad, setBad] = useState<Result<'verifyAudit'>>();
  const verify = async (): Promise<void> => {
    setPending(true);
    try {
      const result = await call('verifyAudit');
      setBad(result.valid ? undefined : result);
      if (result.valid) showToast(t('verifyOk', { events: formatNumber(result.events, locale) }));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Button icon={<ShieldCheck size={16} />} isPending={pending} onPress={() => void verify()}>
        {t('verify')}
      </Button>
      {bad !== undefined && (
        <div className="basis-full">
          <Notice tone="danger">{t('verifyBad', { sequence: bad.firstBadSequence ?? '?' })}</Notice>
        </div>
      )}
    </>
  );
}
