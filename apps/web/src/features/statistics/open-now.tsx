import type { DelayStatistics } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Numbers, Section } from './section.tsx';

/** Longer than this nothing should wait. */
const LONG_HOURS = 168;

/** What waits for a reader now, by urgency and by how long. */
export function OpenNow({ open }: { readonly open: DelayStatistics['open'] }) {
  const t = useText('activity');
  const locale = useLocale();
  const hours = open[0]?.older.map((one) => one.hours) ?? [];
  const head = { 24: t('over24'), 72: t('over72'), 168: t('over168'), 720: t('over720') };
  return (
    <Section
      title={t('openNow')}
      lead={t('openLead')}
      aside={
        <Link
          to="/app/worklist"
          search={{ status: 'TO_READ', sort: 'receivedAt' }}
          className="text-[13px] text-accent hover:underline print:hidden"
        >
          {t('openSee')}
        </Link>
      }
    >
      <Numbers
        label={t('openNow')}
        head={[t('by_URGENCY'), t('openAll'), ...hours.map((one) => head[one as keyof typeof head] ?? `${one} h`)]} // Looked up with a way out.
        rows={open.toReversed().map(({ urgency, all, older }) => ({
          key: urgency,
          name: t(urgency),
          cells: [
            formatNumber(all, locale),
            ...older.map(({ hours: over, studies }) => (
              <span key={over} className={studies > 0 && over >= LONG_HOURS ? 'font-semibold text-amber' : ''}>
                {studies > 0 && over >= LONG_HOURS && '! '}
                {formatNumber(studies, locale)}
              </span>
            )),
          ],
        }))}
      />
    </Section>
  );
}
