import type { AuditEvent } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { addressOf, type Result } from '../../api/routes.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { daysBefore, formatInstant, formatNumber, shorten, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { DATE_RANGES, RANGE_DAYS } from '../../routing/search-params.ts';
import { Empty, LoadError, Notice } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { type Column, DataList, Total } from '../../ui/data-list.tsx';
import { Segments } from '../../ui/field.tsx';
import { PageHead, SearchBox } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useIsWide } from '../../ui/use-media.ts';
import { EventDetails } from './event-details.tsx';

const SIGNS = { SUCCESS: ['✓', 'text-accent'], FAILURE: ['×', 'text-danger'], DENIED: ['!', 'text-amber'] } as const;
function useColumns(): readonly Column<AuditEvent>[] {
  const t = useText('admin');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    (): Column<AuditEvent>[] => [
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
        cell: (event) => event.actorName ?? (event.actorId === null ? t('systemActor') : shorten(event.actorId, 6)),
      },
      {
        id: 'action',
        header: t('action'),
        track: 'minmax(120px, 1.2fr)',
        cell: (event) => <span className="font-mono text-[12.5px]">{event.action}</span>,
      },
      {
        id: 'entity',
        header: t('entity'),
        track: 'minmax(110px, 1.2fr)',
        from: 680,
        cell: (event) => (
          <span className="text-dim">
            {event.entityType}{' '}
            <span className="font-mono text-[12px]">{event.entityId === null ? '' : shorten(event.entityId, 8)}</span>
          </span>
        ),
      },
      {
        id: 'outcome',
        header: t('outcome'),
        track: '92px',
        from: 560,
        cell: (event) => (
          <>
            <b aria-hidden="true" className={`mr-1.5 ${SIGNS[event.outcome][1]}`}>
              {SIGNS[event.outcome][0]}
            </b>
            {t(`outcome${event.outcome}`)}
          </>
        ),
      },
      {
        id: 'ip',
        header: t('address'),
        track: '120px',
        from: 900,
        cell: (event) => <span className="text-dim">{event.ip}</span>,
      },
    ],
    [locale],
  );
}

export function AuditPage() {
  const t = useText('admin');
  const worklist = useText('worklist');
  const locale = useLocale();
  const search = useSearch({ from: '/app/admin/audit' });
  const navigate = useNavigate({ from: '/app/admin/audit' });
  const isWide = useIsWide();
  const [selected, setSelected] = useState<AuditEvent>();
  const columns = useColumns();
  const { action, entity, range } = search;
  // The local day's beginning, as an instant: audit events are UTC.
  const from = range === undefined ? undefined : new Date(`${daysBefore(today(), RANGE_DAYS[range])}T00:00:00`).toISOString();
  const filters = { action, entity, from };
  const list = useCursorList(['audit', filters], (cursor, signal) =>
    call('listAudit', { query: { ...filters, limit: 100, cursor }, signal }),
  );
  const set = (change: object): void => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('auditTitle')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <a href={addressOf('/api/audit/export', {}, filters)} download className={buttonClass('plain')}>
          <Download size={16} /> {t('exportCsv')}
        </a>
        <Verify />
      </PageHead>
      <div className="flex flex-wrap gap-2 px-4 pb-2">
        <SearchBox
          value={action ?? ''}
          label={t('filterAction')}
          placeholder={t('filterAction')}
          onChange={(value) => set({ action: value === '' ? undefined : value })}
        />
        <SearchBox
          isPageSearch={false}
          value={entity ?? ''}
          label={t('filterEntity')}
          placeholder={t('filterEntity')}
          onChange={(value) => set({ entity: value === '' ? undefined : value })}
        />
        <Segments
          label={worklist('range')}
          value={range ?? ''}
          onChange={(value) => set({ range: value === '' ? undefined : value })}
          choices={[
            ...DATE_RANGES.map((value) => ({
              value,
              label: worklist(value === 'today' ? 'rangeToday' : value === 'week' ? 'rangeWeek' : 'rangeMonth'),
            })),
            { value: '', label: t('anyPeriod') },
          ]}
        />
      </div>
      <div className="flex min-h-0 flex-1">
        {list.error !== null ? (
          <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
        ) : (
          <DataList
            label={t('auditTitle')}
            columns={columns}
            rows={list.rows}
            rowId={(event) => event.id}
            total={list.total}
            isLoading={list.isLoading}
            isPrevious={list.isPrevious}
            hasMore={list.hasMore}
            onMore={list.more}
            selectedId={selected?.id}
            onSelect={setSelected}
            onBack={() => setSelected(undefined)}
            empty={<Empty title={t('noEvents')} />}
          />
        )}
        {selected !== undefined && <EventDetails event={selected} isBeside={isWide} onClose={() => setSelected(undefined)} />}
      </div>
    </section>
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
