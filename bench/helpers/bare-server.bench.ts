import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { BOUNDARY } from '../support/data.ts';

/**
 * The least that durable reception can cost: what comes is received, hashed, written, fsynced and renamed. `whole` makes a file of each body; `each` one of
 * each part of it, as whoever can give a part back alone must, and flushes their folder. Arguments: port, folder, whole or each.
 */
const [port = '0', folder = '.', files = 'whole'] = process.argv.slice(2);
const DELIMITER = Buffer.from(`\r\n--${BOUNDARY}`);
const BLANK_LINE = Buffer.from('\r\n\r\n');

async function settle(file: FileHandle, name: string): Promise<void> {
  await file.sync();
  await file.close();
  await rename(`${name}.part`, name);
}

async function whole(request: IncomingMessage): Promise<string> {
  const name = path.join(folder, randomUUID());
  const hash = createHash('sha256');
  const file = await open(`${name}.part`, 'wx');
  for await (const chunk of request) {
    hash.update(chunk);
    await file.write(chunk);
  }
  await settle(file, name);
  return hash.digest('hex');
}

async function keep(chunks: readonly Buffer[]): Promise<string> {
  const name = path.join(folder, randomUUID());
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  const file = await open(`${name}.part`, 'wx');
  await file.writev(chunks);
  await settle(file, name);
  return hash.digest('hex');
}

/** Parts of bodies whose delimiters and heads lie in one chunk each, and others as they come: nobody looks at what is kept. */
async function each(request: IncomingMessage): Promise<string> {
  const kept: Promise<string>[] = [];
  let part: Buffer[] = [];
  let isHead = true;
  const take = (piece: Buffer): void => {
    const at = isHead ? piece.indexOf(BLANK_LINE) : -BLANK_LINE.length;
    if (isHead && at < 0) return;
    isHead = false;
    if (piece.length > at + BLANK_LINE.length) part.push(piece.subarray(at + BLANK_LINE.length));
  };
  for await (const chunk of request) {
    let rest = Buffer.from(chunk);
    for (let at = rest.indexOf(DELIMITER); at >= 0; at = rest.indexOf(DELIMITER)) {
      take(rest.subarray(0, at));
      if (part.length > 0) kept.push(keep(part));
      part = [];
      isHead = true;
      rest = rest.subarray(at + DELIMITER.length);
    }
    take(rest);
  }
  const hashes = await Promise.all(kept);
  const names = await open(folder);
  await names.sync();
  await names.close();
  return hashes.join();
}

const server = createServer((request, response) => {
  const store = async (): Promise<void> => {
    response.end(await (files === 'each' ? each(request) : whole(request)));
  };
  store().catch(() => response.writeHead(500).end());
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
