import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { type FoundGroup, millivoltsOf, paperOf, scaleText, type WaveformGroup } from '@negatoscope/dicom';
import { Activity, LoaderCircle } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import { formatDate, formatNumber } from '../model/format.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { RetryButton, Tile } from '../parts/tiles.tsx';
import { CaliperReadout, Calipers, useLegs } from './calipers.tsx';
import { PaperDrawing } from './paper-drawing.tsx';
import { printPaper } from './print-paper.ts';
import { type TracesState, useTraces } from './use-traces.ts';
import { useWaveformState, type WaveformState } from './view-state.ts';
import { WaveformBar } from './waveform-bar.tsx';

interface WaveformViewProps {
  readonly series: SeriesModel;
  readonly sopInstanceUid: string;
  readonly groups: readonly FoundGroup[];
}

/** The waveforms of an instance on calibrated paper, one multiplex group at a time; what can't be drawn says why. */
export function WaveformView({ groups, ...props }: WaveformViewProps) {
  const t = useText('viewer');
  const first = groups.findIndex(({ kind }) => kind === 'group');
  const [index, setIndex] = useState(Math.max(0, first));
  const found = groups[index];
  const names = groups.map((one, at) => {
    const label = one.kind === 'group' ? one.group.label : one.label;
    return [at, label ?? t('wave.groupName', { number: at + 1 })] as const;
  });
  if (found?.kind !== 'group') {
    const problem = found?.problem ?? 'NO_DATA';
    return <Tile icon={Activity} role="alert" title={t('wave.failed')} text={t(`wave.problem_${problem}`)} />;
  }
  if (found.group.samples < 1) return <Tile icon={Activity} title={t('wave.failed')} text={t('wave.problem_NO_DATA')} />;
  return <Group key={index} {...props} {...{ index, names }} group={found.group} onGroup={setIndex} />;
}

interface GroupProps extends Omit<WaveformViewProps, 'groups'> {
  readonly group: WaveformGroup;
  readonly index: number;
  readonly names: readonly (readonly [number, string])[];
  readonly onGroup: (index: number) => void;
}

/** Whose waveform a printed sheet is of, and what it was drawn with. */
function useHeading({ banner, description }: SeriesModel, scale: string): readonly string[] {
  const locale = useLocale();
  const { name, patientId, birthDate, studyDate } = banner;
  const person = [nameGroupOnPage(name), patientId, formatDate(birthDate, locale)].filter(Boolean).join(' · ');
  return [person, [formatDate(studyDate, locale), description, scale].filter(Boolean).join(' · ')];
}

/** The part of a group that is looked at, as it is read and as paper. */
function usePaper({ series, sopInstanceUid, group, index }: GroupProps, shown: WaveformState) {
  const from = Math.floor(shown.from * group.frequency);
  const count = Math.max(1, Math.min(group.samples - from, Math.round(shown.span * group.frequency)));
  const { study, seriesInstanceUid } = series;
  const { state, retry } = useTraces({ study, seriesInstanceUid, sopInstanceUid, index, from, count });
  const traces = state.kind === 'here' ? state.traces : undefined;
  const { layout, scale } = shown;
  // What is drawn has the time that it was read for, until the next is here.
  const part = state.kind === 'here' ? state.part : { from, count };
  const window = useMemo(
    () => ({ from: part.from / group.frequency, seconds: part.count / group.frequency }),
    [part.from, part.count, group],
  );
  const paper = useMemo(
    () => (traces === undefined ? undefined : paperOf({ group, traces, window, scale, layout })),
    [group, traces, window, scale, layout],
  );
  return { kind: state.kind, retry, part, traces, window, paper };
}

function Group(props: GroupProps) {
  const { series, group, index, names, onGroup } = props;
  const view = useWaveformState(group);
  const [legs, setLegs] = useLegs();
  const { state: shown } = view;
  const { layout, scale } = shown;
  const { kind, retry, part, traces, window, paper } = usePaper(props, shown);
  const holder = useRef<HTMLDivElement>(null);
  const isVoltage = group.channels.every(({ unit }) => millivoltsOf(unit) !== undefined);
  const heading = useHeading(series, scaleText(group, scale));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another paper is another measurement.
  useEffect(() => setLegs(undefined), [part.from, part.count, scale, layout]);
  const onPrint = (): void => {
    const svg = holder.current?.querySelector('svg');
    if (paper !== undefined && svg instanceof SVGSVGElement) printPaper(svg, heading, paper);
  };
  const bar = { group, view, groups: names, index, onGroup, onPrint, hasLegs: legs !== undefined };
  return (
    <div className="absolute inset-0 flex flex-col bg-(--ng-bg)">
      <WaveformBar {...bar} onRemoveLegs={() => setLegs(undefined)} />
      <div ref={holder} className="relative min-h-0 grow overflow-auto p-2">
        <NotHere {...{ kind, retry }} />
        {paper !== undefined && traces !== undefined && (
          <PaperDrawing {...{ paper, traces, window }} {...shown} mmPerSecond={scale.mmPerSecond}>
            {shown.isCalibrated && <Calipers paper={paper} legs={legs} onLegs={setLegs} />}
          </PaperDrawing>
        )}
      </div>
      <Foot {...{ group, legs, scale, isVoltage }} isCalibrated={shown.isCalibrated} />
    </div>
  );
}

/** In place of what is not drawn: it comes, or it failed. */
function NotHere({ kind, retry }: { readonly kind: TracesState['kind']; readonly retry: () => void }) {
  const t = useText('viewer');
  if (kind === 'here') return null;
  if (kind === 'loading') return <Tile icon={LoaderCircle} isBusy text={t('wave.loading')} />;
  return (
    <Tile icon={Activity} role="alert" title={t('wave.failed')} text={t('error.SERVER')}>
      <RetryButton onPress={retry} />
    </Tile>
  );
}

type FootProps = Parameters<typeof CaliperReadout>[0] & { readonly group: WaveformGroup; readonly isCalibrated: boolean };

/** What the calipers measure, and what a reader must know of how it is drawn. */
function Foot({ group, isCalibrated, ...readout }: FootProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const [first] = group.channels;
  const filters = [first?.filterLow, first?.filterHigh]
    .map((value) => (value === undefined ? '' : formatNumber(value, locale, 2)))
    .join('–');
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 border-(--ng-line) border-t bg-(--ng-surface) px-2 py-1 text-(--ng-text-dim) text-xs">
      {isCalibrated ? <CaliperReadout {...readout} /> : <span className="text-(--ng-amber)">{t('wave.compressed')}</span>}
      {!readout.isVoltage && <span>{t('wave.unscaled')}</span>}
      {filters !== '–' && <span className="ml-auto">{t('wave.filters', { text: filters })}</span>}
    </div>
  );
}
