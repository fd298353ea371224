import { Eye, RotateCcw, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { buttonClass } from '../parts/controls.tsx';
import { DESK_KEYS, keyName } from '../parts/desk-keys.ts';
import { changedSince } from './changed.ts';
import { type StatesOffer, stateAfter, statesOn } from './offered.ts';
import { useStateWords } from './state-words.ts';

interface StateChipProps {
  readonly offer: StatesOffer;
  readonly pane: Pick<Pane, 'showState' | 'display'> | undefined;
  readonly snapshot: PaneSnapshot;
}

const PLACE = 'absolute top-24 right-2 flex max-w-[70%] flex-wrap items-center justify-end gap-x-1 rounded bg-black/85 text-xs';

/** That the picture is not as it was made, and the way back; or that somebody has left another view of it. */
export function StateChip({ offer, pane, snapshot }: StateChipProps) {
  const t = useText('viewer');
  const { state, stateStanding, status } = snapshot;
  if (status !== 'ready') return null;
  if (state !== undefined)
    return <Chosen {...{ pane, state, stateStanding }} frame={snapshot.frame} isChanged={changedSince(snapshot)} />;
  const count = statesOn(offer, snapshot).length;
  if (count === 0) return null;
  return (
    <Button
      className={`${buttonClass} ${PLACE} min-h-7 px-2 text-(--ng-text-dim)`}
      aria-keyshortcuts="Shift+P"
      onPress={() => pane?.showState(stateAfter(offer, snapshot))}
    >
      <Eye size={14} aria-hidden className="shrink-0" />
      {t('states.offered', { count })}
      <kbd className="hidden rounded border border-(--ng-line) px-1 font-mono @md:inline">{keyName(t, DESK_KEYS.states)}</kbd>
    </Button>
  );
}

type ChosenProps = Pick<StateChipProps, 'pane'> & {
  readonly state: NonNullable<PaneSnapshot['state']>;
  readonly stateStanding: PaneSnapshot['stateStanding'];
  readonly frame: PaneSnapshot['frame'];
  readonly isChanged: boolean;
};

function Chosen({ pane, state, stateStanding, frame, isChanged }: ChosenProps) {
  const t = useText('viewer');
  const words = useStateWords();
  const isWhole = stateStanding === 'applied';
  const notes = words.notes(state, frame);
  return (
    <div
      role="status"
      data-testid="state-chip"
      className={`${PLACE} py-0.5 pr-0.5 pl-2 ${isWhole && !isChanged ? 'text-(--ng-accent)' : 'text-(--ng-amber)'}`}
    >
      <div className="flex min-w-0 flex-col">
        <span className="truncate">{words.name(state)}</span>
        {stateStanding !== undefined && !isWhole && <span>{t(`states.standing.${stateStanding}`)}</span>}
        {isWhole && notes.length > 0 && (
          <span className="text-(--ng-amber)" title={notes.join('\n')}>
            {t('states.partly', { count: notes.length })}
          </span>
        )}
      </div>
      {isChanged && (
        <Button className={`${buttonClass} min-h-7 gap-1 px-2 text-(--ng-amber)`} onPress={() => pane?.display.reset()}>
          <RotateCcw size={14} aria-hidden className="shrink-0" />
          {t('states.changed')}
        </Button>
      )}
      <Button aria-label={t('states.back')} className={`${buttonClass} size-7`} onPress={() => pane?.showState(undefined)}>
        <X size={15} aria-hidden />
      </Button>
    </div>
  );
}
