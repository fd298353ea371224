import { COLOR_SCALES, type ColorScaleName, presentGray, scaleColor, type Voi } from '@negatoscope/dicom';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { formatValue } from '../model/format.ts';
import { unitText } from '../model/unit-text.ts';

const LABELS = [0, 0.25, 0.5, 0.75, 1] as const;
const STOPS = 16;

interface Ends {
  readonly from: number;
  readonly to: number;
}

/** The values between which a window has its colours. */
const endsOf = ({ voi }: Pick<PaneSnapshot, 'voi'>): Ends | undefined =>
  voi?.kind === 'window' ? { from: voi.center - voi.width / 2, to: voi.center + voi.width / 2 } : undefined;

/** As CSS: the colours of values from the foot of the bar to its head, whatever the window's shape. */
function gradientOf(voi: Voi, name: ColorScaleName, isInverted: boolean, { from, to }: Ends): string {
  const present = presentGray(voi, isInverted);
  const colors = Array.from({ length: STOPS + 1 }, (_, at) => {
    const share = present(from + ((to - from) * at) / STOPS) / 255;
    return `rgb(${scaleColor(name, share).join(' ')})`;
  });
  return `linear-gradient(to top, ${colors.join(', ')})`;
}

interface MapScaleProps {
  readonly snapshot: PaneSnapshot;
  readonly pane: Pick<Pane, 'display'> | undefined;
}

/** What the colours of a parametric map stand for, in its unit, and other colours to choose from. */
export function MapScale({ snapshot, pane }: MapScaleProps) {
  const t = useText('viewer');
  const { colors, plan, voi, isInverted, status } = snapshot;
  const ends = endsOf(snapshot);
  if (colors === undefined || voi === undefined || ends === undefined || status !== 'ready') return null;
  return (
    <div className="absolute top-1/4 left-8 flex h-1/3 flex-col gap-1 text-[11px] text-(--ng-text)" data-testid="map-scale">
      <ScaleBar {...{ ends, unit: plan?.unit }} gradient={gradientOf(voi, colors, isInverted, ends)} />
      <select
        aria-label={t('map.colors')}
        value={colors}
        onChange={({ target }) => {
          const name = COLOR_SCALES.find((one) => one === target.value);
          if (name !== undefined) pane?.display.setColors(name);
          // Keys are the viewer's again.
          target.blur();
        }}
        className="ng-viewer-target w-28 rounded border border-(--ng-line) bg-black/80 px-1 text-(--ng-text)"
      >
        {COLOR_SCALES.map((name) => (
          <option key={name} value={name}>
            {t(`map.scales.${name}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface BarProps {
  readonly ends: Ends;
  readonly unit: string | undefined;
  readonly gradient: string;
}

/** A bar of colours with the values at its side. */
export function ScaleBar({ ends: { from, to }, unit, gradient }: BarProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const number = (share: number): string => formatValue(Number((from + (to - from) * share).toPrecision(3)), locale);
  const written = unitText(unit);
  return (
    <>
      {written !== undefined && <span className="ng-viewer-backdrop self-start">{written}</span>}
      <div
        role="img"
        aria-label={t('map.scale', { from: number(0), to: number(1), unit: written ?? '' }).trim()}
        className="pointer-events-none flex min-h-0 grow gap-1"
      >
        <div className="w-2.5 rounded-sm border border-black" style={{ background: gradient }} />
        <div className="flex flex-col-reverse justify-between">
          {LABELS.map((share) => (
            <span key={share} className="ng-viewer-backdrop">
              {number(share)}
            </span>
          ))}
        </div>
      </div>
    </>
  );
}
