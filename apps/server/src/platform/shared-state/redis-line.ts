import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { createClient } from '@redis/client';

/** One connection, which is not made again by itself and keeps nothing for later. Fails as reading the authorities does. */
const dial = (make: typeof createClient, { url, ca }: RedisAddress) => {
  const socket = { connectTimeout: GIVE_UP_MS, reconnectStrategy: false } as const;
  const trusted = ca === undefined ? socket : { ...socket, tls: true as const, ca: readFileSync(ca) };
  return make({ url, disableOfflineQueue: true, socket: trusted });
};
export type RedisClient = ReturnType<typeof dial>;

export interface RedisAddress {
  /** `redis:` or `rediss:`, with a name and a password or not; they are never logged. */
  readonly url: string;
  /** With `rediss:`, a PEM file of the authorities that vouch for it; those of Node.js without. What it holds now counts for the next connection. */
  readonly ca?: string | undefined;
}

export interface RedisLineOptions extends RedisAddress {
  /** Before every key and channel of this installation. */
  readonly namespace: string;
  readonly onMessage: (text: string) => void;
  /** It answers, or not any more and why: a word of Redis (`WRONGPASS`), of TLS (`CERT_HAS_EXPIRED`), of the system (`ECONNREFUSED`), or `SLOW`. */
  readonly onTurn: (isHere: boolean, reason: string) => void;
}

/** Redis, as far as it answers. */
export interface RedisLine {
  /** Whether it answered last, and in time. */
  readonly isHere: boolean;
  /** Undefined while there is no connection. */
  readonly client: RedisClient | undefined;
  /** What `work` gives; fails at once while it is away, and after half a second, and then it is away until it answers in time. */
  ask<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
  publish(text: string): Promise<unknown>;
  close(): Promise<void>;
}

const BEAT_MS = 1_000;
/** Who asks does something else after this. */
const PATIENCE_MS = 500;
/** A connection that is silent for so long is given up. */
const GIVE_UP_MS = 4_000;
const RETRY_MS = 500;
const KEPT_MS = 10_000;

interface Speaking {
  readonly options: RedisLineOptions;
  readonly events: string;
  /** Where this process hears itself. */
  readonly own: string;
  readonly make: typeof createClient;
  clients: readonly RedisClient[];
  hasTurned: boolean;
  isHere: boolean;
  isClosed: boolean;
  timer: NodeJS.Timeout | undefined;
  hearsItself: (() => void) | undefined;
}

/** Two connections, one that asks and one that hears. The client is loaded only where it is used. */
export async function openRedisLine(options: RedisLineOptions): Promise<RedisLine> {
  const { createClient: make } = await import('@redis/client');
  const [events, own] = [`${options.namespace}:events`, `${options.namespace}:beat:${randomUUID()}`];
  const state = { clients: [], hasTurned: false, isHere: false, isClosed: false, timer: undefined, hearsItself: undefined };
  const line: Speaking = { options, events, own, make, ...state };
  void speak(line);
  const ask: RedisLine['ask'] = async (work) => {
    const [client] = line.clients;
    if (!line.isHere || client === undefined) throw new Error('Redis is away.');
    try {
      return await within(PATIENCE_MS, work(client));
    } catch (error) {
      turn(line, false, error);
      throw error;
    }
  };
  return {
    get isHere() {
      return line.isHere;
    },
    get client() {
      return line.clients[0];
    },
    ask,
    publish: (text) => ask((client) => client.publish(events, text)),
    close: async () => {
      line.isClosed = true;
      clearTimeout(line.timer);
      hangUp(line);
    },
  };
}

/** Connects, and stays as long as it is answered. */
async function speak(line: Speaking): Promise<void> {
  try {
    const [asker, hearer] = [dial(line.make, line.options), dial(line.make, line.options)];
    line.clients = [asker, hearer];
    // What fails is told by the beat; without a listener it would end the process.
    for (const client of line.clients) client.on('error', () => undefined);
    await within(GIVE_UP_MS, Promise.all([asker.connect(), hearer.connect()]));
    await within(GIVE_UP_MS, hearer.subscribe(line.events, line.options.onMessage));
    await within(
      GIVE_UP_MS,
      hearer.subscribe(line.own, () => line.hearsItself?.()),
    );
    while (!line.isClosed) {
      await beat(line, asker);
      await pause(line, BEAT_MS);
    }
  } catch (error) {
    hangUp(line);
    turn(line, false, error);
    await pause(line, RETRY_MS);
    if (!line.isClosed) void speak(line);
  }
}

/** Writes, tells and hears: one that only reads, that is full or that takes its time is of no use. */
async function beat(line: Speaking, asker: RedisClient): Promise<void> {
  const late = setTimeout(() => turn(line, false, 'SLOW'), PATIENCE_MS).unref();
  const begun = performance.now();
  const heard = new Promise<void>((resolve) => {
    line.hearsItself = resolve;
  });
  try {
    await within(GIVE_UP_MS, Promise.all([asker.set(line.own, '', { PX: KEPT_MS }), asker.publish(line.own, ''), heard]));
  } finally {
    clearTimeout(late);
  }
  if (performance.now() - begun < PATIENCE_MS) turn(line, true, '');
}

function turn(line: Speaking, isHere: boolean, cause: unknown): void {
  if (line.isClosed || (line.hasTurned && line.isHere === isHere)) return;
  line.hasTurned = true;
  line.isHere = isHere;
  line.options.onTurn(isHere, typeof cause === 'string' ? cause : reasonOf(cause));
}

function hangUp(line: Speaking): void {
  for (const client of line.clients) if (client.isOpen) client.destroy();
  line.clients = [];
}

/** A word for the log: messages of the client may name addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /^[A-Z]{3,}\b/.exec(error.message)?.[0] ?? error.constructor.name;
}

const pause = (line: Speaking, ms: number): Promise<void> =>
  new Promise((resolve) => {
    line.timer = setTimeout(resolve, ms).unref();
  });

class Late extends Error {
  readonly code = 'SLOW';
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Late('Redis did not answer in time.')), ms).unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
