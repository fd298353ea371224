import { FileText, Film, ImageOff, UserX } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { type StudyRef, seriesUrl } from '../model/dicomweb.ts';
import { isDocumentModality, type SeriesSummary } from '../model/study-model.ts';
import { SERIES_DRAG_TYPE } from './pane-view.tsx';

/** External camera, endoscopy, microscopy, ophthalmic photography. */
const FILMED: ReadonlySet<string> = new Set(['XC', 'ES', 'GM', 'OP']);

interface SeriesStripProps {
  readonly study: StudyRef;
  /** Undefined until they are known. */
  readonly series: readonly SeriesSummary[] | undefined;
  /** Series shown in some pane, and the one in the active pane. */
  readonly shownUids: readonly (string | undefined)[];
  readonly activeUid: string | undefined;
  readonly namelessUids: readonly string[];
  /** Whether previews may be asked for; the first image goes before them. */
  readonly canLoadPreviews: boolean;
  readonly onChoose: (seriesInstanceUid: string) => void;
}

/** The series of the study: on the left, or below on a narrow page. Click or Enter shows one in the active pane; dragging, in any. */
export function SeriesStrip(props: SeriesStripProps) {
  const t = useText('viewer');
  return (
    <nav
      aria-label={t('series.title')}
      className="ng-viewer-scroll-x order-last flex min-h-[145px] shrink-0 gap-1 overflow-auto border-(--ng-line) border-t bg-(--ng-surface) p-1 @3xl:order-first @3xl:min-h-0 @3xl:w-36 @3xl:flex-col @3xl:border-t-0 @3xl:border-r"
    >
      {props.series?.map((item) => (
        <SeriesButton key={item.seriesInstanceUid} item={item} {...props} />
      ))}
      {props.series?.length === 0 && <p className="p-2 text-(--ng-text-dim) text-xs">{t('series.none')}</p>}
    </nav>
  );
}

function SeriesButton({ item, ...props }: SeriesStripProps & { readonly item: SeriesSummary }) {
  const t = useText('viewer');
  const name = item.description ?? t('series.unnamed');
  const isActive = props.activeUid === item.seriesInstanceUid;
  const isShown = props.shownUids.includes(item.seriesInstanceUid);
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
      onClick={() => props.onChoose(item.seriesInstanceUid)}
      onDragStart={(event) => {
        event.dataTransfer.setData(SERIES_DRAG_TYPE, item.seriesInstanceUid);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <Preview item={item} {...props} />
      <span className="truncate text-(--ng-text) text-xs">{name}</span>
      <span className="flex justify-between text-(--ng-text-dim) text-[11px]">
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

/** The server's thumbnail, drawn by the pipeline that draws the images here. */
function Preview({ item, study, canLoadPreviews }: SeriesStripProps & { readonly item: SeriesSummary }) {
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
