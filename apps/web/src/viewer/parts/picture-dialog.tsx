import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { Download, type LucideIcon, Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import { saveFile } from '../../ui/save-file.ts';
import type { Pane, ViewerSession } from '../engine/index.ts';
import { formatDate } from '../model/format.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { buttonClass } from './controls.tsx';
import { usePaneValue } from './use-pane-snapshot.ts';
import { ViewerDialog } from './viewer-dialog.tsx';

interface PictureDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly session: ViewerSession | undefined;
  readonly pane: Pane | undefined;
}

/** Names of files are read by many: nothing of the patient stands in one. */
const savePicture = (blob: Blob): void =>
  saveFile(blob, `image-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.png`);

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

function useHeading(series: SeriesModel | undefined): readonly string[] {
  const t = useText('viewer');
  const locale = useLocale();
  const banner = series?.banner;
  if (series === undefined || banner === undefined) return [];
  const who = [nameGroupOnPage(banner.name) || t('patient.unnamed'), banner.patientId, formatDate(banner.birthDate, locale)];
  const what = [formatDate(banner.studyDate, locale), banner.studyDescription, series.description];
  return [who, what].map((parts) => parts.filter(Boolean).join(' · '));
}

type Choice = 'with' | 'without';

/** What is chosen and made of the picture; a choice is never carried over to the next one. */
function usePicture({ session, pane, onClose }: PictureDialogProps) {
  const t = useText('viewer');
  const heading = useHeading(usePaneValue(pane, ({ series }) => series));
  const [choice, setChoice] = useState<Choice>();
  const [hasFailed, setHasFailed] = useState(false);
  const close = (): void => {
    setChoice(undefined);
    setHasFailed(false);
    onClose();
  };
  const make = async (use: (blob: Blob) => void | Promise<void>): Promise<void> => {
    const { isPreview, state } = pane?.getSnapshot() ?? {};
    const drawn = state === undefined || state.annotations.length === 0 ? [] : [t('states.notInPicture')];
    const notes = [...(isPreview === true ? [t('pane.preview')] : []), ...drawn];
    try {
      const blob = await session?.capture(pane?.id ?? '', { heading: choice === 'with' ? heading : [], notes });
      // Nothing is shown.
      if (blob === undefined) return setHasFailed(true);
      await use(blob);
      close();
    } catch {
      setHasFailed(true);
    }
  };
  return { choice, setChoice, hasFailed, close, make };
}

/** The image as it is seen, as a file or on paper. Whether it says whose it is, is chosen each time. */
export function PictureDialog(props: PictureDialogProps) {
  const t = useText('viewer');
  const { choice, setChoice, hasFailed, close, make } = usePicture(props);
  const isDisabled = choice === undefined;
  return (
    <ViewerDialog title={t('picture.title')} isOpen={props.isOpen} onClose={close}>
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
        <UseButton {...{ isDisabled }} icon={Download} text={t('picture.save')} onPress={() => void make(savePicture)} />
        <UseButton {...{ isDisabled }} icon={Printer} text={t('picture.print')} onPress={() => void make(print)} />
      </div>
    </ViewerDialog>
  );
}

interface UseButtonProps {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
}

const UseButton = ({ icon: Icon, text, isDisabled, onPress }: UseButtonProps) => (
  <Button isDisabled={isDisabled} className={`${buttonClass} border border-(--ng-line) px-3 text-sm`} onPress={onPress}>
    <Icon size={16} aria-hidden />
    {text}
  </Button>
);
