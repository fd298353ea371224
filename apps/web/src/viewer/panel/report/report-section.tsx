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
import { Editor, type EditorProps } from './editor.tsx';
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
  const { report, isError, refetch, mayRead, keeper, keeping } = useReport(study);
  if (!mayRead) return null;
  return (
    <Section title={t('report.title')}>
      <div className="flex flex-col items-start gap-2" data-testid="report">
        {isError && (
          <Nothing>
            {t('report.loadFailed')} <PanelButton text={t('report.retry')} onPress={() => void refetch()} />
          </Nothing>
        )}
        {report === undefined && !isError && <Coming />}
        {report !== undefined && <SignedVersions study={study} versions={report.versions} />}
        {report?.isDraftHidden === true && <Nothing>{t('report.hidden')}</Nothing>}
        {report !== undefined && report.versions.length === 0 && !isWriting && !report.isDraftHidden && (
          <Nothing>{t(keeper === undefined ? 'report.none' : 'report.noneToWrite')}</Nothing>
        )}
        {report !== undefined && !report.isDraftHidden && keeper !== undefined && keeping !== undefined && (
          <Writing {...{ study, keeper, keeping, report, isWriting, onWriting, ask: refetch, ...source }} />
        )}
      </div>
    </Section>
  );
}

type WritingProps = ReportSectionProps & Pick<EditorProps, 'keeper' | 'keeping' | 'report' | 'ask'>;

/** The way to write, and where one does. */
function Writing({ isWriting, onWriting, ask, ...source }: WritingProps) {
  const { study, report, keeper, keeping } = source;
  const t = useText('viewer');
  const can = useCan();
  const queries = useQueryClient();
  const [hasSigned, setHasSigned] = useState(false);
  const { items: predictions } = usePredictions(study, can('predictions.read') && isWriting);
  const { data: priors } = useQuery({ ...priorsQuery(study), enabled: isWriting });
  const prior = priors?.items.find(({ isComparable }) => isComparable);
  const [latest] = report.versions;
  const amended = keeping.version > 0 ? undefined : latest;
  const begin = (): void => {
    if (amended !== undefined) {
      const { sections, language, template } = amended.content;
      keeper.replace({ sections, language, template });
    }
    setHasSigned(false);
    onWriting(true);
  };
  const ended = (): void => {
    setHasSigned(true);
    onWriting(false);
    void queries.invalidateQueries({ queryKey: reportQuery(study).queryKey });
  };
  if (!isWriting || hasSigned)
    return <PanelButton icon={PenLine} text={t(amended === undefined ? 'report.write' : 'report.amend')} onPress={begin} />;
  return (
    <>
      <Editor {...{ ...source, predictions, prior, ask }} onSigned={ended} />
      <PanelButton text={t('report.close')} onPress={() => onWriting(false)} />
    </>
  );
}
