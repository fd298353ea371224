import type { AuditEvent } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Printer, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { daysBefore, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { type auditSearch, RANGE_DAYS } from '../../routing/search-params.ts';
import { Empty, LoadError, Notice } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useIsWide } from '../../ui/use-media.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditReports } from './audit-reports.tsx';
import { AuditWarnings } from './audit-warnings.tsx';
import { EventCard, useEventColumns } from './event-columns.tsx';
import { EventDetails } from './event-details.tsx';

/** What the server is asked for; a range begins with the local day, as an instant: audit events are UTC. */
function filtersOf({ range, ...search }: ReturnType<typeof auditSearch>) {
  const from = range === undefined ? undefined : new Date(`${daysBefore(today(), RANGE_DAYS[range])}T00:00:00`).toISOString();
  return { ...search, from };
}

const useEvents = (filters: ReturnType<typeof filtersOf>) =>
  useCursorList(['audit', filters], (cursor, signal) => call('listAudit', { query: { ...filters, limit: 100, cursor }, signal }));

export function AuditPage() {
  const search = useSearch({ from: '/app/admin/audit' });
  const navigate = useNavigate({ from: '/app/admin/audit' });
  const isWide = useIsWide();
  const [selected, setSelected] = useState<AuditEvent>();
  const filters = filtersOf(search);
  const list = useEvents(filters);
  const set = (change: object): void => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <AuditHead total={list.total} isExact={list.totalIsExact} filters={filters} />
      <AuditFilters search={search} onChange={set} />
      <AuditWarnings />
      <div className="flex min-h-0 flex-1">
        <Events {...{ list, selected }} onSelect={setSelected} onAll={() => void navigate({ search: {}, replace: true })} />
        {selected !== undefined && <EventDetails event={selected} isBeside={isWide} onClose={() => setSelected(undefined)} />}
      </div>
    </section>
  );
}

interface EventsProps {
  readonly list: ReturnType<typeof useEvents>;
  readonly selected: AuditEvent | undefined;
  readonly onSelect: (event: AuditEvent | undefined) => void;
  /** Without filters. */
  readonly onAll: () => void;
}
function Events({ list, selected, onSelect, onAll }: EventsProps) {
  const t = useText('admin');
  const locale = useLocale();
  const columns = useEventColumns();
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  return (
    <DataList
      label={t('auditTitle')}
      columns={columns}
      {...listProps(list)}
      rowId={(event) => event.id}
      card={(event) => <EventCard event={event} />}
      selectedId={selected?.id}
      onSelect={onSelect}
      onBack={() => onSelect(undefined)}
      empty={<NoEvents onClear={onAll} />}
    />
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
        <Download size={16} className="max-sm:hidden" /> <Short whole={t('exportCsv')} short="CSV" />
      </a>
      <a href={addressOf('/api/audit/print', {}, { ...filters, locale, timeZone })} download className={buttonClass('plain')}>
        <Printer size={16} className="max-sm:hidden" /> <Short whole={t('printLog')} short="PDF" />
      </a>
      <AuditReports />
      <Verify />
    </PageHead>
  );
}

/** What a button says: on a phone one word of it, so that all of them stand in one line; read aloud it is whole. */
function Short({ whole, short }: { whole: string; short: string }) {
  return (
    <>
      <span className="max-sm:sr-only">{whole}</span>
      <span aria-hidden="true" className="sm:hidden">
        {short}
      </span>
    </>
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
      if (result.valid) showToast(t('verifyOk', { count: result.events }));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Button icon={<ShieldCheck size={16} className="max-sm:hidden" />} isPending={pending} onPress={() => void verify()}>
        <Short whole={t('verify')} short={t('verifyShort')} />
      </Button>
      {bad !== undefined && (
        <div className="basis-full">
          <Notice tone="danger">{t('verifyBad', { sequence: bad.firstBadSequence ?? '?' })}</Notice>
        </div>
      )}
    </>
  );
}
