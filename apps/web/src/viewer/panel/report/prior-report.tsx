import type { Prior } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { formatDate } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { refOf } from '../../model/beside.ts';
import { Fold } from '../prediction/said.tsx';
import { Coming, Nothing } from '../section.tsx';
import { Signed } from './signed-report.tsx';
import { reportQuery } from './use-report.ts';

/** What was signed of the prior that is best compared, beside what is written. */
export function PriorReport({ prior }: { readonly prior: Prior }) {
  const t = useText('viewer');
  const locale = useLocale();
  const date = formatDate(prior.studyDate, locale) || t('panel.undated');
  return <Fold title={t('report.priorReport', { date })}>{() => <Said prior={prior} />}</Fold>;
}

function Said({ prior }: { readonly prior: Prior }) {
  const t = useText('viewer');
  const study = refOf(prior);
  const { data, isError } = useQuery(reportQuery(study));
  if (isError) return <Nothing>{t('report.loadFailed')}</Nothing>;
  if (data === undefined) return <Coming />;
  const [latest] = data.versions;
  return latest === undefined ? <Nothing>{t('report.noPriorReport')}</Nothing> : <Signed study={study} report={latest} />;
}
