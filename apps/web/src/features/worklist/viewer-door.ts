import { useEffect, useState } from 'react';
import { loadViewerTexts } from '../../i18n/index.ts';

export type Viewer = typeof import('../../viewer/index.ts')['Viewer'];

let here: Viewer | undefined;
let coming: Promise<Viewer> | undefined;

async function load(): Promise<Viewer> {
  const [viewer] = await Promise.all([import('../../viewer/index.ts'), loadViewerTexts()]);
  here = viewer.Viewer;
  return here;
}

/** The viewer with its texts. Rejects where the server is away, and asks it again the next time. */
export function loadViewer(): Promise<Viewer> {
  coming ??= load().catch((reason: unknown) => {
    coming = undefined;
    throw reason;
  });
  return coming;
}

/**
 * The viewer; undefined until it is here. Throws what it failed on, for the boundary around it. Not by Suspense, which shows what it
 * has waited for 300 ms after what stood in its place, at the earliest: a sixth of what a reader waits for the first image.
 */
export function useViewer(): Viewer | undefined {
  const [loaded, setLoaded] = useState<{ readonly viewer?: Viewer | undefined; readonly failure?: unknown }>({ viewer: here });
  useEffect(() => {
    let isGone = false;
    const tell = (now: typeof loaded): void => {
      if (!isGone) setLoaded(now);
    };
    loadViewer().then(
      (viewer) => tell({ viewer }),
      (failure: unknown) => tell({ failure }),
    );
    return () => {
      isGone = true;
    };
  }, []);
  if ('failure' in loaded) throw loaded.failure;
  return loaded.viewer;
}
