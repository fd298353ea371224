import { useEffect } from 'react';
import { addressOf } from '../../api/address.ts';
import { LiveEvents } from '../../api/live-events.ts';
import { queryClient } from '../../api/query-client.ts';
import { ROUTES } from '../../api/routes.ts';
import { lineChanged } from './queries.ts';

function take(data: string): void {
  const line: unknown = JSON.parse(data);
  if (typeof line === 'object' && line !== null && 'id' in line && 'version' in line)
    lineChanged({ id: String(line.id), version: Number(line.version) });
}

/** Lists, and the one that is open. */
const catchUp = (): Promise<unknown> =>
  Promise.all(['consultations', 'consultation'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));

function listen(): () => void {
  const [, path = ''] = ROUTES.consultationEvents.split(' ');
  const live = new LiveEvents({ address: () => addressOf(path), catchUp, isCaughtUp: true, on: { changed: take } });
  return () => live.close();
}

/** Keeps consultations as they are on the server for as long as the page is open. */
export const useLiveConsultations = (): void => useEffect(listen, []);
