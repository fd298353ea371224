// Opens connections that send nothing, headers or a body byte by byte, or a body just quickly enough to be no idle connection, and opens again
// whatever is closed. One line `open` when all have been open once. Arguments: port, how many, kind.
import net from 'node:net';

const [, , port, count, kind] = process.argv;
const bodyOf = (length) =>
  `POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{"email":"`;
const KINDS = {
  silent: {},
  headers: { beginning: 'GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', drop: 'a', everyMs: 5_000 },
  body: { beginning: bodyOf(5_000), drop: 'a', everyMs: 5_000 },
  // More at first than a front door waits for, then 200 bytes a second.
  trickle: { beginning: bodyOf(900_000) + 'a'.repeat(4_000), drop: 'a'.repeat(200), everyMs: 1_000 },
};
const { beginning, drop, everyMs } = KINDS[kind];
let opened = 0;

function open() {
  const socket = net.connect({ port: Number(port), host: '127.0.0.1' });
  let dripping;
  socket.once('connect', () => {
    opened += 1;
    if (opened === Number(count)) console.log('open');
    if (beginning === undefined) return;
    socket.write(beginning);
    dripping = setInterval(() => socket.write(drop), everyMs);
  });
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(dripping);
    setTimeout(open, 5_000);
  });
}

for (let index = 0; index < Number(count); index += 1) setTimeout(open, (index * 1_600) / Number(count));
