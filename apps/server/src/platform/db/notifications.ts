import { Socket } from 'node:net';
import pg from 'pg';

/** Every channel on which the database tells of changes. */
export const CHANNELS = ['negatoscope_identity', 'negatoscope_series', 'negatoscope_index', 'negatoscope_objects'] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Subscriber {
  readonly onPayload: (payload: string) => void;
  /** Changes may have been missed: whatever was learned before is to be forgotten. Called when the connection is lost and when it is back. */
  readonly onReset: () => void;
}

/**
 * What one connection hears of all channels. There is only one of it in a process, so that there is one answer to the question whether
 * memory may be trusted.
 */
export interface Notifications {
  /** Begins to listen; gives the end of the subscription. */
  subscribe(channel: Channel, subscriber: Subscriber): () => void;
  /** Whether every change is heard now. While it is not, nothing may come from memory. */
  readonly isTrusted: boolean;
  close(): Promise<void>;
}

export interface NotificationOptions {
  readonly connection: pg.ClientConfig;
  readonly assumeRole?: string | undefined;
  readonly onError?: ((error: Error) => void) | undefined;
}

/** As it is called in pg_stat_activity. */
export const LISTENER_NAME = 'negatoscope notifications';
const RETRY_MS = 500;
const BEAT_MS = 1_000;
/**
 * A connection can be dead without a sign (a cable, a firewall, a server that stands still). Notifications come before the answer to what is asked
 * after them, so that each answer proves that all was heard until it was asked; trust lasts as long as this after the last proof.
 */
const TRUST_MS = 4_000;
const GIVE_UP_MS = 10_000;

export function createNotifications(options: NotificationOptions): Notifications {
  const subscribers = new Map<Channel, Set<Subscriber>>(CHANNELS.map((channel) => [channel, new Set()]));
  let provenAt: number | undefined;
  let line: Line | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const reset = (): void => {
    for (const of of subscribers.values()) for (const { onReset } of of) onReset();
  };
  const connect = (): void => {
    timer = undefined;
    line = openLine(options, {
      onReady: (askedAt) => {
        // Whoever read something between the loss and now must not keep it.
        reset();
        provenAt = askedAt;
      },
      onProof: (askedAt) => {
        provenAt = askedAt;
      },
      onPayload: (channel, payload) => {
        for (const { onPayload } of subscribers.get(channel as Channel) ?? []) onPayload(payload);
      },
      onEnd: (error) => {
        const wasListening = provenAt !== undefined;
        provenAt = undefined;
        if (isClosed) return;
        if (wasListening) reset();
        options.onError?.(error);
        timer = setTimeout(connect, RETRY_MS).unref();
      },
    });
  };

  return {
    subscribe: (channel, subscriber) => {
      const of = subscribers.get(channel);
      of?.add(subscriber);
      if (line === undefined && !isClosed) connect();
      return () => void of?.delete(subscriber);
    },
    get isTrusted() {
      return provenAt !== undefined && performance.now() - provenAt < TRUST_MS;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await line?.end();
    },
  };
}

interface LineEvents {
  /** All channels are heard from now on. */
  readonly onReady: (askedAt: number) => void;
  readonly onProof: (askedAt: number) => void;
  readonly onPayload: (channel: string, payload: string) => void;
  /** Once, whatever ended it. */
  readonly onEnd: (error: Error) => void;
}

interface Line {
  end(): Promise<void>;
}

/** One connection, from its beginning to its end. */
function openLine({ connection, assumeRole }: NotificationOptions, events: LineEvents): Line {
  const socket = new Socket();
  const client = new pg.Client({
    ...connection,
    application_name: LISTENER_NAME,
    connectionTimeoutMillis: 5_000,
    stream: () => socket,
  });
  let hasEnded = false;
  let deadline: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;
  const ended = (error: Error): void => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(deadline);
    clearTimeout(beat);
    socket.destroy();
    events.onEnd(error);
  };
  client.on('error', ended);
  client.on('end', () => ended(new Error('The connection for notifications ended.')));
  client.on('notification', ({ channel, payload }) => {
    if (!hasEnded) events.onPayload(channel, payload ?? '');
  });

  /** When it was asked; what is not answered in time ends the connection. */
  const ask = async (text: string): Promise<number> => {
    const askedAt = performance.now();
    deadline = setTimeout(() => ended(new Error('The database did not answer.')), GIVE_UP_MS).unref();
    await client.query(text);
    clearTimeout(deadline);
    return askedAt;
  };
  const beatOn = (): void => {
    beat = setTimeout(() => {
      ask('SELECT 1').then((askedAt) => {
        if (hasEnded) return;
        events.onProof(askedAt);
        beatOn();
      }, ended);
    }, BEAT_MS).unref();
  };
  const begin = async (): Promise<void> => {
    await client.connect();
    const role = assumeRole === undefined ? '' : `SET ROLE ${pg.escapeIdentifier(assumeRole)};`;
    const askedAt = await ask(role + CHANNELS.map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join(';'));
    if (hasEnded) return;
    events.onReady(askedAt);
    beatOn();
  };
  const begun = begin().catch(ended);
  return {
    end: async () => {
      await begun;
      clearTimeout(beat);
      if (!hasEnded) await client.end();
    },
  };
}
