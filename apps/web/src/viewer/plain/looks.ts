/** How the pieces over an image look: one set of names for the panes and for what stands in their place before them. */
export const CORNER =
  'ng-viewer-overlay pointer-events-none absolute flex max-w-[45%] flex-col text-[0.6875rem] leading-snug text-(--ng-text) @md:text-xs';
export const IDENTITY = `${CORNER} top-1.5 left-2 max-w-[80%] items-start`;
export const BACKDROP = 'ng-viewer-backdrop max-w-full truncate whitespace-pre';
export const EDGE = 'ng-viewer-overlay ng-viewer-backdrop pointer-events-none absolute font-semibold text-(--ng-amber) text-sm';
export const EDGES = {
  top: 'top-1.5 left-1/2 -translate-x-1/2',
  right: 'top-1/2 right-1.5 -translate-y-1/2',
  bottom: 'bottom-6 left-1/2 -translate-x-1/2',
  left: 'top-1/2 left-1.5 -translate-y-1/2',
} as const;
export const PREVIEW =
  'pointer-events-none absolute top-18 left-1/2 -translate-x-1/2 whitespace-nowrap rounded bg-black/85 px-2.5 py-1 text-(--ng-amber) text-xs';

/** What holds an image, where it is, and where the slider of its series will be: nothing jumps. */
export const OPENING = 'ng-opening pointer-events-none @container flex flex-col bg-black p-px';
export const OPENING_IMAGE = 'relative min-h-0 grow overflow-hidden';
export const OPENING_SLIDER = 'h-9 shrink-0 bg-(--ng-surface) pointer-coarse:h-11';
