const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

/** Whether values of a VR are text (PS3.5 table 6.2-1). */
export const isText = (vr: string): boolean => TEXT.has(vr);

/** What fills up a value of an odd length: text ends with a space, UIDs and bytes with a zero (PS3.5 6.2, 9.1). */
export const fillOf = (vr: string): number => (TEXT.has(vr) && vr !== 'UI' ? 0x20 : 0);

/** Values have an even length (PS3.5 7.1.1): an odd one is filled up with one byte. */
export function even(bytes: Uint8Array, fill = 0): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = fill;
  return padded;
}
