/**
 * Keeps a map or set, in order of insertion, under `most` keys: over it, the oldest tenth leaves at once. One at a time would walk
 * over the places of all that left before, for each key.
 */
export function evictOldest<K>(
  keyed: { readonly size: number; keys(): Iterable<K>; delete(key: K): boolean },
  most: number,
): void {
  if (keyed.size <= most) return;
  let excess = keyed.size - Math.floor(most * 0.9);
  for (const key of keyed.keys()) {
    if (excess <= 0) break;
    keyed.delete(key);
    excess -= 1;
  }
}
