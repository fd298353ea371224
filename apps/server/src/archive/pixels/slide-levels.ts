import { type Slide, type SlideLevel, slidesOfLevels, WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import type { StoredSource } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Instances of a series that are looked at: a slide has a dozen levels. */
const MOST_INSTANCES = 64;

/** A slide, and where its levels are stored. */
export interface StoredSlide {
  readonly slide: Slide;
  readonly entryOf: (level: SlideLevel) => InstanceEntry | undefined;
}

export const isSlide = ({ sopClassUid }: Pick<InstanceEntry, 'sopClassUid'>): boolean => sopClassUid === WHOLE_SLIDE_MICROSCOPY;

/**
 * The slide that an instance is a level of, with what else of its series is (PS3.3 C.8.12.4); the first slide of the series where none is named.
 * Undefined for labels, overviews, and what can't be put together.
 */
export async function slideWith(
  source: StoredSource,
  own: InstanceEntry | undefined,
  others: readonly InstanceEntry[],
): Promise<StoredSlide | undefined> {
  const beside = others.filter((one) => isSlide(one) && one.id !== own?.id);
  const entries = [...(own === undefined ? [] : [own]), ...beside].slice(0, MOST_INSTANCES);
  const entryOf = new Map<string, InstanceEntry>();
  const levels: SlideLevel[] = [];
  for (const entry of entries) {
    const level = await source.locator.slideLevel(entry);
    if (level === undefined) continue;
    levels.push(level);
    entryOf.set(level.sopInstanceUid, entry);
  }
  const slides = slidesOfLevels(levels);
  const isOwn = ({ sopInstanceUid }: SlideLevel): boolean => own === undefined || sopInstanceUid === own.sopInstanceUid;
  const slide = slides.find(({ channels }) => channels.some(({ levels }) => levels.some(isOwn)));
  return slide && { slide, entryOf: ({ sopInstanceUid }) => entryOf.get(sopInstanceUid) };
}
