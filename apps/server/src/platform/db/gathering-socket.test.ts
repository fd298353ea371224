import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

const server = net.createServer((socket) => void socket.pipe(socket));
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());

/** Counts what goes out to the system. */
class CountedSocket extends GatheringSocket {
  sent: number[] = [];
  override _write(chunk: Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.sent.push(1);
    super._write(chunk, encoding, done);
  }
  override _writev(chunks: { chunk: Uint8Array; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.sent.push(chunks.length);
    super._writev?.(chunks, done);
  }
}

it('what is written in one turn leaves by one system call, the next turn by another', async () => {
  const socket = new CountedSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1'); // A listening TCP server's address is an object.
  await once(socket, 'connect');
  let echoed = '';
  socket.on('data', (data: Buffer) => {
    echoed += data.toString('latin1');
  });
  for (const text of ['BEGIN', 'SELECT', 'COMMIT']) socket.write(Buffer.from(text));
  await setImmediate();
  socket.write(Buffer.from('BEGIN'));
  socket.write(Buffer.from('COMMIT'));
  while (echoed.length < 28) await once(socket, 'data');
  expect(echoed).toBe('BEGINSELECTCOMMITBEGINCOMMIT');
  expect(socket.sent).toEqual([3, 2]);
  socket.destroy();
});
