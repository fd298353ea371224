import type { ChildProcess } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:net';
import { StartError } from '../kernel/start-error.ts';
import { Dealer, type FrontDoorOptions } from './dealer.ts';

/** The listening port: it accepts, and hands each connection to the web process whose turn it is. */
export interface FrontDoor {
  /** Lets a web process take part from when it says that it is ready until it ends. */
  serve(child: ChildProcess): void;
  /** Listens no more; who waits is closed. */
  close(): void;
}
/** What may be accepted in one turn of the loop: it must fit beside those that wait. */
const BACKLOG = 256;

/**
 * Listens on every address of the host. Who has not sent a whole header block and the begin of its body stays here, where they cost a descriptor and little
 * else, and those of whom nothing was heard the longest make room. The others are handed to a process, one connection at a time, which acknowledges it before it reads a byte; until then ours stays open, so that
 * what a dying process did not take goes to another. Fails with PORT_UNAVAILABLE.
 */
export async function openFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const dealer = new Dealer(options);
  const { host, port } = options;
  // `localhost` is two addresses where IPv6 is on.
  const addresses = host === 'localhost' ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const attempts = await Promise.allSettled(addresses.map((address) => listen(dealer, address, options)));
  const servers = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  const failed = attempts.find((attempt) => attempt.status === 'rejected');
  if (servers.length === 0) {
    const cause: unknown = failed?.reason;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new StartError('PORT_UNAVAILABLE', `PORT ${port} can't be listened on (${code}): choose another`, cause);
  }
  return {
    serve: (child) => dealer.serve(child),
    close: () => {
      for (const server of servers) server.close();
      dealer.close();
    },
  };
}

function listen(dealer: Dealer, host: string, { port, log }: FrontDoorOptions): Promise<Server> {
  // With a mark of one byte a stream that holds anything is full, and its socket is not read.
  const server = createServer({ highWaterMark: 1, noDelay: true }, (socket) => dealer.take(socket));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, backlog: BACKLOG }, () => {
      server.off('error', reject);
      // The system is out of descriptors: it goes on listening, and the next one may fit.
      server.on('error', (error) => log.warn(`a connection could not be accepted: ${error.message}`));
      resolve(server);
    });
  });
}
