import type { AuditReport } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Download, FileText } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatDate, type Locale } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Opens the list of what was made of days and months. */
export function AuditReports() {
  const t = useText('journal');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<FileText size={16} className="max-sm:hidden" />} onPress={() => setOpen(true)}>
        {t('reports')}
      </Button>
      {isOpen && (
        <Dialog title={t('reportsTitle')} isOpen onClose={() => setOpen(false)}>
          <Reports />
        </Dialog>
      )}
    </>
  );
}

function Reports() {
  const t = useText('journal');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['audit-reports'],
    queryFn: ({ signal }) => call('listAuditReports', { signal }),
  });
  if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  if (data.items.length === 0) return <p>{t('reportsNone')}</p>;
  return (
    <>
      <p className="text-dim">{t('reportsText')}</p>
      <ul className="flex flex-col">
        {data.items.map((report) => (
          <li key={report.id} className="flex flex-wrap items-center justify-between gap-2 border-t border-line py-2">
            <Line report={report} />
          </li>
        ))}
      </ul>
    </>
  );
}

const monthOf = (begins: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(new Date(`${begins}T00:00:00Z`));

function Line({ report: { id, period, begins, events, warnings } }: { report: AuditReport }) {
  const t = useText('journal');
  const locale = useLocale();
  const title =
    period === 'MONTH' ? t('monthOf', { month: monthOf(begins, locale) }) : t('dayOf', { day: formatDate(begins, locale) });
  return (
    <>
      <div>
        <p>{title}</p>
        <p className="text-[13px] text-dim">
          {t('reportEvents', { count: events })}
          {warnings > 0 && ` · ${t('reportWarnings', { count: warnings })}`}
        </p>
      </div>
      <div className="flex gap-2">
        <a
          href={addressOf('/api/audit/reports/{id}/pdf', { id }, { locale })}
          download
          className={buttonClass('plain', 'small')}
          aria-label={t('asPdf', { of: title })}
        >
          <Download size={14} /> PDF
        </a>
        <a
          href={addressOf('/api/audit/reports/{id}/csv', { id }, {})}
          download
          className={buttonClass('plain', 'small')}
          aria-label={t('asCsv', { of: title })}
        >
          <Download size={14} /> CSV
        </a>
      </div>
    </>
  );
}
