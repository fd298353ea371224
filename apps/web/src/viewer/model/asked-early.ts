import { addressOf } from '../../api/address.ts';
import { offerEarly } from '../../api/early-answer.ts';
import type { RouteOf } from '../../api/operation.ts';
import { SHOWN_PRIORS } from './beside.ts';
import type { StudyRef } from './study-url.ts';

/** What has been asked for, and at which address. */
export interface Question {
  readonly address: string;
  readonly response: Promise<Response>;
}

/** Asks for what the application will ask for as well, and gives it to both. */
export function askEarly(address: string): Question {
  const waiting = new AbortController();
  const response = fetch(address, {
    headers: { Accept: 'application/json' },
    credentials: 'same-origin',
    signal: waiting.signal,
  });
  const own = response.then((answer) => answer.clone());
  own.catch(() => undefined);
  offerEarly(address, { response, abort: () => waiting.abort() });
  return { address, response: own };
}

const PRIORS: RouteOf<'listPriors'> = 'GET /api/studies/{studyInstanceUid}/priors';

/** Where the room asks for what may hang beside a study (`priorsQuery`). */
export const priorsAddress = ({ studyInstanceUid, groupId }: StudyRef): string =>
  addressOf(PRIORS.slice('GET '.length), { studyInstanceUid }, { groupId, limit: SHOWN_PRIORS });
