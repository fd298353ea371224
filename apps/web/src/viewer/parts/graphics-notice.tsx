import { Cpu, X } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import type { ViewerSession } from '../engine/index.ts';
import { IconButton } from './controls.tsx';

const KEPT_AS = 'ng.graphics';

type Kept = 'shown' | 'read' | undefined;

function kept(): Kept {
  try {
    const before = localStorage.getItem(KEPT_AS);
    return before === 'shown' || before === 'read' ? before : undefined;
  } catch {
    return undefined;
  }
}

function keep(what: Kept): void {
  try {
    if (what === undefined) localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, what);
  } catch {
    // It is said again with the next page.
  }
}

/**
 * Says once in each browser that images are painted without a graphics card: the same images, later on a slow machine. Where it stood in the last room it stands before this one's session tells, so that it does not
 * move the images.
 */
export function GraphicsNotice({ session }: { readonly session: ViewerSession | undefined }) {
  const t = useText('viewer');
  const [before, setBefore] = useState(kept);
  const remember = useCallback((what: Kept): void => {
    keep(what);
    setBefore(what);
  }, []);
  const isWithout = session?.isPaintedByProcessor ?? before === 'shown';
  const isShown = isWithout && before !== 'read';
  useEffect(() => {
    if (session !== undefined && before !== 'read') remember(isShown ? 'shown' : undefined);
  }, [session, before, isShown, remember]);
  if (!isShown) return null;
  return (
    <div
      role="status"
      data-testid="graphics-notice"
      className="flex shrink-0 items-center gap-2 border-(--ng-line) border-b bg-(--ng-surface-2) pl-3 text-(--ng-text) text-sm"
    >
      <Cpu size={16} aria-hidden className="shrink-0 text-(--ng-amber)" />
      <span className="min-w-0 grow py-1">{t('graphics.processor')}</span>
      <IconButton icon={X} label={t('actions.close')} onPress={() => remember('read')} />
    </div>
  );
}
