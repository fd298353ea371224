/** How encoded images begin. */
const MARKERS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff], // JPEG and JPEG-LS: start of image.
  [0xff, 0x4f, 0xff, 0x51], // JPEG 2000 and HTJ2K code stream.
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20], // JP2 file.
  [0xff, 0x0a], // JPEG XL code stream.
  [0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20], // JPEG XL file.
];

/** Whether a fragment begins with an image of its own. */
export function startsImage(bytes: Uint8Array): boolean {
  return MARKERS.some((marker) => marker.every((byte, index) => bytes[index] === byte));
}
