import type { DeidHeldFile, DeidMask } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { ApiError, errorText } from '../../../api/error.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { heldChanged } from './queries.ts';

type Decision = NonNullable<DeidHeldFile['decision']>;

interface Props {
  readonly file: DeidHeldFile;
  readonly masks: readonly DeidMask[];
  readonly onDecided: () => void;
  /** Somebody else has decided: what they did is on its way, and what shows it is made anew. */
  readonly onStale: () => void;
}

/** Says what becomes of a file; who comes second is told, and sees what the other decided. */
function useDecide({ file, masks, onDecided, onStale }: Props, series: boolean) {
  const t = useText('deid');
  const [failure, setFailure] = useState<unknown>();
  const [pending, setPending] = useState<Decision>();
  const decide = async (decision: Decision): Promise<void> => {
    setPending(decision);
    setFailure(undefined);
    try {
      const body = { version: file.version, decision, masks: decision === 'MASKED' ? [...masks] : [], series };
      const { files } = await call('decideDeidHeld', { params: { id: file.id }, body });
      showToast(t('decidedFiles', { count: files }));
      onDecided();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'STALE_UPDATE') onStale();
      else setFailure(error);
    }
    setPending(undefined);
    heldChanged();
  };
  return { decide, failure, pending };
}

/** The three ways of a held file, for it alone or for all of its series of its size. */
export function DecisionBar(props: Props) {
  const t = useText('deid');
  const locale = useLocale();
  const [series, setSeries] = useState(false);
  const isOfFrame = props.masks.some(({ frame }) => frame !== undefined);
  // What the box shows, and nothing else.
  const isWhole = series && !isOfFrame;
  const { decide, failure, pending } = useDecide(props, isWhole);
  const act = (decision: Decision) => ({ isPending: pending === decision, onPress: () => void decide(decision) });
  return (
    <div className="flex flex-col gap-3">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <label className="flex min-h-8 items-center gap-2 text-sm coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={isWhole}
          disabled={isOfFrame}
          onChange={(event) => setSeries(event.target.checked)}
        />
        {t('wholeSeries')}
      </label>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" isDisabled={props.masks.length === 0} {...act('MASKED')}>
          {t('doMask')}
        </Button>
        <Button {...act('ACCEPTED')}>{t('doAccept')}</Button>
        <Button kind="quiet" {...act('LEFT_OUT')}>
          {t('doLeaveOut')}
        </Button>
      </div>
      <p className="text-[13px] text-dim">{t('decidedBy')}</p>
    </div>
  );
}
