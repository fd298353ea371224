import { Cpu, X } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../i18n/index.ts';
import type { ViewerSession } from '../engine/index.ts';
import { IconButton } from './controls.tsx';

const KEPT_AS = 'ng.graphics';

function wasRead(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) === 'read';
  } catch {
    return false;
  }
}

function keepRead(): void {
  try {
    localStorage.setItem(KEPT_AS, 'read');
  } catch {
    // It is said again with the next page.
  }
}

/** Says once in each browser that images are painted without a graphics card: the same images, later on a slow machine. */
export function GraphicsNotice({ session }: { readonly session: ViewerSession | undefined }) {
  const t = useText('viewer');
  const [isRead, setIsRead] = useState(wasRead);
  if (session?.isPaintedByProcessor !== true || isRead) return null;
  const close = (): void => {
    keepRead();
    setIsRead(true);
  };
  return (
    <div
      role="status"
      data-testid="graphics-notice"
      className="flex shrink-0 items-center gap-2 border-(--ng-line) border-b bg-(--ng-surface-2) pl-3 text-(--ng-text) text-sm"
    >
      <Cpu size={16} aria-hidden className="shrink-0 text-(--ng-amber)" />
      <span className="min-w-0 grow py-1">{t('graphics.processor')}</span>
      <IconButton icon={X} label={t('actions.close')} onPress={close} />
    </div>
  );
}
