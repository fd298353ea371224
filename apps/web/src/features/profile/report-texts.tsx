import { useQuery } from '@tanstack/react-query';
import { errorText } from '../../api/error.ts';
import { Phrases } from '../../entities/report-texts/phrases.tsx';
import { reportTextsQuery } from '../../entities/report-texts/queries.ts';
import { Templates } from '../../entities/report-texts/templates.tsx';
import { OWN } from '../../entities/report-texts/whose.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

/** One's own templates and abbreviations of reports. */
export function ReportTexts() {
  const t = useText('reports');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(reportTextsQuery);
  if (data === undefined)
    return error === null ? (
      <Skeleton width="100%" height={120} />
    ) : (
      <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
    );
  return (
    <>
      <Templates title={t('mine')} whose={OWN} items={data.templates} />
      <Phrases title={t('myPhrases')} whose={OWN} items={data.phrases} />
    </>
  );
}
