import { Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane, PaneSnapshot, ViewerSession } from '../engine/index.ts';
import { formatDate, formatPersonName } from '../model/format.ts';
import { buttonClass } from './controls.tsx';
import { usePaneSnapshot } from './use-pane-snapshot.ts';
import { ViewerDialog } from './viewer-dialog.tsx';

interface PictureDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly session: ViewerSession | undefined;
  readonly pane: Pane | undefined;
}

function saveFile(blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  // Names of files are read by many: nothing of the patient stands in one.
  link.download = `image-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Prints the picture alone, on one page. */
async function print(blob: Blob): Promise<void> {
  const image = document.createElement('img');
  image.className = 'ng-print';
  image.alt = '';
  image.src = URL.createObjectURL(blob);
  await image.decode();
  document.body.append(image);
  document.body.dataset.printing = '';
  const end = (): void => {
    image.remove();
    delete document.body.dataset.printing;
    URL.revokeObjectURL(image.src);
  };
  window.addEventListener('afterprint', end, { once: true });
  window.print();
}

function useHeading({ series }: PaneSnapshot): readonly string[] {
  const t = useText('viewer');
  const locale = useLocale();
  const banner = series?.banner;
  if (series === undefined || banner === undefined) return [];
  const who = [formatPersonName(banner.name) || t('patient.unnamed'), banner.patientId, formatDate(banner.birthDate, locale)];
  const what = [formatDate(banner.studyDate, locale), banner.studyDescription, series.description];
  return [who, what].map((parts) => parts.filter(Boolean).join(' · '));
}

/** The image as it is seen, as a file or on paper. Whether it says whose it is, is chosen each time. */
export function PictureDialog({ isOpen, onClose, session, pane }: PictureDialogProps) {
  const t = useText('viewer');
  const snapshot = usePaneSnapshot(pane);
  const heading = useHeading(snapshot);
  const [choice, setChoice] = useState<'with' | 'without'>();
  const [hasFailed, setHasFailed] = useState(false);
  const close = (): void => {
    setChoice(undefined);
    setHasFailed(false);
    onClose();
  };
  const make = async (use: (blob: Blob) => void | Promise<void>): Promise<void> => {
    const notes = snapshot.isPreview ? [t('pane.preview')] : [];
    try {
      const blob = await session?.capture(pane?.id ?? '', { heading: choice === 'with' ? heading : [], notes });
      if (blob === undefined) throw new Error('Nothing is shown.');
      await use(blob);
      close();
    } catch {
      setHasFailed(true);
    }
  };
  return (
    <ViewerDialog title={t('picture.title')} isOpen={isOpen} onClose={close}>
      <fieldset className="flex flex-col gap-1 text-sm">
        <legend className="mb-1 text-(--ng-text-dim)">{t('picture.whose')}</legend>
        {(['with', 'without'] as const).map((one) => (
          <label key={one} className="ng-viewer-target flex items-center gap-2">
            <input type="radio" name="identity" checked={choice === one} onChange={() => setChoice(one)} />
            {t(`picture.${one}`)}
          </label>
        ))}
      </fieldset>
      {choice === 'without' && <p className="mt-2 text-(--ng-amber) text-sm">{t('picture.burned')}</p>}
      {hasFailed && (
        <p role="alert" className="mt-2 text-(--ng-danger) text-sm">
          {t('picture.failed')}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button
          isDisabled={choice === undefined}
          className={`${buttonClass} border border-(--ng-line) px-3 text-sm`}
          onPress={() => void make(saveFile)}
        >
          <Download size={16} aria-hidden />
          {t('picture.save')}
        </Button>
        <Button
          isDisabled={choice === undefined}
          className={`${buttonClass} border border-(--ng-line) px-3 text-sm`}
          onPress={() => void make(print)}
        >
          <Printer size={16} aria-hidden />
          {t('picture.print')}
        </Button>
      </div>
    </ViewerDialog>
  );
}
