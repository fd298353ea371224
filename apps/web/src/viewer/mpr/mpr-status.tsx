import { Layers, LoaderCircle, MemoryStick, Waypoints } from 'lucide-react';
import { Button, ProgressBar } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { MprSession, MprSnapshot } from '../engine/volume/index.ts';
import { buttonClass } from '../parts/controls.tsx';
import { RetryButton, Tile } from '../parts/tiles.tsx';
import { useMprWords } from './mpr-words.ts';

interface MprStatusProps {
  readonly mpr: MprSession | undefined;
  readonly snapshot: MprSnapshot;
  readonly onClose: () => void;
}

/** What stands in place of the planes: how the volume is getting on, or why there is none. */
export function MprStatus({ mpr, snapshot, onClose }: MprStatusProps) {
  const t = useText('viewer');
  const words = useMprWords();
  const { status, refusal, errorCode, failedNumber } = snapshot;
  const back = <CloseButton label={t('mpr.close')} onClose={onClose} />;
  if (status === 'loading') return <Loading {...{ snapshot, onClose }} />;
  if (status === 'phases') return <Phases {...{ mpr, snapshot, onClose }} />;
  if (status === 'refused' && refusal !== undefined) {
    return (
      <Tile icon={Layers} role="alert" title={t('mpr.refusedTitle')} text={`${words.refusal(refusal)} ${t('mpr.stays')}`}>
        {back}
      </Tile>
    );
  }
  if (status === 'tooLarge') {
    return (
      <Tile icon={MemoryStick} role="alert" title={t('mpr.refusedTitle')} text={`${words.tooLarge(snapshot)} ${t('mpr.stays')}`}>
        {back}
      </Tile>
    );
  }
  const reason = t(`error.${errorCode ?? 'SERVER'}`);
  return (
    <Tile
      icon={Layers}
      role="alert"
      title={t('mpr.refusedTitle')}
      text={failedNumber === undefined ? reason : t('mpr.failed', { number: failedNumber, reason })}
    >
      <RetryButton onPress={() => mpr?.open()} />
      {back}
    </Tile>
  );
}

function CloseButton({ label, onClose }: { readonly label: string; readonly onClose: () => void }) {
  return (
    <Button autoFocus className={`${buttonClass} mt-1 border border-(--ng-line) px-3 text-sm`} onPress={onClose}>
      {label}
    </Button>
  );
}

function Loading({ snapshot: { loaded, total }, onClose }: Omit<MprStatusProps, 'mpr'>) {
  const t = useText('viewer');
  return (
    <Tile icon={LoaderCircle} isBusy title={t('mpr.loading')} text={t('mpr.loadingText', { count: loaded, total })}>
      <ProgressBar aria-label={t('mpr.loadingLabel')} value={loaded} maxValue={Math.max(1, total)} className="w-64 max-w-full">
        {({ percentage = 0 }) => (
          <div className="h-1 w-full overflow-hidden rounded-full bg-(--ng-line)">
            <div className="h-full rounded-full bg-(--ng-accent)" style={{ width: `${percentage}%` }} />
          </div>
        )}
      </ProgressBar>
      <CloseButton label={t('mpr.cancel')} onClose={onClose} />
    </Tile>
  );
}

function Phases({ mpr, snapshot, onClose }: MprStatusProps) {
  const t = useText('viewer');
  const words = useMprWords();
  return (
    <Tile icon={Waypoints} title={t('mpr.phasesTitle')} text={t('mpr.phasesText')}>
      <ul className="flex max-h-[50vh] flex-col gap-1 overflow-auto">
        {snapshot.phases.map((phase) => (
          <li key={phase.marks.map(({ value }) => value).join('|')}>
            <Button
              className={`${buttonClass} w-full min-w-64 gap-6 border border-(--ng-line) px-3 text-(--ng-text) text-sm`}
              onPress={() => mpr?.open(phase)}
            >
              <span className="grow text-left">{words.phase(phase)}</span>
              <span className="text-(--ng-text-dim)">{t('mpr.phaseImages', { count: phase.frames.length })}</span>
            </Button>
          </li>
        ))}
      </ul>
      <CloseButton label={t('mpr.close')} onClose={onClose} />
    </Tile>
  );
}
