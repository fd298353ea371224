import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Gives a server a connection whose first bytes were read before, and put back (`unshift`). Node.js reads them while it begins to read the
 * connection: a body that they begin is full by then and pauses the connection, and only after that its reading begins ('resume' behind
 * 'pause'). What is paused and read all the same is never paused again, and who sends faster than is stored would fill this process's memory
 * with all of a body.
 */
export function serveHanded(server: Server, socket: Socket): void {
  server.emit('connection', socket);
  socket.on('resume', () => {
    if (socket.isPaused()) socket.emit('pause');
  });
}
