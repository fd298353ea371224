import type { SharedInstance, SharedView } from '@negatoscope/contract';
import { addressOf } from '../api/address.ts';

/** `UNKNOWN`: the link opens nothing. `OVER`: the visit is not there any more. `PICTURE`: this picture can't be had, the others may. */
export type Refusal = 'UNKNOWN' | 'CODE_NEEDED' | 'CODE_WRONG' | 'TOO_OFTEN' | 'OVER' | 'OFFLINE' | 'PICTURE';

export class Refused extends Error {
  readonly kind: Refusal;
  /** Seconds to wait, where the server says so. */
  readonly waitS: number;

  constructor(kind: Refusal, waitS = 0) {
    super(kind);
    this.name = 'Refused';
    this.kind = kind;
    this.waitS = waitS;
  }
}

/** Who is signed in in this browser as well is the visit alone here: nothing is shown by a person's rights, and nothing refused for want of them (decision 128). */
export const OF_VISIT = { 'x-shared-visit': '1' } as const;
/** The same for what the browser asks for by itself: pictures and documents by their addresses. */
export const ofVisit = (address: string): string => `${address}?shared-visit=1`;

const CODES: Readonly<Record<string, Refusal>> = {
  SHARE_UNKNOWN: 'UNKNOWN',
  SHARE_CODE_NEEDED: 'CODE_NEEDED',
  SHARE_CODE_WRONG: 'CODE_WRONG',
  SHARE_VISIT_OVER: 'OVER',
  RATE_LIMITED: 'TOO_OFTEN',
};
/** Where an answer has no code of ours. */
const STATUSES: Readonly<Record<number, Refusal>> = { 401: 'OVER', 404: 'UNKNOWN', 429: 'TOO_OFTEN' };

async function codeOf(answer: Response): Promise<string> {
  const problem: unknown = await answer.json().catch(() => undefined);
  return typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : '';
}

async function refusalOf(answer: Response): Promise<Refused> {
  const kind = CODES[await codeOf(answer)] ?? STATUSES[answer.status] ?? (answer.status >= 500 ? 'OFFLINE' : 'UNKNOWN');
  return new Refused(kind, Number(answer.headers.get('retry-after') ?? 0));
}

/** Asks the server by the visit's own cookie. Fails with {@link Refused}. */
async function ask(address: string, more: RequestInit = {}): Promise<Response> {
  const answer = await fetch(address, { credentials: 'same-origin', ...more }).catch(() => {
    throw new Refused('OFFLINE');
  });
  if (!answer.ok) throw await refusalOf(answer);
  return answer;
}

/** Begins a visit by a link's secret, which goes in the body alone. */
export async function openLink(secret: string, code?: string): Promise<void> {
  const body = JSON.stringify({ secret, ...(code !== undefined && { code }) });
  await ask('/api/shared/open', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

/** What this visit shows. */
export const readVisit = async (): Promise<SharedView> => (await ask('/api/shared')).json();

/** The instances of a series in their order. */
export async function readSeries(id: string, signal: AbortSignal): Promise<readonly SharedInstance[]> {
  const answer = await ask(addressOf('/api/shared/series/{id}', { id }), { signal });
  const { instances }: { readonly instances: readonly SharedInstance[] } = await answer.json();
  return instances;
}

/** Ends the visit; what fails ends by its time. */
export async function endVisit({ csrfToken }: SharedView): Promise<void> {
  await ask('/api/shared', { method: 'DELETE', headers: { 'x-csrf-token': csrfToken } }).catch(() => undefined);
}

/** A picture. Fails with {@link Refused}, or as a question does that was given up. */
export async function readPicture(address: string, signal: AbortSignal): Promise<Blob> {
  const headers = { accept: 'image/jpeg', ...OF_VISIT };
  const answer = await fetch(address, { signal, credentials: 'same-origin', headers }).catch((error) => {
    if (signal.aborted) throw error;
    throw new Refused('OFFLINE');
  });
  if (answer.ok) return answer.blob();
  const { kind } = await refusalOf(answer);
  // That one frame can't be found or drawn says nothing of the visit: `UNKNOWN` is asked about.
  throw new Refused(answer.status === 401 || kind === 'TOO_OFTEN' || kind === 'OFFLINE' ? kind : 'PICTURE');
}
