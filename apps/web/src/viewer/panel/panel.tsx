import { X } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { isSameStudy } from '../annotations/kept-edit.ts';
import type { ShownAnnotation } from '../annotations/study-annotations.ts';
import type { Pane } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import type { ForeignDocument } from '../model/foreign-documents.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { LayersSection } from '../overlaid/layers-section.tsx';
import { IconButton } from '../parts/controls.tsx';
import type { AnnotationsState } from '../parts/use-annotations.ts';
import { usePaneValue } from '../parts/use-pane-snapshot.ts';
import type { StatesOffer } from '../states/offered.ts';
import { StatesSection } from '../states/states-section.tsx';
import { DocumentsSection } from './documents-section.tsx';
import { KeptDocuments } from './kept-documents.tsx';
import type { PlaceOf } from './key-frames.ts';
import { KeyImagesSection } from './key-images-section.tsx';
import { MeasurementsSection } from './measurements-section.tsx';
import { PredictionSection } from './prediction/prediction-section.tsx';
import { PriorsSection } from './priors-section.tsx';
import { ReadingSection } from './reading-section.tsx';
import type { PrefillSource } from './report/prefill.ts';
import { ReportSection } from './report/report-section.tsx';
import { useJump } from './use-jump.ts';
import type { ReadingRoomState } from './use-reading-room.ts';

export const PANEL_ID = 'ng-reading-panel';

export interface PanelProps {
  readonly study: StudyRef;
  readonly room: ReadingRoomState;
  readonly annotations: AnnotationsState;
  /** The active pane. */
  readonly pane: Pane | undefined;
  /** What an annotation says, as the panes write it or in other words. */
  readonly linesOf: PrefillSource['linesOf'];
  /** Where a frame stands in its series, from 1; undefined while that has not been shown. */
  readonly placeOf: PlaceOf;
  /** What is chosen in the list is selected on its image, for keys that move or delete it. */
  readonly onSelect?: ((id: string) => void) | undefined;
  /** Reports and selections of others, on any study of the desk. */
  readonly documents: readonly ForeignDocument[];
  /** What can be laid over the images. */
  readonly layers?: LayersState | undefined;
  /** Other views of the images that somebody has left. */
  readonly states?: StatesOffer | undefined;
  /** Gives the active pane a series of the study. */
  readonly onShow: (seriesInstanceUid: string) => void;
  /** Hangs another study beside. */
  readonly onHang?: ((study: StudyRef) => void) | undefined;
}

/** A DA value as the API writes dates. */
const dateOf = (value: string | undefined): string | undefined => value?.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, '$1-$2-$3');

/** Hundreds of lines, made anew when what is drawn changes or frames come that say more, and not while somebody scrolls. */
const MeasuredLines = memo(MeasurementsSection);

interface MeasuredProps extends Pick<PanelProps, 'annotations' | 'linesOf' | 'placeOf' | 'onSelect' | 'pane'> {
  readonly canWrite: boolean;
  readonly onJump: Parameters<typeof MeasurementsSection>[0]['onJump'];
}

