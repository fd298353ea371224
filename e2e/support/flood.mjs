// Opens connections that send nothing, headers or a body byte by byte, and opens again whatever is closed. One line `open` when all
// have been open once. Arguments: port, how many, kind.
import net from 'node:net';

const [, , port, count, kind] = process.argv;
const BEGINNINGS = {
  silent: undefined,
  headers: 'GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  body: 'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"email":"',
};
const beginning = BEGINNINGS[kind];
let opened = 0;

function open() {
  const socket = net.connect({ port: Number(port), host: '127.0.0.1' });
  let dripping;
  socket.once('connect', () => {
    opened += 1;
    if (opened === Number(count)) console.log('open');
    if (beginning === undefined) return;
    socket.write(beginning);
    dripping = setInterval(() => socket.write('a'), 5_000);
  });
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(dripping);
    setTimeout(open, 5_000);
  });
}

for (let index = 0; index < Number(count); index += 1) setTimeout(open, (index * 1_600) / Number(count));
