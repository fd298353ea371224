import { scaleColor, USUAL_COLORS, washColor } from '@negatoscope/dicom';
import type { ReactNode } from 'react';
import { Label, Slider, SliderThumb, SliderTrack, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import type { MprSession, MprSnapshot } from '../engine/volume/index.ts';
import { formatValue } from '../model/format.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { unitText } from '../model/unit-text.ts';
import type { Projection } from '../model/volume.ts';
import type { CutScale } from '../overlaid/cuttable.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { LayersSection } from '../overlaid/layers-section.tsx';
import type { CutItems } from '../overlaid/use-cut-items.ts';
import { buttonClass } from '../parts/controls.tsx';
import { MOST_SLAB_MM } from './mpr-tools.ts';
import { useMprWords } from './mpr-words.ts';

const PROJECTIONS = ['max', 'min', 'mean'] as const satisfies readonly Projection[];

interface MprPanelProps {
  readonly mpr: MprSession;
  readonly snapshot: MprSnapshot;
}

interface WithLayersProps extends MprPanelProps {
  readonly layers: LayersState;
  readonly cut: CutItems;
  readonly series: SeriesModel;
}

/** Beside the planes: slab, phase, what is at the crosshair and under the pointer, and how the volume was made. */
export function MprPanel({ mpr, snapshot, layers, cut, series }: WithLayersProps) {
  const t = useText('viewer');
  const words = useMprWords();
  const { point, hover, unit, remarks } = snapshot;
  return (
    <section aria-label={t('mpr.settings')} className="@container min-h-0 min-w-0 overflow-auto bg-(--ng-surface) p-4 text-sm">
      <div className="flex flex-col gap-4">
        <SlabChoice {...{ mpr, snapshot }} />
        <PlaneLayers {...{ layers, cut, series }} hasSlab={snapshot.slab.thicknessMm > 0} />
        {snapshot.phase !== undefined && <PhaseChoice {...{ mpr, snapshot }} />}
        <dl className="flex flex-col gap-2">
          {point !== undefined && <Reading name={t('mpr.point')} value={words.value(point, unit)} place={words.place(point)} />}
          {hover !== undefined && <Reading name={t('mpr.pointer')} value={words.value(hover, unit)} place={words.place(hover)} />}
        </dl>
        <div className="flex flex-col gap-1 text-(--ng-text-dim) text-xs">
          {remarks.map((remark) => (
            <p key={remark.kind} className="text-(--ng-amber)">
              {words.remark(remark)}
            </p>
          ))}
          <p>{t('mpr.lossless')}</p>
          <p className="pointer-coarse:hidden">{t('mpr.hint')}</p>
        </div>
      </div>
    </section>
  );
}

/** What may be laid over the planes, and what of it can't be. */
function PlaneLayers({
  layers,
  cut,
  series,
  hasSlab,
}: Omit<WithLayersProps, keyof MprPanelProps> & { readonly hasSlab: boolean }) {
  const t = useText('viewer');
  const isAny = cut.items.length > 0;
  return (
    <div className="-mx-3 flex flex-col gap-1 empty:hidden">
      <LayersSection {...{ layers, series }} />
      {cut.isLoading && (
        <p role="status" className="px-3 text-xs">
          {t('layers.loading')}
        </p>
      )}
      {cut.items.map(({ id, name, scale }) => scale !== undefined && <FlatScale key={id} {...{ scale, name }} />)}
      {isAny && hasSlab && <p className="px-3 text-(--ng-amber) text-xs">{t('layers.noSlab')}</p>}
      {cut.uncut.map(({ id, name, reason }) => (
        <p key={id} className="px-3 text-(--ng-amber) text-xs">
          {`${name ?? t('layers.unnamed')} : ${t(`layers.uncut.${reason}`)}`}
        </p>
      ))}
    </div>
  );
}

/** What the colours of values stand for, from left to right. */
function FlatScale({ scale: { kind, from, to, unit }, name }: { readonly scale: CutScale; readonly name: string | undefined }) {
  const t = useText('viewer');
  const locale = useLocale();
  const colors = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => `rgb(${(kind === 'dose' ? washColor(share) : scaleColor(USUAL_COLORS, share)).join(' ')})`,
  );
  const number = (share: number): string => formatValue(Number((from + (to - from) * share).toPrecision(3)), locale);
  const written = unitText(unit) ?? '';
  return (
    <div
      className="px-3 text-xs"
      role="img"
      aria-label={`${name ?? ''} ${t('map.scale', { from: number(0), to: number(1), unit: written })}`.trim()}
    >
      <span className="text-(--ng-text-dim)">
        {name?.endsWith(written) === true ? name : [name, written].filter(Boolean).join(' · ')}
      </span>
      <div
        className="h-2 rounded-sm border border-black"
        style={{ background: `linear-gradient(to right, ${colors.join(', ')})` }}
      />
      <div className="flex justify-between tabular-nums">
        <span>{number(0)}</span>
        <span>{number(0.5)}</span>
        <span>{number(1)}</span>
      </div>
    </div>
  );
}

