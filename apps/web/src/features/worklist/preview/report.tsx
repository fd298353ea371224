import type { Study } from '@negatoscope/contract';
import { REPORT_SECTIONS } from '@negatoscope/contract/report-sections';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../api/client.ts';
import { useCan } from '../../../api/me.ts';
import { placeOf } from '../../../entities/study/place.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';

/** The signed report's findings and impression; drafts are not shown here. */
export function PreviewReport({ study }: { study: Study }) {
  const t = useText('worklist');
  const locale = useLocale();
  const can = useCan();
  const mayRead = can('reports.read') && can('patients.identity');
  const { studyInstanceUid } = study;
  const { groupId } = placeOf(study);
  const { data } = useQuery({
    queryKey: ['report', 'preview', studyInstanceUid, groupId],
    queryFn: ({ signal }) => call('getReport', { params: { studyInstanceUid }, query: { groupId }, signal }),
    enabled: mayRead,
  });
  if (!mayRead) return null;
  const [latest] = data?.versions ?? [];
  return (
    <section>
      <h3 className="mb-1 text-[13px] font-medium text-dim">{t('previewReport')}</h3>
      {data !== undefined && latest === undefined && <p className="text-[13px] text-dim">{t('previewNoReport')}</p>}
      {latest !== undefined && !latest.isOfOtherPatient && (
        <>
          {REPORT_SECTIONS.slice(-2).map((name) => (
            <p key={name} className="mb-2 line-clamp-[12] text-[13px] whitespace-pre-wrap">
              {latest.content.sections[name]}
            </p>
          ))}
          <p className="text-[12px] text-dim">
            {[latest.content.signedBy.name, formatInstant(latest.content.signedAt, locale)].filter(Boolean).join(' · ')}
          </p>
        </>
      )}
    </section>
  );
}
