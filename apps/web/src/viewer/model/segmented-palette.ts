const MAX_ENTRIES = 65_536;

/**
 * Expands Segmented Palette Color Lookup Table Data (PS3.3 C.7.9.2) of little-endian words: discrete (0), linear (1) and indirect (2)
 * segments. Undefined for segments that lead nowhere.
 */
export function expandSegments(data: Uint8Array): number[] | undefined {
  const words = Array.from(
    { length: data.length >> 1 },
    (_, index) => (data[2 * index] ?? 0) | ((data[2 * index + 1] ?? 0) << 8),
  );
  const levels: number[] = [];
  let isBroken = false;
  /** One discrete or linear segment; gives the position after it. */
  const take = (position: number): number => {
    const [opcode, length = 0, end = 0] = words.slice(position, position + 3);
    const start = levels.at(-1);
    isBroken ||= length === 0 || levels.length + length > MAX_ENTRIES || position + 2 >= words.length;
    if (isBroken) return words.length;
    if (opcode === 0) {
      levels.push(...words.slice(position + 2, position + 2 + length));
      return position + 2 + length;
    }
    isBroken = opcode !== 1 || start === undefined;
    for (let step = 1; step <= length; step += 1) levels.push(Math.round((start ?? 0) + ((end - (start ?? 0)) * step) / length));
    return position + 3;
  };
  let position = 0;
  while (!isBroken && position + 1 < words.length) {
    if (words[position] !== 2) {
      position = take(position);
      continue;
    }
    // An indirect segment repeats earlier ones: how many, and their place as a byte offset in two words.
    let target = ((words[position + 2] ?? 0) + (words[position + 3] ?? 0) * 65_536) / 2;
    for (let left = words[position + 1] ?? 0; left > 0 && !isBroken; left -= 1) target = take(target);
    position += 4;
  }
  return isBroken || levels.length === 0 ? undefined : levels;
}
