import { LRUCache } from 'lru-cache';
import type { Place, PlacedInstance } from '../../../archive/write/next-places.ts';
import type { InstanceSummary } from '../../../archive/write/received.ts';

/** Series that may be coming at a time. */
const MOST = 2_000;

const keyOf = (groupId: string | null, { studyInstanceUid, seriesInstanceUid }: InstanceSummary): string =>
  JSON.stringify([groupId, studyInstanceUid, seriesInstanceUid]);

/**
 * Where instances of a series were stored last: ids, by which the index is asked whether that is still so. Nothing is decided by what stands here; a series that
 * is not here, or is elsewhere now, goes the long way.
 */
export class KnownPlaces {
  readonly #places = new LRUCache<string, Place>({ max: MOST });

  find(groupId: string | null, summary: InstanceSummary): Place | undefined {
    return this.#places.get(keyOf(groupId, summary));
  }

  learn(groupId: string | null, placed: readonly PlacedInstance[]): void {
    for (const { staged, place } of placed) this.#places.set(keyOf(groupId, staged.summary), place);
  }

  /** The long way decides about these, and what comes of it is learned anew. */
  forget(groupId: string | null, placed: readonly PlacedInstance[]): void {
    for (const { staged } of placed) this.#places.delete(keyOf(groupId, staged.summary));
  }
}
