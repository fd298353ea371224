import { lazy, Suspense } from 'react';
import type { ShareProps } from './share-dialog.tsx';

const ShareDialog = lazy(() => import('./share-dialog.tsx').then((module) => ({ default: module.ShareDialog })));

/** The dialog of sharing, whose code comes when somebody shares. */
export const ShareStudies = (props: ShareProps) => (
  <Suspense fallback={null}>
    <ShareDialog {...props} />
  </Suspense>
);
