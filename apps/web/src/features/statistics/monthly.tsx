import type { MonthlyTable } from '@negatoscope/contract';
import { MONTHLY_MEASURES } from '@negatoscope/contract/screening';
import { useQuery } from '@tanstack/react-query';
import { FileDown } from 'lucide-react';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { timeZone } from '../../entities/statistics/queries.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Numbers, Section } from './section.tsx';
import { modelOf, siteText } from './words.ts';

interface MonthlyProps {
  readonly model: string | undefined;
  readonly site: string | undefined;
  readonly month: string;
}

/** What a programme is told each month: sums here, sexes and ages in its files. */
export function Monthly({ model, site, month }: MonthlyProps) {
  const t = useText('statistics');
  const locale = useLocale();
  const query = { month, site, timeZone: timeZone(), ...(model === undefined ? {} : modelOf(model)) };
  const { data, error, refetch } = useQuery({
    queryKey: ['statistics', 'monthly', query],
    queryFn: ({ signal }) => call('monthlyTable', { query, signal }),
  });
  return (
    <Section title={t('monthly')} lead={t('monthlyLead')}>
      <div className="mb-3 flex flex-wrap gap-2">
        {(['pdf', 'csv'] as const).flatMap((form) =>
          (['fr', 'en'] as const).map((language) => (
            <a
              key={`${form}${language}`}
              href={addressOf(`/api/stats/screening/monthly/${form}`, {}, { ...query, locale: language })}
              download
              className={buttonClass('plain', 'small')}
            >
              <FileDown size={15} /> {t(form, { language: t(language === 'fr' ? 'french' : 'english') })}
            </a>
          )),
        )}
      </div>
      {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton width="100%" height={90} />}
      {data !== undefined && <Sums table={data} />}
    </Section>
  );
}

function Sums({ table }: { readonly table: MonthlyTable }) {
  const t = useText('statistics');
  const locale = useLocale();
  if (table.sites.length === 0) return <p className="text-dim">{t('monthlyEmpty')}</p>;
  const rowOf = (key: string, name: string, sites: MonthlyTable['sites']) => ({
    ...{ key, name },
    cells: MONTHLY_MEASURES.map((measure) => {
      const cells = sites.flatMap((site) => site.cells).filter((cell) => cell.measure === measure);
      return formatNumber(
        cells.reduce((total, { n }) => total + n, 0),
        locale,
      );
    }),
  });
  return (
    <>
      {table.hidden > 0 && <p className="mb-2 text-[13px] text-dim">{t('hiddenNote', { count: table.hidden })}</p>}
      <Numbers
        label={t('monthly')}
        head={[t('site'), ...MONTHLY_MEASURES.map((measure) => t(`measure_${measure}`))]}
        rows={[
          ...table.sites.map((site) => {
            const key = site.siteId ?? 'none';
            return rowOf(key, siteText({ key, name: site.name }, t), [site]);
          }),
          ...(table.sites.length > 1 ? [rowOf('all', t('allSites'), table.sites)] : []),
        ]}
      />
    </>
  );
}
