import { useQuery, useQueryClient } from '@tanstack/react-query';
import { PenLine } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../../api/me.ts';
import { useText } from '../../../i18n/index.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { priorsQuery } from '../../model/priors.ts';
import { usePredictions } from '../prediction/use-predictions.ts';
import { PanelButton } from '../reading-section.tsx';
import { Coming, Nothing, Section } from '../section.tsx';
import { Editor } from './editor.tsx';
import type { PrefillSource } from './prefill.ts';
import { SignedVersions } from './signed-report.tsx';
import { reportQuery, useReport } from './use-report.ts';

interface ReportSectionProps extends Pick<PrefillSource, 'items' | 'linesOf' | 'placeOf' | 'keyFrames'> {
  readonly study: StudyRef;
  /** Whom the images name. */
  readonly patient: string | undefined;
  /** While somebody writes the panel is wider. */
  readonly isWriting: boolean;
  readonly onWriting: (isWriting: boolean) => void;
}

/** The report: what was signed, and what is being written. */
export function ReportSection({ study, isWriting, onWriting, ...source }: ReportSectionProps) {
  const t = useText('viewer');
  const can = useCan();
  const queries = useQueryClient();
  const [hasSigned, setHasSigned] = useState(false);
  const { report, isError, refetch, mayRead, keeper, keeping } = useReport(study);
  const { items: predictions } = usePredictions(study, can('predictions.read') && isWriting);
  const { data: priors } = useQuery({ ...priorsQuery(study), enabled: isWriting });
  if (!mayRead) return null;
  const prior = priors?.items.find(({ isComparable }) => isComparable);
  const begun = keeping !== undefined && keeping.version > 0;
  return (
    <Section title={t('report.title')}>
      <div className="flex flex-col items-start gap-2" data-testid="report">
        {isError && (
          <Nothing>
            {t('report.loadFailed')} <PanelButton text={t('report.retry')} onPress={() => void refetch()} />
          </Nothing>
        )}
        {report === undefined && !isError && <Coming />}
        {report !== undefined && <SignedVersions versions={report.versions} />}
        {report?.isDraftHidden === true && <Nothing>{t('report.hidden')}</Nothing>}
        {report !== undefined && report.versions.length === 0 && !isWriting && !report.isDraftHidden && (
          <Nothing>{t(keeper === undefined ? 'report.none' : 'report.noneToWrite')}</Nothing>
        )}
        {report !== undefined && !report.isDraftHidden && keeper !== undefined && keeping !== undefined && (
          <>
            {(!isWriting || hasSigned) && (
              <PanelButton
                icon={PenLine}
                text={t(report.versions.length > 0 && !begun ? 'report.amend' : 'report.write')}
                onPress={() => {
                  const [latest] = report.versions;
                  if (latest !== undefined && !begun)
                    keeper.replace({
                      ...{ sections: latest.content.sections, language: latest.content.language },
                      template: latest.content.template,
                    });
                  setHasSigned(false);
                  onWriting(true);
                }}
              />
            )}
            {isWriting && !hasSigned && (
              <Editor
                {...{ study, keeper, keeping, report, predictions, prior, ...source }}
                ask={refetch}
                onSigned={() => {
                  setHasSigned(true);
                  onWriting(false);
                  void queries.invalidateQueries({ queryKey: reportQuery(study).queryKey });
                }}
              />
            )}
            {isWriting && !hasSigned && <PanelButton text={t('report.close')} onPress={() => onWriting(false)} />}
          </>
        )}
      </div>
    </Section>
  );
}
