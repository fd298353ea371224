import { createHash, randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

/** The least that durable reception can cost: each body is received, hashed, written, fsynced and renamed. Arguments: port, folder. */
const [port = '0', folder = '.'] = process.argv.slice(2);

const server = createServer((request, response) => {
  const name = path.join(folder, randomUUID());
  const store = async (): Promise<void> => {
    const hash = createHash('sha256');
    const file = await open(`${name}.part`, 'wx');
    for await (const chunk of request) {
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.sync();
    await file.close();
    await rename(`${name}.part`, name);
    response.end(hash.digest('hex'));
  };
  store().catch(() => response.writeHead(500).end());
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
