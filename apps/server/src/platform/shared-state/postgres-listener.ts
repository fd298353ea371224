import { EVENTS_CHANNEL, type Line, type ListenerOptions, openLine } from './listener-line.ts';
import { TopicListeners } from './listeners.ts';
import { CHANNELS, type Changes, type Channel, type LiveEvents, type Subscriber } from './port.ts';

/** One connection that hears all channels. There is only one of it in a process. */
interface Listener extends Changes {
  readonly onEvent: LiveEvents['subscribe'];
  close(): Promise<void>;
}
const RETRY_MS = 500;
/**
 * A connection can be dead without a sign (a cable, a firewall, a server that stands still). Notifications come before the answer to what is asked
 * after them, so that each answer proves that all was heard until it was asked; trust lasts as long as this after the last proof.
 */
const TRUST_MS = 4_000;

interface Hearing {
  readonly options: ListenerOptions;
  readonly subscribers: ReadonlyMap<Channel, Set<Subscriber>>;
  readonly listeners: TopicListeners;
  /** When that was asked whose answer proved last that all was heard; undefined while there is no connection. */
  provenAt: number | undefined;
  line: Line | undefined;
  timer: NodeJS.Timeout | undefined;
  isClosed: boolean;
}

export function createListener(options: ListenerOptions): Listener {
  const subscribers = new Map<Channel, Set<Subscriber>>(CHANNELS.map((channel) => [channel, new Set()]));
  const state = { provenAt: undefined, line: undefined, timer: undefined, isClosed: false };
  const hearing: Hearing = { options, subscribers, listeners: new TopicListeners(), ...state };
  return {
    subscribe: (channel, subscriber) => {
      const of = subscribers.get(channel);
      of?.add(subscriber);
      begin(hearing);
      return () => void of?.delete(subscriber);
    },
    onEvent: (topic, listener) => {
      begin(hearing);
      return hearing.listeners.add(topic, listener);
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
      if (channel === EVENTS_CHANNEL) hearing.listeners.tell(payload);
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
