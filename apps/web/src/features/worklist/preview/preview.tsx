import type { Study } from '@negatoscope/contract';
import { X } from 'lucide-react';
import { LabelChips } from '../../../entities/study/labels.tsx';
import { PriorMark, UrgencyMark } from '../../../entities/study/urgency.tsx';
import { useAssigneeName } from '../../../entities/study/work-menu.tsx';
import { formatDate, formatInstant, formatName, formatTime } from '../../../i18n/format.ts';
import { useAge, useLocale, useText } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { Modalities } from '../../../ui/bits.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Status } from '../../../ui/status.tsx';
import { useDebounced } from '../../../ui/use-debounced.ts';
import { PreviewPriors } from './priors.tsx';
import { PreviewReport } from './report.tsx';
import { PreviewThumbnails } from './thumbnails.tsx';

interface PreviewProps {
  readonly study: Study | undefined;
  readonly onOpen: (study: Study) => void;
  readonly onClose: () => void;
}

/** A study beside the list: its header, a picture of each series, what was made before and what was reported. */
export function Preview({ study, onOpen, onClose }: PreviewProps) {
  const t = useText('worklist');
  // Who runs down the list with the keys asks for none of the rows between.
  const shown = useDebounced(study);
  return (
    <aside
      aria-label={t('preview')}
      className="flex w-[400px] shrink-0 flex-col overflow-auto border-l border-line bg-surface/50"
    >
      <div className="flex items-start justify-between gap-3 px-5 pt-4">
        <h2 className="min-w-0 text-base font-semibold break-words">
          {shown === undefined ? t('preview') : <Name study={shown} />}
        </h2>
        <span className="flex shrink-0 gap-1">
          {shown !== undefined && (
            <Button size="small" kind="primary" onPress={() => onOpen(shown)}>
              {t('previewOpen')}
            </Button>
          )}
          <IconButton label={t('previewHide')} onPress={onClose}>
            <X size={16} />
          </IconButton>
        </span>
      </div>
      {shown === undefined ? (
        <p className="px-5 py-4 text-dim">{t('previewNone')}</p>
      ) : (
        <div className="flex flex-col gap-5 px-5 pt-2 pb-6">
          <Facts study={shown} />
          <PreviewThumbnails study={shown} />
          <PreviewReport study={shown} />
          <PreviewPriors study={shown} />
        </div>
      )}
    </aside>
  );
}

function Name({ study }: { study: Study }) {
  const common = useText('common');
  return <>{formatName(study.patient) || common('noName')}</>;
}

function Facts({ study }: { study: Study }) {
  const t = useText('worklist');
  const locale = useLocale();
  const age = useAge();
  const assignee = useAssigneeName()(study);
  const when = [formatDate(study.studyDate, locale), formatTime(study.studyTime)].filter(Boolean).join(' ');
  return (
    <div className="tabular flex flex-col gap-1.5 text-[13px]">
      <p className="text-dim">
        {[age(study.patient.birthDate, study.studyDate), study.patient.recordNumber, textOfFile(study.accessionNumber)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="flex flex-wrap items-center gap-2">
        <Modalities list={study.modalities} />
        <span className="font-medium">{textOfFile(study.description)}</span>
      </p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Status status={study.status} />
        <UrgencyMark urgency={study.urgency} />
        <PriorMark study={study} />
        {assignee !== '' && <span className="text-dim">{`${t('assignee')} : ${assignee}`}</span>}
      </p>
      <p className="text-dim">
        {[when, t('received', { when: formatInstant(study.receivedAt, locale) })].filter(Boolean).join(' · ')}
      </p>
      <LabelChips labels={study.labels} most={6} />
    </div>
  );
}
