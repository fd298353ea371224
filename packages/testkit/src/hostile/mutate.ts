import type { Prng } from '../prng.ts';

/** Most of what decides about a file stands here; pixels behind it are hit by truncation and by fragments that begin in it. */
const HEADER_BYTES = 12_000;
const VRS = ['SQ', 'UN', 'OB', 'OW', 'PN', 'US', 'UT', 'FD', 'AT', 'UI', 'UV', 'zz'];

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

/** Kinds of damage with the share of each in a hundred. */
const KINDS: readonly (readonly [number, (prng: Prng) => readonly number[]])[] = [
  [20, (prng) => [prng.integer(0, 255), prng.integer(0, 255), prng.pick([0, 255]), prng.pick([0, 255])]],
  [10, (prng) => ascii(prng.pick(VRS))],
  [10, (prng) => [0xfe, 0xff, prng.pick([0x00, 0x0d, 0xdd]), 0xe0, 255, 255, 255, 255]],
  [10, (prng) => prng.pick([[255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 0], ascii('-1e308'), ascii('99999999')])],
  // Referenced Image Sequence (0008,1140) of undefined length, begun and never ended.
  [5, () => [0x08, 0x00, 0x40, 0x11, ...ascii('SQ'), 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0x00, 0xe0, 255, 255, 255, 255]],
  [5, (prng) => [0x1b, 0x24, 0x42, prng.integer(0x80, 0xff)]],
];

/**
 * A damaged copy of a DICOM file, one to four times: bit flips (30 %), wrong lengths (20 %), other VRs, truncation, delimiters and
 * extreme numbers (10 % each), nesting and character sets (5 % each). The same generator state gives the same damage.
 */
export function mutateFile(file: Uint8Array, prng: Prng): Uint8Array {
  const bytes = file.slice();
  const end = Math.min(bytes.length, HEADER_BYTES) - 24;
  if (end <= 0) return bytes;
  const times = prng.integer(1, 4);
  for (let time = 0; time < times; time += 1) {
    const at = prng.integer(0, end);
    let share = prng.integer(0, 99);
    if (share < 30) {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << prng.integer(0, 7));
      continue;
    }
    share -= 30;
    if (share < 10) return bytes.slice(0, at + 1);
    share -= 10;
    for (const [part, damage] of KINDS) {
      if (share < part) {
        bytes.set(damage(prng), at);
        break;
      }
      share -= part;
    }
  }
  return bytes;
}
