import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { serveHanded } from './handed-connection.ts';

const MEBIBYTE = 1024 * 1024;
const BODY_BYTES = 64 * MEBIBYTE;
/** What the front door has read of a connection before it hands it over. */
const HEAD = Buffer.concat([
  Buffer.from(`POST / HTTP/1.1\r\nhost: archive.example.org\r\nconnection: close\r\ncontent-length: ${BODY_BYTES}\r\n\r\n`),
  Buffer.alloc(64 * 1024),
]);
/** What a stream and a chunk hold, and room to spare. */
const MOST_HELD = MEBIBYTE;

const undos: (() => void)[] = [];
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

/** Where a sender connects whose first bytes were read elsewhere. */
async function handingServer(handle: (incoming: IncomingMessage) => Promise<number>): Promise<number> {
  const server = createServer((incoming, response) => void handle(incoming).then((bytes) => response.end(String(bytes))));
  const sockets = new Set<Socket>();
  const door = createTcpServer((socket) => {
    sockets.add(socket);
    socket.unshift(HEAD);
    serveHanded(server, socket);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  undos.push(() => {
    for (const socket of sockets) socket.destroy();
    door.close();
  });
  const address = door.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The rest of the body as fast as it is taken; what is answered. */
async function sendRest(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString();
  });
  let left = BODY_BYTES - 64 * 1024;
  const more = (): void => {
    while (left > 0) {
      const length = Math.min(left, MEBIBYTE);
      left -= length;
      if (!socket.write(Buffer.alloc(length))) return void socket.once('drain', more);
    }
  };
  more();
  await once(socket, 'end');
  socket.destroy();
  return answer;
}

test('a body that is sent faster than it is read waits with its sender, from its first byte on', async () => {
  let most = 0;
  const port = await handingServer(async (incoming) => {
    // Nobody reads meanwhile.
    for (let times = 0; times < 20; times += 1) {
      await sleep(10);
      most = Math.max(most, incoming.readableLength);
    }
    let bytes = 0;
    for await (const chunk of incoming) {
      bytes += (chunk as Buffer).length; // A stream without an encoding.
      most = Math.max(most, incoming.readableLength);
    }
    return bytes;
  });
  expect(await sendRest(port)).toContain(String(BODY_BYTES));
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(MOST_HELD);
});
