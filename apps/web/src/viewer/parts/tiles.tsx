import { Download, EyeOff, FileText, ImageOff, LoaderCircle, type LucideIcon, PanelTop, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';
import type { PaneSnapshot } from '../engine/index.ts';
import { instanceUrl, seriesUrl } from '../model/study-url.ts';
import { PREVIEW } from '../plain/looks.ts';
import { buttonClass } from './controls.tsx';

interface TileProps {
  readonly icon: LucideIcon;
  readonly title?: string;
  readonly text?: string;
  readonly role?: 'alert' | 'status';
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}

/** What stands in place of an image: what happened, what is safe, what to do. */
export function Tile({ icon: Icon, title, text, role = 'status', isBusy = false, children }: TileProps) {
  return (
    <div role={role} className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-black p-6 text-center">
      <Icon
        size={28}
        aria-hidden
        className={`${role === 'alert' ? 'text-(--ng-amber)' : 'text-(--ng-text-dim)'} ${isBusy ? 'animate-spin' : ''}`}
      />
      {title !== undefined && <p className="font-medium text-(--ng-text) text-sm">{title}</p>}
      {text !== undefined && <p className="max-w-sm text-(--ng-text-dim) text-sm">{text}</p>}
      {children}
    </div>
  );
}

export function RetryButton({ onPress }: { readonly onPress: () => void }) {
  const t = useText('viewer');
  return (
    <Button className={`${buttonClass} mt-1 border border-(--ng-line) px-3 text-sm`} onPress={onPress}>
      <RotateCcw size={16} aria-hidden />
      {t('actions.retry')}
    </Button>
  );
}

/** What can't be shown is handed over as the file that it came in, to who may have files. */
export function DownloadFile({ url }: { readonly url: string }) {
  const t = useText('viewer');
  const can = useCan();
  if (!can('patients.identity')) return null;
  return (
    <a className={`${buttonClass} px-3 text-sm`} href={`${url}?accept=application/dicom`} download>
      <Download size={16} aria-hidden />
      {t('document.downloadFile')}
    </a>
  );
}

function DownloadFrame({ snapshot: { series, askedIndex } }: Pick<PaneTileProps, 'snapshot'>) {
  const frame = series?.frames[askedIndex];
  if (series === undefined || frame === undefined) return null;
  return <DownloadFile url={instanceUrl(seriesUrl(series.study, series.seriesInstanceUid), frame.sopInstanceUid)} />;
}

/** An image that comes: its shape where it will be, its texts where they will stand. */
export function PaneSkeleton({ text }: { readonly text: string }) {
  return (
    <div role="status" className="absolute inset-0 flex items-center justify-center bg-black p-2">
      <div aria-hidden className="ng-skeleton aspect-square h-4/5 max-w-full opacity-40" />
      <div aria-hidden className="absolute top-2 left-2 flex flex-col gap-1.5">
        <span className="ng-skeleton h-3 w-32" />
        <span className="ng-skeleton h-3 w-20" />
      </div>
      <span className="sr-only">{text}</span>
    </div>
  );
}

/** What is drawn is not without loss yet. It stays when the other texts are hidden. */
export function Preview() {
  const t = useText('viewer');
  return (
    <div role="status" className={PREVIEW}>
      {t('pane.preview')}
    </div>
  );
}

interface PaneTileProps {
  readonly snapshot: PaneSnapshot;
  /** What is coming into an empty pane. */
  readonly expected?: string | undefined;
  readonly onRetryFrame: () => void;
  readonly onRetrySeries: () => void;
}

/** The tile that covers a pane, if any: nothing while its image can be seen. */
export function PaneTile({ snapshot, expected, onRetryFrame, onRetrySeries }: PaneTileProps) {
  const t = useText('viewer');
  const { status, frameState, errorCode, askedIndex, series } = snapshot;
  if (status === 'empty' && expected !== undefined) return <Tile icon={LoaderCircle} isBusy text={expected} />;
  if (status === 'empty') return <Tile icon={PanelTop} text={t('pane.empty')} />;
  // Documents have a view of their own.
  if (status === 'unsupported' && (series?.documents.length ?? 0) > 0) return null;
  if (status === 'unsupported')
    return <Tile icon={FileText} title={t('unsupported.title')} text={t('unsupported.textUnknown')} />;
  if (status === 'failed') {
    return (
      <Tile icon={ImageOff} role="alert" title={t('error.seriesTitle')} text={t(`error.${errorCode ?? 'SERVER'}`)}>
        <RetryButton onPress={onRetrySeries} />
      </Tile>
    );
  }
  if (frameState === 'failed' && errorCode === 'HELD_BACK')
    return <Tile icon={EyeOff} title={t('error.frameHeld', { index: askedIndex + 1 })} text={t('error.HELD_BACK')} />;
  if (frameState === 'failed') {
    return (
      <Tile
        icon={ImageOff}
        role="alert"
        title={t(errorCode === 'NETWORK' ? 'error.frameAway' : 'error.frameTitle', { index: askedIndex + 1 })}
        text={t(`error.${errorCode ?? 'UNDECODABLE'}`)}
      >
        <RetryButton onPress={onRetryFrame} />
        {errorCode !== 'NETWORK' && <DownloadFrame {...{ snapshot }} />}
      </Tile>
    );
  }
  if (status === 'loading') return <PaneSkeleton text={t('pane.loading')} />;
  return null;
}
