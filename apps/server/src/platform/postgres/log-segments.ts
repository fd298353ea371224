/** Segments of PostgreSQL's log (WAL): 16 MiB each, numbered; a name says timeline and number. */
export const SEGMENT_BYTES = 16 * 2 ** 20;
const PER_FILE = 256;

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

export const segmentName = (timeline: number, number: number): string =>
  hex(timeline) + hex(Math.floor(number / PER_FILE)) + hex(number % PER_FILE);

/** The segment in which a place of the log (`16/B374D848`) is. */
export function segmentAt(place: string): number {
  const [high = '0', low = '0'] = place.split('/');
  return Number.parseInt(high, 16) * PER_FILE + Math.floor(Number.parseInt(low, 16) / SEGMENT_BYTES);
}

/** Where a segment begins. */
export const placeOf = (number: number): string =>
  `${Math.floor(number / PER_FILE).toString(16)}/${((number % PER_FILE) * SEGMENT_BYTES).toString(16)}`.toUpperCase();
