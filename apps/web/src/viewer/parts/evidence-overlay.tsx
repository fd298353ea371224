import { useSyncExternalStore } from 'react';
import { useText } from '../../i18n/index.ts';
import type { PaneSnapshot } from '../engine/index.ts';
import { onEvidence, shownEvidence } from '../model/shown-evidence.ts';

/** How a picture of the whole image lies in the pane: one px of it is one pixel of the image, wherever zoom, pan, rotation and flips put that. */
export function lyingOn({ frame, place }: Pick<PaneSnapshot, 'frame' | 'place'>): React.CSSProperties | undefined {
  const { columns, rows } = frame ?? {};
  if (place === undefined || columns === undefined || rows === undefined) return undefined;
  const { i, j, origin } = place;
  return {
    width: columns,
    height: rows,
    transformOrigin: '0 0',
    transform: `matrix(${[...i, ...j, ...origin].join(', ')})`,
  };
}

/** The model's evidence over the film that it is of: evidence of a model, no lesion, which is said on it. */
export function EvidenceOverlay({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  const evidence = useSyncExternalStore(onEvidence, shownEvidence);
  const style = lyingOn(snapshot);
  if (evidence === undefined || style === undefined || evidence.sopInstanceUid !== snapshot.frame?.sopInstanceUid) return null;
  return (
    <>
      <img
        src={evidence.address}
        alt=""
        draggable={false}
        data-testid="evidence-on-film"
        className="pointer-events-none absolute top-0 left-0 max-w-none"
        style={{ ...style, opacity: evidence.opacity }}
      />
      <span className="ng-viewer-backdrop pointer-events-none absolute bottom-12 left-1/2 -translate-x-1/2 text-(--ng-amber) text-xs">
        {t('prediction.evidence')}
      </span>
    </>
  );
}
