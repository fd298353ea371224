import { washColor } from '@negatoscope/dicom';
import { useLocale, useText } from '../../i18n/index.ts';
import { formatNumber } from '../model/format.ts';

const STEPS = [0, 0.25, 0.5, 0.75, 1] as const;

/** What the colours of a dose mean: gray where the grid is in gray, shares of the greatest otherwise. */
export function DoseScale({ most, isGray }: { readonly most: number; readonly isGray: boolean }) {
  const t = useText('viewer');
  const locale = useLocale();
  const number = (value: number): string => formatNumber(value, locale, 1);
  const textOf = (share: number): string =>
    isGray ? t('layers.gray', { value: number(share * most) }) : `${number(share * 100)} %`;
  const colors = STEPS.map((share) => `rgb(${washColor(share).join(' ')})`).join(', ');
  return (
    <div
      role="img"
      aria-label={isGray ? t('layers.doseScale', { from: 0, to: number(most) }) : t('layers.dose')}
      data-testid="dose-scale"
      className="absolute top-1/4 left-8 flex h-1/3 gap-1 text-[0.6875rem] text-(--ng-text)"
    >
      <div className="w-2.5 rounded-sm border border-black" style={{ background: `linear-gradient(to top, ${colors})` }} />
      <div className="flex flex-col-reverse justify-between">
        {STEPS.map((share) => (
          <span key={share} className="ng-viewer-backdrop">
            {textOf(share)}
          </span>
        ))}
      </div>
    </div>
  );
}
