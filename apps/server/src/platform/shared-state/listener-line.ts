import { Socket } from 'node:net';
import pg from 'pg';
import { clientOf } from '../db/client.ts';
import { CHANNELS } from './port.ts';

/** Live events of all topics, `<topic> <payload>`. */
export const EVENTS_CHANNEL = 'negatoscope_events';

export interface ListenerOptions {
  readonly connection: pg.ClientConfig;
  readonly assumeRole?: string | undefined;
  readonly onError?: ((error: Error) => void) | undefined;
}

/** As it is called in pg_stat_activity. */
export const LISTENER_NAME = 'negatoscope notifications';
const BEAT_MS = 1_000;
const GIVE_UP_MS = 10_000;

interface LineEvents {
  /** All channels are heard from now on. */
  readonly onReady: (askedAt: number) => void;
  readonly onProof: (askedAt: number) => void;
  readonly onPayload: (channel: string, payload: string) => void;
  /** Once, whatever ended it. */
  readonly onEnd: (error: Error) => void;
}

export interface Line {
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
export function openLine({ connection, assumeRole }: ListenerOptions, events: LineEvents): Line {
  const socket = new Socket();
  const client = clientOf({
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
