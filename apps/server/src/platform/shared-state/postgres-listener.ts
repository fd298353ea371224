import { Socket } from 'node:net';
import pg from 'pg';
import { CHANNELS, type Changes, type Channel, type LiveEvents, type Subscriber, type Topic } from './port.ts';

/** Live events of all topics, `<topic> <payload>`. */
export const EVENTS_CHANNEL = 'negatoscope_events';

export interface ListenerOptions {
  readonly connection: pg.ClientConfig;
  readonly assumeRole?: string | undefined;
  readonly onError?: ((error: Error) => void) | undefined;
}

/** One connection that hears all channels. There is only one of it in a process. */
interface Listener extends Changes {
  readonly onEvent: LiveEvents['subscribe'];
  close(): Promise<void>;
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

export function createListener(options: ListenerOptions): Listener {
  const subscribers = new Map<Channel, Set<Subscriber>>(CHANNELS.map((channel) => [channel, new Set()]));
  const listeners = new Map<Topic, Set<(payload: string) => void>>();
  let provenAt: number | undefined;
  let line: Line | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const reset = (): void => {
    for (const of of subscribers.values()) for (const { onReset } of of) onReset();
  };
  const tellEvent = (text: string): void => {
    const [topic = ''] = text.split(' ', 1);
    for (const listener of listeners.get(topic as Topic) ?? []) listener(text.slice(topic.length + 1)); // One that nobody knows has none.
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
        if (channel === EVENTS_CHANNEL) tellEvent(payload);
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

  const begin = (): void => {
    if (line === undefined && !isClosed) connect();
  };
  return {
    subscribe: (channel, subscriber) => {
      const of = subscribers.get(channel);
      of?.add(subscriber);
      begin();
      return () => void of?.delete(subscriber);
    },
    onEvent: (topic, listener) => {
      const of = listeners.get(topic) ?? new Set();
      listeners.set(topic, of.add(listener));
      begin();
      return () => void of.delete(listener);
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
function openLine({ connection, assumeRole }: ListenerOptions, events: LineEvents): Line {
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
    const askedAt = await ask(
      role + [...CHANNELS, EVENTS_CHANNEL].map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join(';'),
    );
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
