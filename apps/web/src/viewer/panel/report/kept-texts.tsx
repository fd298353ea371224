import type { ReportEdit } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { Fold } from '../prediction/said.tsx';
import { PanelButton } from '../reading-section.tsx';
import { Coming, Nothing } from '../section.tsx';

interface KeptTextsProps {
  readonly study: StudyRef;
  /** What is written now: with it the list is asked for anew. */
  readonly version: number;
  readonly onTake: (edit: ReportEdit) => void;
}

/** Every text that was kept of the report, to be taken up again. */
export function KeptTexts(props: KeptTextsProps) {
  const t = useText('viewer');
  return <Fold title={t('report.kept')}>{() => <Texts {...props} />}</Fold>;
}

function Texts({ study: { studyInstanceUid, groupId }, version, onTake }: KeptTextsProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const { data, error } = useQuery({
    queryKey: ['report-edits', studyInstanceUid, groupId ?? '', version],
    queryFn: ({ signal }) => call('listReportEdits', { params: { studyInstanceUid }, query: { groupId }, signal }),
  });
  if (error !== null) return <Nothing>{errorText(error, locale)}</Nothing>;
  if (data === undefined) return <Coming />;
  if (data.items.length === 0) return <Nothing>{t('report.noKept')}</Nothing>;
  return (
    <ul className="flex flex-col gap-2">
      {data.items.map((one) => (
        <li key={one.editId} className="flex flex-col gap-1">
          <span className="text-(--ng-text-dim)">
            {t('report.keptBy', { name: one.author?.name ?? t('report.somebody'), at: formatInstant(one.at, locale) })}
            {one.version === null && ` · ${t('report.keptRefused')}`}
          </span>
          <span className="line-clamp-3 whitespace-pre-wrap break-words">
            {[one.sections.impression, one.sections.findings].filter(Boolean).join('\n')}
          </span>
          <span>
            <PanelButton text={t('report.takeUp')} onPress={() => onTake(one)} />
          </span>
        </li>
      ))}
    </ul>
  );
}
