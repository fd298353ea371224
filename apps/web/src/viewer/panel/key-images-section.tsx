import { ImageOff, Star, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { frameUrl, type StudyRef, seriesUrl } from '../model/dicomweb.ts';
import { IconButton } from '../parts/controls.tsx';
import { type KeyFrame, placeKey } from './key-frames.ts';
import { PanelButton } from './reading-section.tsx';
import { Coming, Nothing, Section } from './section.tsx';
import type { FrameTarget } from './use-jump.ts';

interface KeyImagesSectionProps {
  readonly study: StudyRef;
  readonly frames: readonly KeyFrame[];
  readonly isKnown: boolean;
  readonly canWrite: boolean;
  readonly onJump: (target: FrameTarget) => void;
  readonly onRemove: (frame: KeyFrame) => void;
  /** Marks what the active pane shows. */
  readonly onToggle: () => void;
}

/** Frames that were marked, with their pictures; a press goes there. */
export function KeyImagesSection({ study, frames, isKnown, canWrite, onJump, onRemove, onToggle }: KeyImagesSectionProps) {
  const t = useText('viewer');
  return (
    <Section
      title={t('panel.keyImages')}
      aside={canWrite && <PanelButton icon={Star} text={t('panel.star')} shortcut="⇧M" onPress={onToggle} />}
    >
      {frames.length === 0 && !isKnown && <Coming />}
      {frames.length === 0 && isKnown && <Nothing>{t(canWrite ? 'panel.noKeyImages' : 'panel.noKeyImagesHere')}</Nothing>}
      <ul className="grid grid-cols-3 gap-1.5" data-testid="key-images">
        {frames.map((frame) => (
          <KeyImage key={placeKey(frame)} {...{ study, frame, onJump, onRemove }} />
        ))}
      </ul>
    </Section>
  );
}

interface KeyImageProps extends Pick<KeyImagesSectionProps, 'study' | 'onJump' | 'onRemove'> {
  readonly frame: KeyFrame;
}

function KeyImage({ study, frame, onJump, onRemove }: KeyImageProps) {
  const t = useText('viewer');
  const [isMissing, setIsMissing] = useState(false);
  const address = `${frameUrl(seriesUrl(study, frame.seriesInstanceUid), frame.sopInstanceUid, frame.frame)}/thumbnail`;
  const label = t('panel.keyImage', { frame: frame.frame });
  return (
    <li className="relative" data-frame={frame.frame} data-sop={frame.sopInstanceUid}>
      <Button
        aria-label={label}
        className="block aspect-square w-full cursor-pointer overflow-hidden rounded bg-black outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) data-hovered:opacity-90"
        onPress={() => onJump(frame)}
      >
        {isMissing ? (
          <span className="flex size-full items-center justify-center text-(--ng-text-dim)">
            <ImageOff size={18} aria-hidden />
          </span>
        ) : (
          <img
            src={address}
            alt=""
            loading="lazy"
            decoding="async"
            className="size-full object-contain"
            onError={() => setIsMissing(true)}
          />
        )}
      </Button>
      <Star size={12} aria-hidden className="pointer-events-none absolute top-1 left-1 fill-(--ng-amber) text-(--ng-amber)" />
      {frame.ownId !== undefined && (
        <span className="absolute top-0 right-0 rounded-bl bg-black/70">
          <IconButton icon={X} label={t('panel.unstar', { frame: frame.frame })} onPress={() => onRemove(frame)} />
        </span>
      )}
    </li>
  );
}
