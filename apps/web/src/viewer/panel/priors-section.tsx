import type { Prior } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Columns2, History, UserX } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { refOf } from '../model/beside.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { priorsQuery } from '../model/priors.ts';
import { IconButton } from '../parts/controls.tsx';
import { PanelButton } from './reading-section.tsx';
import { Nothing, Section } from './section.tsx';
import { distanceOf, timelineOf } from './timeline.ts';

interface PriorsSectionProps {
  readonly study: StudyRef;
  /** Date of the study that is read, `YYYY-MM-DD`. */
  readonly date: string | undefined;
  readonly onOpen: ((study: StudyRef) => void) | undefined;
  /** Hangs a study beside the one that is read; undefined where nothing hangs beside. */
  readonly onHang: ((study: StudyRef) => void) | undefined;
}

/** Other studies of the patient along their dates, the newest first; those that are best compared stand out. */
export function PriorsSection({ study, date, onOpen, onHang }: PriorsSectionProps) {
  const t = useText('viewer');
  const { data, isError, refetch } = useQuery(priorsQuery(study));
  return (
    <Section title={t('panel.priors')} aside={data !== undefined && <Count count={data.items.length} isWhole={data.isWhole} />}>
      {isError && (
        <Nothing>
          {t('panel.priorsFailed')} <PanelButton text={t('actions.retry')} onPress={() => void refetch()} />
        </Nothing>
      )}
      {data === undefined && !isError && <Skeleton />}
      {data?.items.length === 0 && <Nothing>{t('panel.noPriors')}</Nothing>}
      {data !== undefined && data.items.length > 0 && (
        <ol className="relative ml-1.5 border-(--ng-line) border-l">
          {timelineOf(data.items).map((prior) => (
            <PriorRow key={prior.id} {...{ prior, date, onOpen, onHang }} />
          ))}
        </ol>
      )}
    </Section>
  );
}

const Count = ({ count, isWhole }: { readonly count: number; readonly isWhole: boolean }) => (
  <span className="text-(--ng-text-dim) text-xs tabular-nums">{isWhole ? count : `${count}+`}</span>
);

const Skeleton = () => (
  <div aria-hidden className="flex flex-col gap-2">
    {[0, 1].map((line) => (
      <div key={line} className="h-9 rounded bg-(--ng-surface-2)" />
    ))}
  </div>
);

interface PriorRowProps extends Omit<PriorsSectionProps, 'study'> {
  readonly prior: Prior;
}

function PriorRow({ prior, date, onOpen, onHang }: PriorRowProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const when = formatDate(prior.studyDate, locale) || t('panel.undated');
  const isBest = prior.rank === 1 && prior.isComparable;
  const what = [textOfFile(prior.modalities.join(' + ')), textOfFile(prior.description) || textOfFile(prior.bodyParts.join(', '))]
    .filter(Boolean)
    .join(' · ');
  return (
    <li className="relative pl-3">
      <span
        aria-hidden
        className={`absolute top-3.5 -left-[5px] size-2.5 rounded-full border-2 border-(--ng-surface) ${
          prior.isComparable ? 'bg-(--ng-accent)' : 'bg-(--ng-line)'
        }`}
      />
      <div className="flex items-center gap-1">
        <Button
          data-testid="prior"
          data-rank={prior.rank}
          isDisabled={onOpen === undefined}
          className="ng-viewer-target flex min-w-0 grow cursor-pointer flex-col items-start rounded px-1.5 py-1 text-left outline-none data-hovered:bg-(--ng-surface-2) data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent)"
          onPress={() => onOpen?.(refOf(prior))}
        >
          <span className="flex w-full flex-wrap items-baseline justify-between gap-x-2 text-sm">
            <span className="shrink-0 tabular-nums">{when}</span>
            <Distance from={date} to={prior.studyDate} />
          </span>
          <span className="w-full truncate text-(--ng-text-dim) text-xs" title={what}>
            {what}
          </span>
          <Marks prior={prior} isBest={isBest} />
        </Button>
        {onHang !== undefined && (
          <IconButton icon={Columns2} label={t('panel.hang', { date: when })} onPress={() => onHang(refOf(prior))} />
        )}
      </div>
    </li>
  );
}

function Distance({ from, to }: { readonly from: string | undefined; readonly to: string | null }) {
  const t = useText('viewer');
  const distance = distanceOf(from, to ?? undefined);
  if (distance === undefined) return null;
  const text =
    distance.unit === 'same' ? t('panel.sameDay') : t(`panel.${distance.way}_${distance.unit}`, { count: distance.count });
  return <span className="shrink-0 text-(--ng-text-dim) text-xs">{text}</span>;
}

/** Why it stands out, or why to beware, in words beside a sign. */
function Marks({ prior, isBest }: { readonly prior: Prior; readonly isBest: boolean }) {
  const t = useText('viewer');
  const isStrange = prior.reasons.includes('OTHER_IDENTITY');
  const isLater = prior.reasons.includes('LATER');
  const isOtherSide = prior.reasons.includes('OTHER_SIDE');
  if (!isBest && !isStrange && !isLater && !isOtherSide) return null;
  return (
    <span className="flex flex-wrap gap-x-2 text-xs">
      {isBest && <span className="text-(--ng-accent)">{t('panel.best')}</span>}
      {isOtherSide && <span className="text-(--ng-amber)">{t('panel.otherSide')}</span>}
      {isLater && (
        <span className="flex items-center gap-1 text-(--ng-info)">
          <History size={12} aria-hidden />
          {t('panel.later')}
        </span>
      )}
      {isStrange && (
        <span className="flex items-center gap-1 text-(--ng-amber)">
          <UserX size={12} aria-hidden />
          {t('panel.otherIdentity')}
        </span>
      )}
    </span>
  );
}
