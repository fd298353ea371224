const count = (letter: string, most: number): string[] => Array.from({ length: most }, (_, index) => `${letter}${index + 1}`);

/** Names of the vertebrae from the top. */
export const SPINE_LABELS: readonly string[] = [...count('C', 7), ...count('T', 12), ...count('L', 5), ...count('S', 5)];

/**
 * The name to propose for the next vertebra, after those that were given so far, in order: the one below the last, or above it where the last two went
 * upwards; the first one where there is none, or no further one. Texts that name no vertebra are passed over.
 */
export function nextSpineLabel(given: readonly string[]): string {
  const places = given.map((label) => SPINE_LABELS.indexOf(label.trim().toUpperCase())).filter((place) => place >= 0);
  const [last, before] = [places.at(-1), places.at(-2)];
  const [first = ''] = SPINE_LABELS;
  if (last === undefined) return first;
  const step = before !== undefined && before > last ? -1 : 1;
  return SPINE_LABELS[last + step] ?? first;
}
