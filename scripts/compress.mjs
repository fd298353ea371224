// Files that the server sends to browsers get their compressed forms beside them, so that no request waits for compression.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSED = /\.(js|css|html|wasm|svg|json)$/;
/** Below this a header costs as much as what is saved. */
const LEAST_BYTES = 512;

/** Writes `.br` (at the quality for its length) and `.gz` beside each text and WebAssembly of a folder, however deep, that becomes smaller by it. */
export async function compressFolder(folder, { brotliQuality }) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSED.test(entry.name));
  await Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const content = await readFile(file);
      if (content.length < LEAST_BYTES) return;
      const options = { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality(content.length) } };
      const [br, gz] = await Promise.all([promisify(brotliCompress)(content, options), promisify(gzip)(content, { level: 6 })]);
      if (br.length < content.length) await writeFile(`${file}.br`, br);
      if (gz.length < content.length) await writeFile(`${file}.gz`, gz);
    }),
  );
}
