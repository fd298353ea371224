import { PanelRight } from 'lucide-react';
import { useText } from '../../i18n/index.ts';
import { IconToggle } from '../parts/controls.tsx';
import type { ReadingRoomState } from './use-reading-room.ts';

/** Shows and hides the panel. */
export function PanelToggle({ room: { isOpen, toggle } }: { readonly room: ReadingRoomState }) {
  const t = useText('viewer');
  return <IconToggle icon={PanelRight} label={t('panel.show')} shortcut="G" isSelected={isOpen} onPress={toggle} />;
}
