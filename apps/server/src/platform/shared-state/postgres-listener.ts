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

interface Hearing {
  readonly options: ListenerOptions;
  readonly subscribers: ReadonlyMap<Channel, Set<Subscriber>>;
  readonly listeners: Map<Topic, Set<(payload: string) => void>>;
  /** When that was asked whose answer proved last that all was heard; undefined while there is no connection. */
  provenAt: number | undefined;
  line: Line | undefined;
  timer: NodeJS.Timeout | undefined;
  isClosed: boolean;
}

export function createListener(options: ListenerOptions): Listener {
  const subscribers = new Map<Channel, Set<Subscriber>>(CHANNELS.map((channel) => [channel, new Set()]));
  const state = { provenAt: undefined, line: undefined, timer: undefined, isClosed: false };
  const hearing: Hearing = { options, subscribers, listeners: new Map(), ...state };
  return {
    subscribe: (channel, subscriber) => {
      const of = subscribers.get(channel);
      of?.add(subscriber);
      begin(hearing);
      return () => void of?.delete(subscriber);
    },
    onEvent: (topic, listener) => {
      const of = hearing.listeners.get(topic) ?? new Set();
      hearing.listeners.set(topic, of.add(listener));
      begin(hearing);
      return () => void of.delete(listener);
    },
    get isTrusted() {
      return hearing.provenAt !== undefined && performance.now() - hearing.provenAt < TRUST_MS;
    },
    close: async () => {
      hearing.isClosed = true;
      clearTimeout(hearing.timer);
      await hearing.line?.end();
    },
  };
}

function begin(hearing: Hearing): void {
  if (hearing.line === undefined && !hearing.isClosed) connect(hearing);
}

function connect(hearing: Hearing): void {
  hearing.timer = undefined;
  hearing.line = openLine(hearing.options, {
    onReady: (askedAt) => {
      // Whoever read something between the loss and now must not keep it.
      reset(hearing);
      hearing.provenAt = askedAt;
    },
    onProof: (askedAt) => {
      hearing.provenAt = askedAt;
    },
    onPayload: (channel, payload) => {
      if (channel === EVENTS_CHANNEL) tellEvent(hearing, payload);
      for (const { onPayload } of hearing.subscribers.get(channel as Channel) ?? []) onPayload(payload);
    },
    onEnd: (error) => connectAgain(hearing, error),
  });
}

function connectAgain(hearing: Hearing, error: Error): void {
  const wasListening = hearing.provenAt !== undefined;
  hearing.provenAt = undefined;
  if (hearing.isClosed) return;
  if (wasListening) reset(hearing);
  hearing.options.onError?.(error);
  hearing.timer = setTimeout(() => connect(hearing), RETRY_MS).unref();
}

function reset({ subscribers }: Hearing): void {
  for (const of of subscribers.values()) for (const { onReset } of of) onReset();
}

function tellEvent({ listeners }: Hearing, text: string): void {
  const [topic = ''] = text.split(' ', 1);
  for (const listener of listeners.get(topic as Topic) ?? []) listener(text.slice(topic.length + 1)); // One that nobody knows has none.
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

interface OpenLine {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly events: LineEvents;
  hasEnded: boolean;
  deadline: NodeJS.Timeout | undefined;
  beat: NodeJS.Timeout | undefined;
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
  const line: OpenLine = { client, socket, events, hasEnded: false, deadline: undefined, beat: undefined };
  client.on('error', (error) => endWith(line, error));
  client.on('end', () => endWith(line, new Error('The connection for notifications ended.')));
  client.on('notification', ({ channel, payload }) => {
    if (!line.hasEnded) events.onPayload(channel, payload ?? '');
  });
  const begun = listen(line, assumeRole).catch((error: Error) => endWith(line, error));
  return {
    end: async () => {
      await begun;
      clearTimeout(line.beat);
      if (!line.hasEnded) await client.end();
    },
  };
}

async function listen(line: OpenLine, assumeRole: string | undefined): Promise<void> {
  await line.client.connect();
  const role = assumeRole === undefined ? '' : `SET ROLE ${pg.escapeIdentifier(assumeRole)};`;
  const channels = [...CHANNELS, EVENTS_CHANNEL].map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`);
  const askedAt = await ask(line, role + channels.join(';'));
  if (line.hasEnded) return;
  line.events.onReady(askedAt);
  beatOn(line);
}

function beatOn(line: OpenLine): void {
  line.beat = setTimeout(() => {
    ask(line, 'SELECT 1').then(
      (askedAt) => {
        if (line.hasEnded) return;
        line.events.onProof(askedAt);
        beatOn(line);
      },
      (error: Error) => endWith(line, error),
    );
  }, BEAT_MS).unref();
}

/** When it was asked; what is not answered in time ends the connection. */
async function ask(line: OpenLine, text: string): Promise<number> {
  const askedAt = performance.now();
  line.deadline = setTimeout(() => endWith(line, new Error('The database did not answer.')), GIVE_UP_MS).unref();
  await line.client.query(text);
  clearTimeout(line.deadline);
  return askedAt;
}

function endWith(line: OpenLine, error: Error): void {
  if (line.hasEnded) return;
  line.hasEnded = true;
  clearTimeout(line.deadline);
  clearTimeout(line.beat);
  line.socket.destroy();
  line.events.onEnd(error);
}
