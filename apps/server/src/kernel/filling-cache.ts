/**
 * Options of an LRUCache of at most so many entries that takes its memory as it fills. By `max` it takes all of it when it is made, and with 200,000 a tenth
 * of a second.
 */
export const filling = (entries: number): { readonly maxSize: number; readonly sizeCalculation: () => number } => ({
  maxSize: entries,
  sizeCalculation: () => 1,
});
