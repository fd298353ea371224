/** Files of a tree of an image by their paths: a reader of its own, so that what is written is not compared with itself (ECMA-119 8.4, 9.1). */
export function readIso(image: Buffer): { primary: Map<string, Buffer>; joliet: Map<string, Buffer> } {
  const trees = new Map<number, Map<string, Buffer>>();
  for (let sector = 16; ; sector += 1) {
    const descriptor = image.subarray(sector * 2048, (sector + 1) * 2048);
    if (descriptor.subarray(1, 6).toString('latin1') !== 'CD001') throw new Error('No volume descriptor.');
    const [type] = descriptor;
    if (type === 255) break;
    if (descriptor.readUInt32LE(80) !== image.length / 2048) throw new Error('The volume has another length.');
    const files = new Map<string, Buffer>();
    walk(image, { at: descriptor.readUInt32LE(158), length: descriptor.readUInt32LE(166) }, '', { isUnicode: type === 2, files });
    checkPathTable(image, descriptor);
    trees.set(type ?? 0, files);
  }
  return { primary: trees.get(1) ?? new Map(), joliet: trees.get(2) ?? new Map() };
}

interface Walk {
  readonly isUnicode: boolean;
  readonly files: Map<string, Buffer>;
}

function walk(image: Buffer, { at, length }: { at: number; length: number }, path: string, into: Walk): void {
  const folder = image.subarray(at * 2048, at * 2048 + length);
  for (let place = 0; place < folder.length; ) {
    const size = folder[place] ?? 0;
    if (size === 0) {
      place = (Math.floor(place / 2048) + 1) * 2048;
      continue;
    }
    const record = folder.subarray(place, place + size);
    place += size;
    const raw = record.subarray(33, 33 + (record[32] ?? 0));
    if (raw.length === 1 && (raw[0] ?? 9) < 2) continue;
    const name = into.isUnicode ? Buffer.from(raw).swap16().toString('utf16le') : raw.toString('latin1');
    const extent = { at: record.readUInt32LE(2), length: record.readUInt32LE(10) };
    if (record.readUInt32BE(6) !== extent.at || record.readUInt32BE(14) !== extent.length)
      throw new Error('Two byte orders differ.');
    if (((record[25] ?? 0) & 2) !== 0) walk(image, extent, `${path}${name}/`, into);
    else
      into.files.set(`${path}${name.replace(/\.?;1$/, '')}`, image.subarray(extent.at * 2048, extent.at * 2048 + extent.length));
  }
}

/** Every folder of the table in both orders begins with itself. */
function checkPathTable(image: Buffer, descriptor: Buffer): void {
  const length = descriptor.readUInt32LE(132);
  const [little, big] = [descriptor.readUInt32LE(140), descriptor.readUInt32BE(148)].map((at) =>
    image.subarray(at * 2048, at * 2048 + length),
  );
  for (let at = 0; at < length; ) {
    const sector = little?.readUInt32LE(at + 2) ?? 0;
    if (big?.readUInt32BE(at + 2) !== sector) throw new Error('Two path tables differ.');
    if (image.readUInt32LE(sector * 2048 + 2) !== sector) throw new Error('A folder of the path table is elsewhere.');
    const name = little?.[at] ?? 0;
    at += 8 + name + (name % 2);
  }
}
