import { isDocumentModality, type SeriesSummary } from '@negatoscope/dicom';
import { FileText, Film, ImageOff, UserX } from 'lucide-react';
import { Fragment, type ReactNode, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { type Hung, isSameSeries } from '../model/desk.ts';
import { type StudyRef, seriesUrl } from '../model/dicomweb.ts';
import { dragSeries } from './series-drag.ts';

/** External camera, endoscopy, microscopy, ophthalmic photography. */
const FILMED: ReadonlySet<string> = new Set(['XC', 'ES', 'GM', 'OP']);

/** A study in the strip. */
export interface StripSection {
  readonly study: StudyRef;
  /** Undefined until they are known. */
  readonly series: readonly SeriesSummary[] | undefined;
  /** Stands above the series of a study that is beside. */
  readonly heading?: ReactNode;
}

interface SeriesStripProps {
  readonly sections: readonly StripSection[];
  /** Series shown in some pane, and the one in the active pane. */
  readonly shown: readonly (Hung | undefined)[];
  readonly active: Hung | undefined;
  readonly namelessUids: readonly string[];
  /** Whether previews may be asked for; the first image goes before them. */
  readonly canLoadPreviews: boolean;
  readonly onChoose: (hung: Hung) => void;
}

/** The series of the studies: on the left, or below on a narrow page. Click or Enter shows one in the active pane; dragging, in any. */
export function SeriesStrip({ sections, ...props }: SeriesStripProps) {
  const t = useText('viewer');
  return (
    <nav
      aria-label={t('series.title')}
      className="ng-viewer-scroll-x order-last flex min-h-[145px] shrink-0 gap-1 overflow-auto border-(--ng-line) border-t bg-(--ng-surface) p-1 @3xl:order-first @3xl:min-h-0 @3xl:w-36 @3xl:flex-col @3xl:border-t-0 @3xl:border-r"
    >
      {sections.map(({ study, series, heading }) => (
        <Fragment key={`${study.groupId ?? ''}|${study.studyInstanceUid}`}>
          {heading}
          {series?.map((item) => (
            <SeriesButton
              key={item.seriesInstanceUid}
              item={item}
              hung={{ study, seriesInstanceUid: item.seriesInstanceUid }}
              {...props}
            />
          ))}
          {series?.length === 0 && <p className="p-2 text-(--ng-text-dim) text-xs">{t('series.none')}</p>}
        </Fragment>
      ))}
    </nav>
  );
}

type SeriesButtonProps = Omit<SeriesStripProps, 'sections'> & { readonly item: SeriesSummary; readonly hung: Hung };

function SeriesButton({ item, hung, ...props }: SeriesButtonProps) {
  const t = useText('viewer');
  const name = item.description ?? t('series.unnamed');
  const isActive = isSameSeries(props.active, hung);
  const isShown = props.shown.some((one) => isSameSeries(one, hung));
  const isNameless = props.namelessUids.includes(item.seriesInstanceUid);
  return (
    <button
      type="button"
      draggable
      aria-current={isActive || undefined}
      aria-label={t('series.open', {
        name: [item.seriesNumber, item.modality, name, isNameless && `(${t('series.nameless')})`].filter(Boolean).join(' '),
      })}
      className={`group flex w-24 shrink-0 cursor-pointer flex-col gap-1 rounded-md border p-1 text-left outline-none transition-colors duration-150 hover:bg-(--ng-surface-2) focus-visible:ring-2 focus-visible:ring-(--ng-accent) @3xl:w-full ${
        isActive ? 'border-(--ng-accent) bg-(--ng-surface-2)' : isShown ? 'border-(--ng-accent)/40' : 'border-transparent'
      }`}
      onClick={() => props.onChoose(hung)}
      onDragStart={(event) => dragSeries(event.dataTransfer, hung)}
    >
      <Preview item={item} study={hung.study} canLoadPreviews={props.canLoadPreviews} />
      <span className="truncate text-(--ng-text) text-xs">{name}</span>
      <span className="flex justify-between text-(--ng-text-dim) text-[0.6875rem]">
        <span className="flex items-center gap-1">
          {isNameless && (
            <span title={t('series.nameless')} className="text-(--ng-amber)">
              <UserX size={13} aria-hidden />
            </span>
          )}
          {[item.seriesNumber, item.modality].filter((part) => part !== undefined).join(' · ')}
        </span>
        <span>{item.instanceCount}</span>
      </span>
    </button>
  );
}

interface PreviewProps {
  readonly item: SeriesSummary;
  readonly study: StudyRef;
  readonly canLoadPreviews: boolean;
}

/** The server's thumbnail, drawn by the pipeline that draws the images here. */
function Preview({ item, study, canLoadPreviews }: PreviewProps) {
  const [isMissing, setIsMissing] = useState(false);
  const isDocument = isDocumentModality(item.modality);
  // A video has no thumbnail; what is photographed is filmed as well.
  const Icon = isDocument ? FileText : FILMED.has(item.modality ?? '') ? Film : ImageOff;
  const hasImage = !isDocument && canLoadPreviews && !isMissing;
  return (
    <span className="flex aspect-square w-full items-center justify-center overflow-hidden rounded bg-black">
      {hasImage && (
        <img
          src={`${seriesUrl(study, item.seriesInstanceUid)}/thumbnail`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          className="size-full object-contain"
          onError={() => setIsMissing(true)}
        />
      )}
      {(isDocument || isMissing) && <Icon size={22} aria-hidden className="text-(--ng-text-dim)" />}
    </span>
  );
}
