import type { ShownAnnotation } from '../annotations/study-annotations.ts';

/** A frame that somebody has marked as a key image. */
export interface KeyFrame {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly frame: number;
  /** The marks on it, one's own among them or not. */
  readonly ids: readonly string[];
  /** One's own mark, which may be taken away. */
  readonly ownId: string | undefined;
}

export interface FramePlace {
  readonly sopInstanceUid: string;
  readonly frame: number;
}

export const placeKey = ({ sopInstanceUid, frame }: FramePlace): string => `${sopInstanceUid}|${frame}`;

/** The key images of a study, each frame once however many have marked it, in the order in which they were marked. */
export function keyFramesOf(items: readonly ShownAnnotation[]): KeyFrame[] {
  const frames = new Map<string, KeyFrame>();
  for (const item of items) {
    if (item.kind !== 'KEY_IMAGE') continue;
    const { seriesInstanceUid, sopInstanceUid, frame, id, mayChange } = item;
    const known = frames.get(placeKey(item));
    frames.set(placeKey(item), {
      ...{ seriesInstanceUid, sopInstanceUid, frame },
      ids: [...(known?.ids ?? []), id],
      ownId: known?.ownId ?? (mayChange ? id : undefined),
    });
  }
  return [...frames.values()];
}
