import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import type { ContentTree } from '@negatoscope/dicom';
import { ChevronLeft, ChevronRight, Download, ExternalLink, EyeOff, FileText, Film, ImageOff, LoaderCircle } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import { DicomwebError, type DicomwebErrorCode, fetchDocumentStart } from '../model/dicomweb.ts';
import type { DocumentModel } from '../model/documents.ts';
import { formatDate } from '../model/format.ts';
import type { SeriesModel } from '../model/study-model.ts';
import type { FrameTarget } from '../panel/use-jump.ts';
import { WaveformView } from '../waveform/waveform-view.tsx';
import { ContentView, type OpenReference } from './content-view.tsx';
import { buttonClass, IconButton } from './controls.tsx';
import { DownloadFile, RetryButton, Tile } from './tiles.tsx';

type Content =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly code: DicomwebErrorCode }
  | { readonly kind: 'pdf' | 'not-pdf' | 'other' }
  | { readonly kind: 'video'; readonly mediaType: string };

/** Looks at what a document is before anything of it is shown: what the server sends decides, never what the dataset calls it. */
function useContent(document: DocumentModel): { readonly content: Content; readonly retry: () => void } {
  const [content, setContent] = useState<Content>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    setContent({ kind: 'loading' });
    if (document.isHeldBack) {
      setContent({ kind: 'failed', code: 'HELD_BACK' });
      return;
    }
    const abort = new AbortController();
    fetchDocumentStart(document.url, abort.signal).then(
      ({ mediaType, isPdf }) => {
        if (abort.signal.aborted) return;
        if (mediaType?.startsWith('video/') === true) setContent({ kind: 'video', mediaType });
        else if (mediaType === 'application/pdf') setContent({ kind: isPdf ? 'pdf' : 'not-pdf' });
        else setContent({ kind: 'other' });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setContent({ kind: 'failed', code: error instanceof DicomwebError ? error.code : 'SERVER' });
      },
    );
    return () => abort.abort();
  }, [document, attempt]);
  return { content, retry: () => setAttempt((count) => count + 1) };
}

interface DocumentViewProps {
  readonly series: SeriesModel;
  readonly index: number;
  readonly onIndex: (index: number) => void;
  /** Back to the images of the series, where it has some. */
  readonly images?: ReactNode;
  /** Shows an image that a document refers to. */
  readonly onJump?: ((target: FrameTarget) => void) | undefined;
}

/** The documents of a series, one at a time: read or played here where the browser can, else handed over. */
export function DocumentView({ series, index, onIndex, images }: DocumentViewProps) {
  const document = series.documents[Math.min(index, series.documents.length - 1)];
  if (document === undefined) return null;
  return <Document key={document.url} {...{ series, document, index, onIndex, images }} />;
}

function Document({ document, ...props }: DocumentViewProps & { readonly document: DocumentModel }) {
  const { content, retry } = useContent(document);
  return (
    <div className="absolute inset-0 flex flex-col bg-black">
      <DocumentBar {...props} document={document} content={content} />
      <div className="relative min-h-0 grow">
        <DocumentBody document={document} series={props.series} content={content} onRetry={retry} onJump={props.onJump} />
      </div>
    </div>
  );
}

/** Where a document is downloaded: as it reads or plays by itself, or as the DICOM file that it came in. */
const addressOf = ({ url }: DocumentModel, { kind }: Content): string =>
  kind === 'pdf' || kind === 'video' || kind === 'not-pdf' ? `${url}/rendered` : `${url}?accept=application/dicom`;

/** Where there is little room the icon stands alone; who listens hears the words all the same. */
const ON_WIDE = 'sr-only @md:not-sr-only';

interface BarProps extends DocumentViewProps {
  readonly document: DocumentModel;
  readonly content: Content;
}

/** Whose document this is, which one, and the way to keep it. */
function DocumentBar({ series, document, content, index, onIndex, images }: BarProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const { banner } = series;
  const count = series.documents.length;
  const person = [nameGroupOnPage(banner.name), formatDate(banner.birthDate, locale)].filter(Boolean).join(' · ');
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-2 border-(--ng-line) border-b bg-(--ng-surface) px-2 py-1">
      <div className="min-w-0 grow basis-32 leading-tight">
        <p className="truncate text-(--ng-text) text-sm">
          {document.title ?? document.tree?.root.name ?? series.description ?? t('series.unnamed')}
        </p>
        <p className="truncate text-(--ng-text-dim) text-xs">{person}</p>
      </div>
      {images}
      {count > 1 && <Pager index={index} count={count} onIndex={onIndex} />}
      {content.kind === 'pdf' && (
        <a className={`${buttonClass} px-2 text-sm`} href={`${document.url}/rendered`} target="_blank" rel="noreferrer">
          <ExternalLink size={16} aria-hidden />
          <span className={ON_WIDE}>{t('document.open')}</span>
        </a>
      )}
      {content.kind !== 'loading' && content.kind !== 'failed' && (
        <a className={`${buttonClass} px-2 text-sm`} href={addressOf(document, content)} download>
          <Download size={16} aria-hidden />
          <span className={ON_WIDE}>{t(content.kind === 'other' ? 'document.downloadFile' : 'document.download')}</span>
        </a>
      )}
    </div>
  );
}

