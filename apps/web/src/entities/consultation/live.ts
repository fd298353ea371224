import { useEffect } from 'react';
import { queryClient } from '../../api/query-client.ts';
import { addressOf, ROUTES } from '../../api/routes.ts';
import { lineChanged } from './queries.ts';

const AGAIN_MS = 3_000;

function readLine(data: unknown): { id: string; version: number } | undefined {
  const line: unknown = JSON.parse(String(data));
  return typeof line === 'object' && line !== null && 'id' in line && 'version' in line
    ? { id: String(line.id), version: Number(line.version) }
    : undefined;
}

/** Listens until it is ended; what was missed while nobody listened is asked for when it begins again. */
function listen(): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    source?.close();
    source = undefined;
    clearTimeout(timer);
  };
  const begin = (): void => {
    stop();
    if (document.hidden || typeof EventSource === 'undefined') return;
    source = new EventSource(addressOf(ROUTES.consultationEvents.split(' ')[1] ?? '', {}));
    source.addEventListener('changed', ({ data }) => {
      const line = readLine(data);
      if (line !== undefined) lineChanged(line);
    });
    // An answer that ends, or a session that ran out: a list renews the session, which events can't.
    source.onerror = () => {
      stop();
      timer = setTimeout(() => {
        void queryClient.invalidateQueries({ queryKey: ['consultations'] });
        begin();
      }, AGAIN_MS);
    };
  };
  const onSeen = (): void => {
    if (!document.hidden) void queryClient.invalidateQueries({ queryKey: ['consultations'] });
    begin();
  };
  document.addEventListener('visibilitychange', onSeen);
  begin();
  return () => {
    document.removeEventListener('visibilitychange', onSeen);
    stop();
  };
}

/** Keeps consultations as they are on the server for as long as the page is open. A page that nobody sees lets go of the connection. */
export const useLiveConsultations = (): void => useEffect(listen, []);
