import { type ReactNode, useEffect, useState } from 'react';
import { useUser } from '../../api/me.ts';
import type { Pane, ViewerSession } from '../engine/index.ts';
import { TEXT_SIZES, useViewerPreferences, type ViewerPreferences } from '../preferences.ts';
import { KeyboardHelp } from './keyboard-help.tsx';
import { PictureDialog } from './picture-dialog.tsx';
import { useLetters } from './use-letters.ts';
import { ViewerSettings } from './viewer-settings.tsx';

export interface Dialogs {
  readonly preferences: ViewerPreferences;
  readonly onHelp: () => void;
  readonly onPicture: () => void;
  readonly onSettings: () => void;
  readonly dialogs: ReactNode;
}

/** What opens over the reading room, and the settings of who reads, which the session follows. */
export function useDialogs(session: ViewerSession | undefined, pane: Pane | undefined): Dialogs {
  const [preferences, setPreferences] = useViewerPreferences(useUser()?.id);
  const [open, setOpen] = useState<'help' | 'picture' | 'settings'>();
  const { textSize, mouse } = preferences;
  const letters = useLetters();
  useEffect(() => session?.setTextSize(Math.round(TEXT_SIZES[textSize] * letters)), [session, textSize, letters]);
  useEffect(() => session?.setBindings(mouse), [session, mouse]);
  const onClose = (): void => setOpen(undefined);
  return {
    preferences,
    onHelp: () => setOpen('help'),
    onPicture: () => setOpen('picture'),
    onSettings: () => setOpen('settings'),
    dialogs: (
      <>
        <KeyboardHelp isOpen={open === 'help'} onClose={onClose} mouse={mouse} />
        <PictureDialog isOpen={open === 'picture'} onClose={onClose} {...{ session, pane }} />
        <ViewerSettings isOpen={open === 'settings'} onClose={onClose} preferences={preferences} onChange={setPreferences} />
      </>
    ),
  };
}
