import { useEffect, useRef } from 'react';
import { useText } from '../../i18n/index.ts';
import type { PaneSnapshot } from '../engine/index.ts';

const COLOR_TOKEN = { loaded: '--ng-info', preview: '--ng-amber', failed: '--ng-danger' } as const;

function paint(canvas: HTMLCanvasElement, states: PaneSnapshot['states']): void {
  const width = Math.max(1, Math.min(2048, canvas.clientWidth));
  if (canvas.width !== width) canvas.width = width;
  canvas.height = 2;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const color = (state: keyof typeof COLOR_TOKEN): string => style.getPropertyValue(COLOR_TOKEN[state]);
  const colors = { loaded: color('loaded'), preview: color('preview'), failed: color('failed') };
  const step = width / states.length;
  // Of thousands of frames, neighbours in one state are one stroke.
  for (let from = 0, to = 0; from < states.length; from = to) {
    const state = states[from] ?? 'idle';
    while (to < states.length && states[to] === state) to += 1;
    if (state === 'idle' || state === 'loading') continue;
    context.fillStyle = colors[state];
    const left = Math.floor(from * step);
    context.fillRect(left, 0, Math.max(1, Math.floor((to - 1) * step) + Math.ceil(step) - left), 2);
  }
}

/** A thin line under the slider: which frames are here, or a preview of them, which failed; it fades when all are loaded. */
export function LoadProgress({ states }: Pick<PaneSnapshot, 'states'>) {
  const t = useText('viewer');
  const ref = useRef<HTMLCanvasElement>(null);
  const loaded = states.filter((state) => state === 'loaded').length;
  useEffect(() => {
    if (ref.current !== null && states.length > 0) paint(ref.current, states);
  }, [states]);
  return (
    <div
      role="progressbar"
      aria-label={t('pane.loaded', { count: loaded, total: states.length })}
      aria-valuemin={0}
      aria-valuemax={states.length}
      aria-valuenow={loaded}
      className={`ng-viewer-progress pointer-events-none absolute inset-x-0 bottom-1 ${loaded === states.length ? 'opacity-0' : ''}`}
    >
      <canvas ref={ref} aria-hidden className="h-0.5 w-full" />
    </div>
  );
}
