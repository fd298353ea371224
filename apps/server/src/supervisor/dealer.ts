import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ChildMessage, Handover } from './child.ts';
import { requestStart } from './request-start.ts';

export interface FrontDoorOptions {
  readonly host: string;
  readonly port: number;
  /** Connections that may wait to send the begin of a request, and as many that may wait for a web process; over it the oldest one is closed. */
  readonly mostWaiting: number;
  /** A connection must bring its first byte within this time; 10 s. */
  readonly silentMs?: number;
  /** And its first header block; 20 s. */
  readonly headersMs?: number;
  /** And the begin of the body that the headers announce; 30 s. */
  readonly bodyMs?: number;
  readonly log: { warn(message: string): void };
  /** How long a web process may take to take a connection before another one is handed to it. */
  readonly patienceMs?: number;
}

interface Guest {
  readonly socket: Socket;
  /** The bytes that were read here. */
  readonly head: Buffer;
  readonly waitsSince: number;
}

/** One whose request has not come so far that somebody could work on it. */
interface Visitor {
  readonly since: number;
  head: Buffer;
  awaits: 'headers' | 'body';
}

interface Handed extends Guest {
  readonly id: number;
  readonly late: NodeJS.Timeout;
  isSent: boolean;
}

const PATIENCE_MS = 10_000;
const SILENT_MS = 10_000;
/** Between a client's connecting and its sending on a busy machine. */
const NEW_MS = 500;
const HEADERS_MS = 20_000;
const BODY_MS = 30_000;
/** Longer waits mean that connections come faster than they are taken: the newest one goes first then. */
const FAIR_MS = 1_000;
const NOTHING = Buffer.alloc(0);
const LOOK_MS = 1_000;
const TELL_EVERY_MS = 10_000;

export class Dealer {
  readonly #options: FrontDoorOptions;
  /** In the order in which something was last heard of them. */
  readonly #unfinished = new Map<Socket, Visitor>();
  readonly #waiting: Guest[] = [];
  readonly #free: ChildProcess[] = [];
  readonly #handed = new Map<ChildProcess, Handed>();
  readonly #looking = setInterval(() => this.#closeLate(), LOOK_MS).unref();
  #lastId = 0;
  #toldAt = 0;
  #isMakingRoom = false;
  #isClosed = false;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  take(socket: Socket): void {
    socket.on('error', () => undefined);
    if (this.#isClosed) return void socket.destroy();
    const visitor: Visitor = { since: Date.now(), head: NOTHING, awaits: 'headers' };
    this.#unfinished.set(socket, visitor);
    const forget = (): void => void this.#unfinished.delete(socket);
    const read = (bytes: Buffer): void => {
      visitor.head = Buffer.concat([visitor.head, bytes]);
      const start = requestStart(visitor.head);
      forget();
      if (start !== 'ready') {
        visitor.awaits = start;
        this.#unfinished.set(socket, visitor);
        return;
      }
      socket.off('close', forget);
      socket.off('data', read);
      // Full again, and no longer flowing: not another byte is read here.
      socket.pause();
      socket.unshift(visitor.head);
      process.nextTick(() => this.#queue({ socket, head: visitor.head, waitsSince: Date.now() }));
    };
    socket.once('close', forget);
    socket.on('data', read);
    this.#makeRoom();
  }

  /**
   * Those that were accepted in this turn of the loop may have sent their headers already: they are read in the next one, and only then it shows
   * who is silent. A flood does not wait for that.
   */
  #makeRoom(): void {
    const { mostWaiting } = this.#options;
    if (this.#unfinished.size > 2 * mostWaiting) this.#closeOldestUnfinished();
    if (this.#unfinished.size <= mostWaiting || this.#isMakingRoom) return;
    this.#isMakingRoom = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#isMakingRoom = false;
        while (this.#unfinished.size > mostWaiting) this.#closeOldestUnfinished();
      }),
    );
  }