interface PagerProps extends Pick<DocumentViewProps, 'index' | 'onIndex'> {
  readonly count: number;
}

/** From one document of the series to the next. */
function Pager({ index, count, onIndex }: PagerProps) {
  const t = useText('viewer');
  return (
    <div className="flex items-center">
      <IconButton icon={ChevronLeft} label={t('document.previous')} isDisabled={index === 0} onPress={() => onIndex(index - 1)} />
      <span role="status" className="text-(--ng-text-dim) text-xs tabular-nums">
        {t('document.place', { index: index + 1, count })}
      </span>
      <IconButton
        icon={ChevronRight}
        label={t('document.next')}
        isDisabled={index === count - 1}
        onPress={() => onIndex(index + 1)}
      />
    </div>
  );
}

interface BodyProps extends Pick<DocumentViewProps, 'onJump'> {
  readonly document: DocumentModel;
  readonly series: SeriesModel;
  readonly content: Content;
  readonly onRetry: () => void;
}

function DocumentBody({ document, series, content, onRetry, onJump }: BodyProps) {
  const t = useText('viewer');
  const { modality } = series;
  if (content.kind === 'loading') return <Tile icon={LoaderCircle} isBusy text={t('document.loading')} />;
  if (content.kind === 'failed') {
    if (content.code === 'HELD_BACK') return <Tile icon={EyeOff} title={t('document.held')} text={t('error.HELD_BACK')} />;
    return (
      <Tile icon={ImageOff} role="alert" title={t('document.failed')} text={t(`error.${content.code}`)}>
        <RetryButton onPress={onRetry} />
        <DownloadFile url={document.url} />
      </Tile>
    );
  }
  if (content.kind === 'video') return <Video key={document.url} document={document} mediaType={content.mediaType} />;
  if (content.kind === 'not-pdf')
    return <Tile icon={FileText} role="alert" title={t('document.failed')} text={t('document.notPdf')} />;
  if (content.kind === 'other' && document.waveforms !== undefined)
    return <WaveformView {...{ series }} sopInstanceUid={document.sopInstanceUid} groups={document.waveforms} />;
  if (content.kind === 'other' && document.tree !== undefined)
    return <Report {...{ document, series, onJump }} tree={document.tree} />;
  if (content.kind === 'other') {
    const text = modality === undefined ? t('unsupported.textUnknown') : t('unsupported.text', { modality });
    return <Tile icon={FileText} title={t('unsupported.title')} text={text} />;
  }
  if (!navigator.pdfViewerEnabled) return <Tile icon={FileText} title={t('document.pdf')} text={t('document.noPdfHere')} />;
  // A sandboxed frame shows no PDF in any browser; its type is fixed by the server, which lets only this page frame it.
  return <iframe src={`${document.url}/rendered`} title={document.title ?? t('document.pdf')} className="size-full border-0" />;
}

interface ReportProps extends Pick<BodyProps, 'document' | 'series' | 'onJump'> {
  readonly tree: ContentTree;
}

/** A structured report; the images of its study that it means are a press away. */
function Report({ document, series, onJump, tree }: ReportProps) {
  const t = useText('viewer');
  const openReference: OpenReference = ({ sopInstanceUid, frames }) => {
    const place = document.evidence?.get(sopInstanceUid);
    if (onJump === undefined || place === undefined || place.studyInstanceUid !== series.study.studyInstanceUid) return undefined;
    const target = { seriesInstanceUid: place.seriesInstanceUid, sopInstanceUid, frame: frames[0] ?? 1 };
    return { place: t('document.showImage'), run: () => onJump(target) };
  };
  return <ContentView tree={tree} openReference={openReference} />;
}

function Video({ document, mediaType }: { readonly document: DocumentModel; readonly mediaType: string }) {
  const t = useText('viewer');
  const [hasFailed, setHasFailed] = useState(() => window.document.createElement('video').canPlayType(mediaType) === '');
  if (hasFailed)
    return <Tile icon={Film} role="alert" title={t('document.video')} text={t('document.noVideoHere', { mediaType })} />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: videos of DICOM have no captions.
    <video
      src={`${document.url}/rendered`}
      controls
      preload="metadata"
      playsInline
      aria-label={document.title ?? t('document.video')}
      className="size-full bg-black object-contain"
      onError={() => setHasFailed(true)}
    />
  );
}
