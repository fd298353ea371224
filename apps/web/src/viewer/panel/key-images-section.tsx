import { ImageOff, Star, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { frameUrl, type StudyRef, seriesUrl } from '../model/dicomweb.ts';
import type { ForeignDocument } from '../model/foreign-documents.ts';
import { IconButton } from '../parts/controls.tsx';
import { keyName } from '../parts/desk-keys.ts';
import { type KeyFrame, type PlaceOf, placeKey, selectedFramesOf } from './key-frames.ts';
import { PanelButton } from './reading-section.tsx';
import { Coming, Nothing, Section } from './section.tsx';
import type { FrameTarget } from './use-jump.ts';
import { usePlaceText } from './use-place-text.ts';

interface KeyImagesSectionProps {
  readonly study: StudyRef;
  readonly frames: readonly KeyFrame[];
  readonly isKnown: boolean;
  /** Documents of others on the study: the selections among them name images. */
  readonly documents: readonly ForeignDocument[];
  readonly canWrite: boolean;
  readonly placeOf: PlaceOf;
  readonly onJump: (target: FrameTarget) => void;
  readonly onRemove: (frame: KeyFrame) => void;
  /** Marks what the active pane shows. */
  readonly onToggle: () => void;
}

/** Frames that were marked, with their pictures; a press goes there. */
export function KeyImagesSection({
  study,
  frames,
  documents,
  isKnown,
  canWrite,
  placeOf,
  onJump,
  onRemove,
  onToggle,
}: KeyImagesSectionProps) {
  const t = useText('viewer');
  const placeText = usePlaceText(placeOf);
  return (
    <Section
      title={t('panel.keyImages')}
      aside={canWrite && <PanelButton icon={Star} text={t('panel.star')} shortcut={keyName(t, 'shift+m')} onPress={onToggle} />}
    >
      {frames.length === 0 && !isKnown && <Coming />}
      {frames.length === 0 && isKnown && <Nothing>{t(canWrite ? 'panel.noKeyImages' : 'panel.noKeyImagesHere')}</Nothing>}
      <ul className="grid grid-cols-3 gap-1.5" data-testid="key-images">
        {frames.map((frame) => (
          <KeyImage key={placeKey(frame)} {...{ study, frame, onJump, onRemove }} place={placeText(frame)} />
        ))}
      </ul>
      {documents.map((one) => one.isSelection && <Selection key={one.document.url} {...{ study, placeText, onJump }} by={one} />)}
    </Section>
  );
}

interface SelectionProps extends Pick<KeyImagesSectionProps, 'study' | 'onJump'> {
  readonly by: ForeignDocument;
  readonly placeText: (frame: KeyFrame) => string;
}

/** The images of a key object selection that others have made; nobody changes it here. */
function Selection({ study, by, placeText, onJump }: SelectionProps) {
  const t = useText('viewer');
  const { frames, elsewhere } = useMemo(() => selectedFramesOf(by), [by]);
  return (
    <div className="mt-2" data-testid="foreign-selection">
      <p className="mb-1 break-words text-(--ng-text-dim) text-xs">{t('panel.selection', { title: by.title })}</p>
      <ul className="grid grid-cols-3 gap-1.5">
        {frames.map((frame) => (
          <KeyImage key={placeKey(frame)} {...{ study, frame, onJump }} onRemove={() => undefined} place={placeText(frame)} />
        ))}
      </ul>
      {elsewhere > 0 && <Nothing>{t('panel.elsewhere', { count: elsewhere })}</Nothing>}
    </div>
  );
}

interface KeyImageProps extends Pick<KeyImagesSectionProps, 'study' | 'onJump' | 'onRemove'> {
  readonly frame: KeyFrame;
  /** Where it stands in its series; empty where nobody knows. */
  readonly place: string;
}

function KeyImage({ study, frame, place, onJump, onRemove }: KeyImageProps) {
  const t = useText('viewer');
  const label = [t('panel.starred'), place || frame.selection].filter(Boolean).join(', ');
  return (
    <li className="relative" data-frame={frame.frame} data-sop={frame.sopInstanceUid}>
      <Button
        aria-label={label}
        className="block aspect-square w-full cursor-pointer overflow-hidden rounded bg-black outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) data-hovered:opacity-90"
        onPress={() => onJump(frame)}
      >
        <Thumbnail {...{ study, frame }} />
      </Button>
      {place !== '' && (
        <span
          aria-hidden
          className="pointer-events-none absolute bottom-0 left-0 rounded-tr bg-black/70 px-1 text-(--ng-text) text-[0.6875rem] tabular-nums"
        >
          {place}
        </span>
      )}
      {frame.selection === undefined ? (
        <Star size={12} aria-hidden className="pointer-events-none absolute top-1 left-1 fill-(--ng-amber) text-(--ng-amber)" />
      ) : (
        <span
          aria-hidden
          className="pointer-events-none absolute top-1 left-1 rounded bg-black/70 px-1 text-(--ng-info) text-[0.625rem]"
        >
          KO
        </span>
      )}
      {frame.ownId !== undefined && (
        <span className="absolute top-0 right-0 rounded-bl bg-black/70">
          <IconButton icon={X} label={[t('panel.unstar'), place].filter(Boolean).join(', ')} onPress={() => onRemove(frame)} />
        </span>
      )}
    </li>
  );
}

function Thumbnail({ study, frame }: Pick<KeyImageProps, 'study' | 'frame'>) {
  const [isMissing, setIsMissing] = useState(false);
  const address = `${frameUrl(seriesUrl(study, frame.seriesInstanceUid), frame.sopInstanceUid, frame.frame)}/thumbnail`;
  if (isMissing)
    return (
      <span className="flex size-full items-center justify-center text-(--ng-text-dim)">
        <ImageOff size={18} aria-hidden />
      </span>
    );
  return (
    <img
      src={address}
      alt=""
      loading="lazy"
      decoding="async"
      className="size-full object-contain"
      onError={() => setIsMissing(true)}
    />
  );
}