  #queue(guest: Guest): void {
    if (this.#isClosed) return void guest.socket.destroy();
    this.#waiting.push(guest);
    this.#deal();
    if (this.#waiting.length <= this.#options.mostWaiting) return;
    this.#waiting.shift()?.socket.destroy();
    this.#tell();
  }

  #closeLate(): void {
    const { silentMs = SILENT_MS, headersMs = HEADERS_MS, bodyMs = BODY_MS } = this.#options;
    const now = Date.now();
    for (const [socket, { since, head, awaits }] of this.#unfinished) {
      const most = head.length === 0 ? silentMs : awaits === 'headers' ? headersMs : bodyMs;
      if (now - since > most) socket.destroy();
    }
  }

  /** Of those that sent nothing if there are any, else the one of whom nothing was heard the longest: who has just come is about to send something. */
  #closeOldestUnfinished(): void {
    const silentSince = Date.now() - NEW_MS;
    let oldest: Socket | undefined;
    for (const [socket, { head, since }] of this.#unfinished) {
      oldest ??= socket;
      if (head.length > 0 || since > silentSince) continue;
      oldest = socket;
      break;
    }
    if (oldest === undefined) return;
    this.#unfinished.delete(oldest);
    oldest.destroy();
    this.#tell();
  }

  serve(child: ChildProcess): void {
    child.on('message', (message: ChildMessage) => {
      if (message?.type === 'ready') this.#isFree(child);
      if (message?.type === 'taken' && this.#handed.get(child)?.id === message.id) this.#settle(child);
    });
    child.once('exit', () => {
      const handed = this.#handed.get(child);
      this.#handed.delete(child);
      const index = this.#free.indexOf(child);
      if (index >= 0) this.#free.splice(index, 1);
      if (handed === undefined) return;
      clearTimeout(handed.late);
      if (this.#isClosed) return void handed.socket.destroy();
      this.#waiting.unshift({ socket: handed.socket, head: handed.head, waitsSince: Date.now() });
      this.#deal();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#looking);
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    for (const socket of this.#unfinished.keys()) socket.destroy();
  }

  #deal(): void {
    while (this.#waiting.length > 0) {
      const child = this.#free.shift();
      if (child === undefined) return;
      if (!child.connected) continue;
      const guest = this.#next();
      if (guest !== undefined) this.#hand(child, guest);
    }
  }

  /** In the order in which they came; who waits too long is overtaken, so that a flood makes others wait for one turn and not for all of it. */
  #next(): Guest | undefined {
    const since = this.#waiting[0]?.waitsSince ?? 0;
    return Date.now() - since > FAIR_MS ? this.#waiting.pop() : this.#waiting.shift();
  }

  #hand(child: ChildProcess, guest: Guest): void {
    const { socket, head } = guest;
    this.#lastId += 1;
    const id = this.#lastId;
    const late = setTimeout(() => this.#isLate(child, id), this.#options.patienceMs ?? PATIENCE_MS).unref();
    this.#handed.set(child, { ...guest, id, late, isSent: false });
    const message: Handover = { type: 'connection', id, head: head.toString('base64') };
    child.send(message, socket, { keepOpen: true }, (error) => {
      const handed = this.#handed.get(child);
      // One whose channel is gone ends, and its end gives the connection to another.
      if (error === null && handed?.id === id) handed.isSent = true;
    });
  }

  /**
   * A process that is busy, or has no descriptor left, does not take what it was handed. It may still find it in its channel, so nobody else
   * gets it; but the process gets another turn, since nothing else would ever tell that it is well again.
   */
  #isLate(child: ChildProcess, id: number): void {
    const handed = this.#handed.get(child);
    if (handed?.id === id && handed.isSent) this.#settle(child);
  }

  #settle(child: ChildProcess): void {
    const handed = this.#handed.get(child);
    if (handed === undefined) return;
    clearTimeout(handed.late);
    this.#handed.delete(child);
    // Closes our descriptor only: the connection lives by the one that was handed over.
    handed.socket.destroy();
    this.#isFree(child);
  }

  #isFree(child: ChildProcess): void {
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.#free.push(child);
    this.#deal();
  }

  #tell(): void {
    if (Date.now() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = Date.now();
    this.#options.log.warn(
      'more connections than there is room for: the oldest ones that wait, or that send nothing, are closed',
    );
  }
}