function Measured(props: MeasuredProps) {
  const { annotations, snapshot } = props.annotations;
  const { linesOf, placeOf, onSelect, pane, canWrite, onJump } = props;
  const loadedCount = usePaneValue(pane, (shown) => shown.loadedCount);
  const latest = useRef({ linesOf, placeOf, onSelect, onJump });
  useEffect(() => {
    latest.current = { linesOf, placeOf, onSelect, onJump };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: frames that have come say more.
  const lines = useCallback((item: ShownAnnotation) => latest.current.linesOf(item), [loadedCount]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a series that is shown tells where its frames stand.
  const place = useCallback<PlaceOf>((of) => latest.current.placeOf(of), [loadedCount]);
  const jump = useCallback<MeasuredProps['onJump']>((target) => {
    latest.current.onJump(target);
    latest.current.onSelect?.(target.id);
  }, []);
  const remove = useCallback((id: string) => annotations?.remove(id), [annotations]);
  return (
    <MeasuredLines
      {...{ canWrite }}
      items={snapshot.items}
      isKnown={snapshot.isKnown}
      linesOf={lines}
      placeOf={place}
      onJump={jump}
      onRemove={remove}
    />
  );
}

const ASIDE =
  'absolute inset-x-0 bottom-0 z-30 flex min-h-0 flex-col overflow-hidden rounded-t-xl border-(--ng-line) border-t bg-(--ng-surface) shadow-2xl outline-none @3xl:inset-y-0 @3xl:right-0 @3xl:left-auto @3xl:max-h-none @3xl:rounded-none @3xl:border-t-0 @3xl:border-l @5xl:static @5xl:shrink-0 @5xl:shadow-none';

/** What the image says that stands before its reader. */
const usePaneFacts = (pane: PanelProps['pane']) => ({
  date: usePaneValue(pane, ({ series }) => dateOf(series?.banner.studyDate)),
  modality: usePaneValue(pane, ({ series }) => series?.modality),
  patient: usePaneValue(pane, ({ series }) => series?.banner.name),
  sopInstanceUid: usePaneValue(pane, ({ frame }) => frame?.sopInstanceUid),
});

/**
 * All that belongs to the reading of a study, beside its images: on a tablet it lies over their right side, so that they stay as large as they are; on
 * a narrow page it is a sheet over their lower part.
 */
export function Panel(props: PanelProps) {
  const { study, room, annotations, pane, linesOf, placeOf, onSelect, documents: all, onShow, onHang } = props;
  const t = useText('viewer');
  const jump = useJump(pane, onShow);
  const canWrite = annotations.annotations?.canWrite === true;
  const documents = all.filter((one) => isSameStudy(one.study, study));
  const { date, modality, patient, sopInstanceUid } = usePaneFacts(pane);
  const series = usePaneValue(pane, (snapshot) => snapshot.series);
  const [isWriting, setIsWriting] = useState(false);
  if (!room.isOpen) return null;
  return (
    <aside
      id={PANEL_ID}
      tabIndex={-1}
      aria-label={t('panel.title')}
      className={`${ASIDE} ${isWriting ? 'max-h-[90%] @3xl:w-[26rem]' : 'max-h-[70%] @3xl:w-72'}`}
    >
      <PanelHead onHide={room.toggle} />
      <div className={`min-h-0 grow overflow-y-auto overscroll-contain ${isWriting ? 'scroll-pb-40' : ''}`}>
        <ReadingSection lease={room.lease} about={room.about} onReadAndNext={room.onReadAndNext} onNext={room.onNext} />
        <PredictionSection {...{ study, modality, sopInstanceUid }} />
        <PriorsSection {...{ study, date, onHang }} onOpen={room.onOpen} />
        <Measured {...{ canWrite, linesOf, placeOf, onSelect, pane, annotations }} onJump={jump} />
        <KeyImages {...props} {...{ canWrite, documents }} onJump={jump} />
        {props.states !== undefined && <StatesSection {...{ study, pane }} offer={props.states} onJump={jump} />}
        {props.layers !== undefined && <LayersSection layers={props.layers} series={series} />}
        <DocumentsSection {...{ documents, placeOf }} onJump={jump} />
        <ReportSection
          {...{ study, linesOf, placeOf, patient, isWriting, onWriting: setIsWriting }}
          items={annotations.snapshot.items}
          keyFrames={room.star.frames}
        />
        <KeptDocuments study={study} waiting={annotations.snapshot.waiting} isEmpty={annotations.snapshot.items.length === 0} />
      </div>
    </aside>
  );
}

interface KeyImagesProps extends Pick<PanelProps, 'study' | 'room' | 'annotations' | 'pane' | 'placeOf' | 'documents'> {
  readonly canWrite: boolean;
  readonly onJump: ReturnType<typeof useJump>;
}

/** The images that were chosen as key images, and the button that chooses the one of the active pane. */
const KeyImages = ({ room, annotations, pane, study, canWrite, placeOf, documents, onJump }: KeyImagesProps) => (
  <KeyImagesSection
    {...{ study, canWrite, placeOf, documents, onJump }}
    isKnown={annotations.snapshot.isKnown}
    frames={room.star.frames}
    onRemove={room.star.remove}
    onToggle={() => room.star.toggle(pane)}
  />
);

function PanelHead({ onHide }: { readonly onHide: () => void }) {
  const t = useText('viewer');
  return (
    <div className="flex shrink-0 items-center justify-between border-(--ng-line) border-b py-0.5 pr-1 pl-3">
      <span className="font-medium text-sm">{t('panel.title')}</span>
      <IconButton icon={X} label={t('panel.hide')} shortcut="G" onPress={onHide} />
    </div>
  );
}