function Reading({ name, value, place }: { readonly name: ReactNode; readonly value: string; readonly place: string }) {
  return (
    <div>
      <dt className="text-(--ng-text-dim) text-xs">{name}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium text-(--ng-text)">{value}</span>
        <span className="text-(--ng-text-dim) text-xs tabular-nums">{place}</span>
      </dd>
    </div>
  );
}

/** How thick the planes are, and what is shown of what lies in them. */
const SlabChoice = (props: MprPanelProps) => (
  <div className="flex flex-col gap-2">
    <SlabThickness {...props} />
    <SlabProjection {...props} />
  </div>
);

function SlabThickness({ mpr, snapshot: { slab } }: MprPanelProps) {
  const t = useText('viewer');
  const words = useMprWords();
  const thickness = slab.thicknessMm === 0 ? t('mpr.slabOff') : t('mpr.slabValue', { value: words.write(slab.thicknessMm) });
  return (
    <Slider
      value={slab.thicknessMm}
      minValue={0}
      maxValue={MOST_SLAB_MM}
      step={1}
      onChange={(value) => mpr.setSlab({ ...slab, thicknessMm: typeof value === 'number' ? value : (value[0] ?? 0) })}
    >
      <div className="flex justify-between">
        <Label>{t('mpr.slab')}</Label>
        <output className="text-(--ng-text-dim)">{thickness}</output>
      </div>
      <SliderTrack className="relative h-9 w-full cursor-pointer pointer-coarse:h-11">
        <div className="absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded-full bg-(--ng-line)" />
        <SliderThumb className="top-1/2 size-4 rounded-full border-2 border-(--ng-bg) bg-(--ng-accent) outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) pointer-coarse:size-6" />
      </SliderTrack>
    </Slider>
  );
}

/** Means something of planes that have a thickness. */
function SlabProjection({ mpr, snapshot: { slab } }: MprPanelProps) {
  const t = useText('viewer');
  return (
    <ToggleButtonGroup
      aria-label={t('mpr.projection')}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={slab.thicknessMm === 0}
      selectedKeys={[slab.projection]}
      onSelectionChange={([key]) =>
        mpr.setSlab({ ...slab, projection: PROJECTIONS.find((one) => one === key) ?? slab.projection })
      }
      className="flex gap-1"
    >
      {PROJECTIONS.map((projection) => (
        <ToggleButton
          key={projection}
          id={projection}
          aria-label={t(`mpr.projectionNames.${projection}`)}
          className={`${buttonClass} grow border border-(--ng-line) px-2 data-selected:border-(--ng-accent) data-selected:bg-(--ng-accent)/15 data-selected:text-(--ng-accent)`}
        >
          {t(`mpr.projections.${projection}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** Another of the phases of the series. */
function PhaseChoice({ mpr, snapshot: { phases, phase } }: MprPanelProps) {
  const t = useText('viewer');
  const words = useMprWords();
  return (
    <label className="flex flex-col gap-1">
      {t('mpr.phase')}
      <select
        value={phases.findIndex((one) => one.marks === phase?.marks)}
        onChange={(event) => mpr.open(phases[Number(event.target.value)])}
        className="h-9 rounded border border-(--ng-line) bg-(--ng-bg) px-2 text-(--ng-text)"
      >
        {phases.map((one, index) => (
          <option key={words.phase(one)} value={index}>
            {words.phase(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
