import { canApply, type PresentationState } from '@negatoscope/dicom';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { isSameStudy } from '../annotations/kept-edit.ts';
import type { Pane } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { FrameModel } from '../model/study-model.ts';
import { Section } from '../panel/section.tsx';
import type { FrameTarget } from '../panel/use-jump.ts';
import { buttonClass } from '../parts/controls.tsx';
import { usePaneValue } from '../parts/use-pane-snapshot.ts';
import { firstIndexOf, type OfferedState, type StatesOffer } from './offered.ts';
import { useStateWords } from './state-words.ts';

interface StatesSectionProps {
  readonly offer: StatesOffer;
  /** The active pane. */
  readonly pane: Pane | undefined;
  readonly study: StudyRef;
  readonly onJump: (target: FrameTarget) => void;
}

/** Chooses a state for the active pane, which is first given its images where it shows others. */
function useChoosing(pane: Pane | undefined, onJump: StatesSectionProps['onJump']) {
  const series = usePaneValue(pane, (snapshot) => snapshot.series);
  const [waiting, setWaiting] = useState<PresentationState>();
  useEffect(() => {
    if (waiting === undefined || pane === undefined || firstIndexOf(waiting, series) < 0) return;
    pane.showState(waiting);
    setWaiting(undefined);
  }, [waiting, pane, series]);
  const choose = (state: PresentationState): void => {
    const first = firstIndexOf(state, series);
    const [reference] = state.references;
    // What was chosen before counts no more, should its images come yet.
    setWaiting(undefined);
    if (first >= 0) {
      pane?.showState(state);
      if (pane?.getSnapshot().stateStanding === 'elsewhere') pane.goTo(first);
    } else if (reference?.seriesInstanceUid !== undefined) {
      const { seriesInstanceUid, sopInstanceUid, frames } = reference;
      onJump({ seriesInstanceUid, sopInstanceUid, frame: frames[0] ?? 1 });
      setWaiting(state);
    }
  };
  return { series, choose };
}

/** The presentation states of the desk: each by name, maker and date, and what of it is not followed. None is applied until somebody asks for it. */
export function StatesSection({ offer, pane, study, onJump }: StatesSectionProps) {
  const t = useText('viewer');
  const chosen = usePaneValue(pane, ({ state }) => state);
  const { series, choose } = useChoosing(pane, onJump);
  const { states, failed, isLoading } = offer;
  if (states.length === 0 && failed.length === 0 && !isLoading) return null;
  return (
    <Section title={t('states.title')}>
      <div className="flex flex-col gap-1 text-sm" data-testid="states">
        {states.map((offered) => (
          <Row
            key={offered.state.sopInstanceUid}
            {...{ offered, choose }}
            isChosen={chosen?.sopInstanceUid === offered.state.sopInstanceUid}
            frame={series?.frames[Math.max(0, firstIndexOf(offered.state, series))]}
            isHere={firstIndexOf(offered.state, series) >= 0}
            canJump={isSameStudy(offered.study, study)}
            onBack={() => pane?.showState(undefined)}
          />
        ))}
        {isLoading && <p role="status">{t('layers.loading')}</p>}
        {failed.map((title, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: series may be called alike.
          <p key={index} className="text-(--ng-amber) text-xs">{`${title ?? t('series.unnamed')} : ${t('layers.failed')}`}</p>
        ))}
      </div>
    </Section>
  );
}

interface RowProps {
  readonly offered: OfferedState;
  readonly isChosen: boolean;
  /** It is for images of the series that the pane shows. */
  readonly isHere: boolean;
  readonly canJump: boolean;
  /** The first that it is for. */
  readonly frame: FrameModel | undefined;
  readonly choose: (state: PresentationState) => void;
  readonly onBack: () => void;
}

function Row({ offered: { state }, isChosen, isHere, canJump, frame, choose, onBack }: RowProps) {
  const t = useText('viewer');
  const words = useStateWords();
  const isPossible = canApply(state) && (isHere || canJump);
  const parts = [words.label(state), words.made(state)].filter(Boolean).join(' · ');
  return (
    <div className={`rounded border ${isChosen ? 'border-(--ng-accent)' : 'border-transparent'}`}>
      <Button
        isDisabled={!isPossible}
        aria-pressed={isChosen}
        className={`${buttonClass} w-full flex-col items-start gap-0 px-2 py-1 text-left text-(--ng-text)`}
        onPress={() => (isChosen ? onBack() : choose(state))}
      >
        <span className="max-w-full break-words">{words.name(state)}</span>
        <span className="max-w-full break-words text-(--ng-text-dim) text-xs">{parts}</span>
        {!isHere && canApply(state) && <span className="text-(--ng-text-dim) text-xs">{t('states.otherImages')}</span>}
      </Button>
      {words.notes(state, isHere ? frame : undefined).map((note) => (
        <p key={note} className="px-2 pb-1 text-(--ng-amber) text-xs">
          {note}
        </p>
      ))}
    </div>
  );
}
