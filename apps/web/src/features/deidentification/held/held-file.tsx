import type { DeidHeldFile, DeidHeldSeries, DeidMask, DeidRectangle } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pictureAddress } from '../../../entities/deid/picture-address.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { DecisionBar } from './decision-bar.tsx';
import { MaskCanvas } from './mask-canvas.tsx';
import { MaskList } from './mask-list.tsx';
import { unmasked, within } from './mask-rules.ts';
import { suspectedQuery } from './queries.ts';

interface Props {
  readonly series: DeidHeldSeries;
  readonly file: DeidHeldFile;
  readonly onDecided: () => void;
  readonly onStale: () => void;
}

/** Which frame is looked at, and whether what is drawn is for it alone. */
function Frames({
  file,
  frame,
  onFrame,
  only,
  onOnly,
}: {
  file: DeidHeldFile;
  frame: number;
  onFrame: (frame: number) => void;
  only: boolean;
  onOnly: (only: boolean) => void;
}) {
  const t = useText('deid');
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <label className="flex min-w-56 flex-1 items-center gap-2">
        <span className="tabular shrink-0">{t('frameOf', { number: frame + 1, count: file.frames })}</span>
        <input
          type="range"
          min={0}
          max={file.frames - 1}
          value={frame}
          onChange={(event) => onFrame(Number(event.target.value))}
          className="min-w-0 flex-1 accent-accent coarse:h-11"
        />
      </label>
      <label className="flex min-h-8 items-center gap-2 coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={only}
          onChange={(event) => onOnly(event.target.checked)}
        />
        {t('frameOnly')}
      </label>
    </div>
  );
}

/** What was decided, by whom. */
function Said({ file }: { file: DeidHeldFile }) {
  const t = useText('deid');
  const locale = useLocale();
  if (file.decision === null) return <p className="text-sm text-dim">{t(`because_${file.because}`)}</p>;
  const at = file.at === null ? '' : formatInstant(file.at, locale);
  return (
    <p className="text-sm text-accent">
      {t(`decision_${file.decision}`)} · {t('by', { name: file.by ?? '?' })} · {at}
    </p>
  );
}

/** One held file: its picture with what is suspected, the masks, and what becomes of it. Made anew for each file and version of it. */
export function HeldFile({ series, file, onDecided, onStale }: Props) {
  const t = useText('deid');
  const [frame, setFrame] = useState(0);
  const [only, setOnly] = useState(false);
  const [masks, setMasks] = useState<readonly DeidMask[]>(file.masks);
  const { data, error, isPending } = useQuery(suspectedQuery(file.id, frame));
  const suspected = [...(data?.header ?? []), ...(data?.looks ?? [])].flatMap((one) => within(one, file) ?? []);
  const open = unmasked(suspected, masks);
  const add = (mask: DeidRectangle): void => setMasks([...masks, only ? { ...mask, frame } : mask]);
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-2">
        <MaskCanvas
          source={pictureAddress({ ...series, sopInstanceUid: file.sopInstanceUid }, frame)}
          {...{ size: file, suspected: open, masks, frame, onDraw: add }}
        />
        {file.frames > 1 && <Frames {...{ file, frame, only }} onFrame={setFrame} onOnly={setOnly} />}
        <p className="text-[13px] text-dim">{error === null ? t('suspectedText') : t('suspectedFailed')}</p>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Said file={file} />
        <MaskList {...{ file, masks }} open={isPending ? undefined : open} onAdd={add} onChange={setMasks} />
        <DecisionBar {...{ file, masks, onDecided, onStale }} />
      </div>
    </div>
  );
}
