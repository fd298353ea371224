import type { ChildProcess } from 'node:child_process';
import type { ChildMessage, MetricsWanted } from './child.ts';

const PATIENCE_MS = 3_000;
let lastId = 0;

/** What a child counts and measures, by its channel; undefined when it does not answer soon. */
export function askMetrics(child: ChildProcess | undefined, patienceMs = PATIENCE_MS): Promise<string | undefined> {
  if (child === undefined || !child.connected) return Promise.resolve(undefined);
  lastId += 1;
  const wanted: MetricsWanted = { type: 'metrics-wanted', id: lastId };
  return new Promise((resolve) => {
    const end = (text: string | undefined): void => {
      clearTimeout(timer);
      child.off('message', hear);
      resolve(text);
    };
    const hear = (message: ChildMessage): void => {
      if (message?.type === 'metrics' && message.id === wanted.id) end(message.text);
    };
    const timer = setTimeout(() => end(undefined), patienceMs);
    child.on('message', hear);
    child.send(wanted, (error) => {
      if (error !== null) end(undefined);
    });
  });
}
