import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { ReportLoader, reportQuery } from './report.tsx';

/** The report of an earlier import. */
export function ReportPage() {
  const t = useText('imports');
  const common = useText('common');
  const locale = useLocale();
  const { id } = useParams({ from: '/app/imports/$id' });
  const { data, error } = useQuery(reportQuery(id));
  return (
    <>
      <PageHead
        width={PAGE}
        title={t('report')}
        aside={
          error === null && (
            <span className="tabular text-[13px] text-dim">
              {data === undefined ? (
                <Skeleton width={170} />
              ) : (
                `${formatInstant(data.createdAt, locale)} · ${data.status === 'DONE' && data.rejected > 0 ? t('doneRefused', { count: data.rejected }) : t(`status${data.status}`)}`
              )}
            </span>
          )
        }
      >
        <Link to="/app/import" search={{}} className={buttonClass('quiet')}>
          <ArrowLeft size={16} /> {common('back')}
        </Link>
      </PageHead>
      <Scroll>
        <ReportLoader id={id} />
      </Scroll>
    </>
  );
}
