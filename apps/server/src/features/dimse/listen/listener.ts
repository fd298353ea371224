import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../../platform/log/log.ts';
import type { TlsFiles } from '../../../platform/tls/files.ts';
import { Association } from './association.ts';
import type { AssociationPorts } from './association-ports.ts';
import { Refusals } from './refusals.ts';
import { secureServer } from './secure-server.ts';

export interface Listener {
  /** Where it listens; undefined while it can't. */
  readonly port: () => number | undefined;
  readonly tlsPort: () => number | undefined;
  /** Connections, and associations among them. */
  readonly counts: () => { readonly connections: number; readonly associations: number };
  /** Why it can't listen, as the operating system names it. */
  readonly trouble: () => string | undefined;
  /** Connections that were closed because there were too many. */
  readonly turnedAway: () => number;
  /** Takes no more, lets what is being kept be answered for so long, and ends. */
  close(patienceMs: number): Promise<void>;
}

const TICK_MS = 500;
const TRY_AGAIN_MS = 5_000;

/** Connections, the oldest first. A flood costs its own: of those that have not said who they are, the oldest goes when there are too many. */
class Connections {
  readonly #ports: AssociationPorts;
  readonly #open = new Map<Association, { readonly socket: Socket; readonly address: string }>();
  turnedAway = 0;

  constructor(ports: AssociationPorts) {
    this.#ports = ports;
  }

  counts(): { connections: number; associations: number } {
    const associations = [...this.#open.keys()].filter(({ isSpeaking }) => isSpeaking).length;
    return { connections: this.#open.size, associations };
  }

  take(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const { connections, connectionsOfOne, halfOpen } = this.#ports.limits;
    const ofOne = [...this.#open.values()].filter((one) => one.address === address).length;
    const waiting = [...this.#open].filter(([{ isHalfOpen }]) => isHalfOpen);
    if (this.#open.size >= connections || ofOne >= connectionsOfOne) {
      socket.destroy();
      this.turnAway(address);
      return;
    }
    const [oldest] = waiting.length >= halfOpen ? waiting : [];
    if (oldest !== undefined) {
      oldest[1].socket.destroy();
      this.turnAway(oldest[1].address);
    }
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    const association = new Association(socket, this.#ports);
    this.#open.set(association, { socket, address });
    void association.run().finally(() => this.#open.delete(association));
  }

  /** Nothing was said that could be answered: the log is all that tells of it. */
  turnAway(address: string): void {
    this.turnedAway += 1;
    this.#ports.refusals.tell({ remote: address, code: 'TOO_MANY_CONNECTIONS' }, this.#ports.now());
    this.#ports.happenings.sentAway({ address, callingAet: '', calledAet: '', code: 'TOO_MANY_CONNECTIONS' });
  }

  tick(): void {
    for (const association of this.#open.keys()) association.tick();
    this.#ports.refusals.tick(this.#ports.now());
  }

  async end(patienceMs: number): Promise<void> {
    for (const [association, { socket }] of this.#open) {
      try {
        association.end();
      } catch (error) {
        // It costs only itself: what others send is still kept and answered.
        this.#ports.log.error({ err: error }, 'an association could not be ended in order');
        socket.destroy();
      }
    }
    const until = Date.now() + patienceMs;
    while (this.#open.size > 0 && Date.now() < until) await sleep(20);
    for (const { socket } of this.#open.values()) socket.destroy();
  }
}

/** Listens, and tries again when it can't: somebody else may have the port, and the rest of the server has nothing to do with it. */
function keepListening(
  server: Server,
  where: { readonly host: string; readonly port: number },
  log: Logger,
): { readonly stop: () => void; readonly trouble: () => string | undefined } {
  let timer: NodeJS.Timeout | undefined;
  let wasTold = false;
  let trouble: string | undefined;
  const listen = (): void => void server.listen({ ...where, exclusive: true });
  server.on('listening', () => {
    wasTold = false;
    trouble = undefined;
    log.info(where, 'listening for DICOM associations');
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (!wasTold)
      log.error({ ...where, code: error.code }, 'nobody can listen for DICOM associations there: trying again every 5 seconds');
    wasTold = true;
    trouble = error.code ?? error.name;
    timer = setTimeout(listen, TRY_AGAIN_MS);
  });
  listen();
  return { stop: () => clearTimeout(timer), trouble: () => trouble };
}

interface Where {
  readonly host: string;
  readonly port: number | undefined;
  readonly tls?: TlsFiles;
}

const portOf = (server: Server | undefined): number | undefined => {
  const address = server?.address();
  return typeof address === 'object' ? address?.port : undefined;
};

/** Takes associations at an address. */
export function openListener(ports: Omit<AssociationPorts, 'hasRoom' | 'refusals'>, { host, port, tls }: Where): Listener {
  const refusals = new Refusals(ports.log);
  const hasRoom = (): boolean => connections.counts().associations < ports.limits.associations;
  const connections = new Connections({ ...ports, refusals, hasRoom });
  const plain = port === undefined ? undefined : { server: createServer((socket) => connections.take(socket)), port };
  const secure =
    tls?.port === undefined ? undefined : { ...secureServer(tls, { ...ports, refusals }, connections), port: tls.port };
  const open = [plain, secure].flatMap((one) => one ?? []);
  const listening = open.map((one) => keepListening(one.server, { host, port: one.port }, ports.log));
  const ticking = setInterval(() => connections.tick(), TICK_MS);
  return {
    port: () => portOf(plain?.server),
    tlsPort: () => portOf(secure?.server),
    counts: () => connections.counts(),
    trouble: () => listening.map(({ trouble }) => trouble()).find((trouble) => trouble !== undefined),
    turnedAway: () => connections.turnedAway,
    close: async (patienceMs) => {
      for (const { stop } of listening) stop();
      clearInterval(ticking);
      for (const { server } of open) server.close(() => undefined);
      secure?.cut();
      await connections.end(patienceMs);
    },
  };
}
