const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Eight upper-case hexadecimal digits of a tag number (group × 65,536 + element). */
export function tagText(tag: number): string {
  return `${HEX[tag >>> 24] ?? ''}${HEX[(tag >>> 16) & 255] ?? ''}${HEX[(tag >>> 8) & 255] ?? ''}${HEX[tag & 255] ?? ''}`;
}
