import type { PredictionFeature } from '@negatoscope/contract';
import { Layers } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Label, Slider, SliderThumb, SliderTrack, ToggleButton } from 'react-aria-components';
import { useText } from '../../../i18n/index.ts';
import { showEvidence } from '../../model/shown-evidence.ts';
import { buttonClass } from '../../parts/controls.tsx';

interface EvidenceViewProps {
  /** Addresses of the film and of what lies on it, which has its proportions. */
  readonly film: string;
  readonly heatmap: string;
  readonly features: readonly PredictionFeature[];
  readonly sopInstanceUid: string;
}

function Opacity(props: { readonly value: number; readonly onChange: (value: number) => void }) {
  const t = useText('viewer');
  return (
    <Slider {...props} minValue={0} maxValue={100} step={5} className="flex w-full flex-col gap-1">
      <Label className="text-(--ng-text-dim) text-xs">{t('prediction.opacity')}</Label>
      <SliderTrack className="relative mx-2 h-9 cursor-pointer pointer-coarse:h-11">
        <div aria-hidden className="absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded bg-(--ng-line)" />
        <SliderThumb className="top-1/2 size-4 rounded-full border-2 border-(--ng-bg) bg-(--ng-accent) outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) pointer-coarse:size-6" />
      </SliderTrack>
    </Slider>
  );
}

/** Where the model finds what speaks for its score, on the film, as opaque as one likes: evidence of a model, no lesion. */
export function EvidenceView({ film, heatmap, features, sopInstanceUid }: EvidenceViewProps) {
  const t = useText('viewer');
  const [opacity, setOpacity] = useState(70);
  const [isOnFilm, setIsOnFilm] = useState(false);
  useEffect(() => {
    showEvidence(isOnFilm ? { sopInstanceUid, address: heatmap, opacity: opacity / 100 } : undefined);
  }, [isOnFilm, sopInstanceUid, heatmap, opacity]);
  useEffect(() => () => showEvidence(undefined), []);
  return (
    <figure className="m-0 flex w-full flex-col gap-1.5">
      <div className="relative w-full overflow-hidden rounded-md bg-black">
        <img src={film} alt={t('prediction.film')} className="block w-full" />
        <img
          src={heatmap}
          alt=""
          className="absolute inset-0 size-full"
          style={{ opacity: opacity / 100 }}
          data-testid="evidence"
        />
      </div>
      <Opacity value={opacity} onChange={setOpacity} />
      <ToggleButton
        isSelected={isOnFilm}
        onChange={setIsOnFilm}
        className={`${buttonClass} self-start border border-(--ng-line) px-2 text-xs data-selected:border-(--ng-accent) data-selected:text-(--ng-accent)`}
      >
        <Layers size={14} aria-hidden />
        {t('prediction.onFilm')}
      </ToggleButton>
      <figcaption className="text-(--ng-text-dim) text-xs leading-relaxed">
        {t('prediction.evidence')}
        {features.length > 0 && ` : ${features.map(({ region }) => t(`prediction.region_${region}`)).join(', ')}`}
      </figcaption>
    </figure>
  );
}
