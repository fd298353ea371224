import type { AgreementRow, Rate } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { addressOf } from '../../api/address.ts';
import { agreementQuery, timeZone } from '../../entities/statistics/queries.ts';
import { formatNumber, formatShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Found } from './found.tsx';
import { Numbers, Section } from './section.tsx';
import { daysOf, modelOf, periodText, type Search } from './words.ts';

/** Predictions against what physicians decided, by model version and month: of the chosen days, a year at least by default. */
export function AgreementCard({ search }: { readonly search: Search }) {
  const t = useText('activity');
  const which = search.model === undefined ? {} : modelOf(search.model);
  const query = { ...daysOf(search.range ?? 'year'), ...which, site: search.site };
  const asked = useQuery({ ...agreementQuery(query), placeholderData: keepPreviousData });
  return (
    <div className="mt-4">
      <Section
        title={t('agreement')}
        lead={t('agreementLead')}
        aside={
          <a
            href={addressOf('/api/stats/agreement/csv', {}, { ...query, timeZone: timeZone() })}
            download
            className={`${buttonClass('plain', 'small')} print:hidden`}
          >
            <Download size={14} /> {t('agreementCsv')}
          </a>
        }
      >
        <Found asked={asked} waiting={<Skeleton width="100%" height={90} />}>
          {({ rows }) => (rows.length === 0 ? <p className="text-dim">{t('agreementEmpty')}</p> : <Rows rows={rows} />)}
        </Found>
      </Section>
    </div>
  );
}

const modelName = ({ modelName: name, modelVersion }: AgreementRow): string => `${name} ${modelVersion}`;

function Rows({ rows }: { readonly rows: readonly AgreementRow[] }) {
  const t = useText('activity');
  const locale = useLocale();
  const number = (value: number): string => formatNumber(value, locale);
  const whole = rows.filter(({ month }) => month === null);
  const hidden = whole.reduce((sum, row) => sum + row.hidden, 0);
  const undecided = whole.reduce((sum, row) => sum + row.undecided, 0);
  return (
    <>
      <div className="mb-3 grid gap-3 md:grid-cols-2">
        {whole.map((row) => (
          <TwoByTwo key={modelName(row)} row={row} />
        ))}
      </div>
      <Numbers
        label={t('agreement')}
        head={[
          ...[t('model'), t('month'), t('bothSuspect'), t('onlyModel'), t('onlyPhysician'), t('neither'), t('rejected')],
          ...[t('sensitivity'), t('specificity')],
        ]}
        rows={rows.map((row) => ({
          key: `${modelName(row)} ${row.month}`,
          name: modelName(row),
          cells: [
            row.month === null ? t('allMonths') : periodText(`${row.month}-01`, 'MONTH', locale),
            ...[row.table.bothSuspect, row.table.onlyFirst, row.table.onlySecond, row.table.neither, row.rejected].map(number),
            <RateCell key="sensitivity" rate={row.accuracy.sensitivity} />,
            <RateCell key="specificity" rate={row.accuracy.specificity} />,
          ],
        }))}
      />
      {hidden > 0 && <p className="mt-2 text-[13px] text-dim">{t('agreementHidden', { count: hidden })}</p>}
      {undecided > 0 && <p className="mt-2 text-[13px] text-dim">{t('agreementUndecided', { count: undecided })}</p>}
    </>
  );
}

function RateCell({ rate: { rate, count, of } }: { readonly rate: Rate }) {
  const t = useText('activity');
  const locale = useLocale();
  if (rate === null) return <span className="text-dim">–</span>;
  const [low, high] = [formatShare(rate.low, locale), formatShare(rate.high, locale)];
  return (
    <>
      {formatShare(rate.share, locale)}
      <span className="block text-[12px] text-dim">{t('ofRate', { low, high, count, of })}</span>
    </>
  );
}

/** The four numbers of a model version as the table that they are. */
function TwoByTwo({ row }: { readonly row: AgreementRow }) {
  const t = useText('activity');
  const locale = useLocale();
  const { table } = row;
  const lines = [
    [t('modelSays'), table.bothSuspect, table.onlyFirst],
    [t('modelDenies'), table.onlySecond, table.neither],
  ] as const;
  return (
    <table className="tabular w-full rounded-lg border border-line text-[13px]">
      <caption className="pb-1 text-left font-medium">{t('tableOf', { model: modelName(row) })}</caption>
      <thead>
        <tr className="border-b border-line text-dim">
          <td className="px-3 py-1.5" />
          <th scope="col" className="px-3 py-1.5 text-right font-medium">
            {t('physicianSays')}
          </th>
          <th scope="col" className="px-3 py-1.5 text-right font-medium">
            {t('physicianDenies')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([name, yes, no]) => (
          <tr key={name} className="border-b border-line/70 last:border-0">
            <th scope="row" className="px-3 py-1.5 text-left font-medium">
              {name}
            </th>
            <td className="px-3 py-1.5 text-right">{formatNumber(yes, locale)}</td>
            <td className="px-3 py-1.5 text-right">{formatNumber(no, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
