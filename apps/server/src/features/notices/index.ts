import { listNotices, noticeEvents, readNotices } from '@negatoscope/contract';
import { type Router, sendEvents } from '../../access/router.ts';
import type { Tx } from '../../platform/db/database.ts';
import { noticeEventsFor } from './live.ts';
import { tellMany, tellOne } from './repository.ts';
import type { NoticeDeps } from './service.ts';
import * as notices from './service.ts';

/** Somebody is given a study by somebody else. */
export const tellAssigned = (tx: Tx, to: string, study: { readonly id: string }): Promise<void> =>
  tellOne(tx, to, 'STUDY_ASSIGNED', study.id);

/** Somebody has opened a patient in an emergency: those who answer for the patient are told, by the newest study. */
export const tellEmergency = (tx: Tx, people: readonly string[], studyId: string, accessId: string): Promise<void> =>
  tellMany(tx, people, { kind: 'EMERGENCY_ACCESS', studyId, entityId: accessId });

/** A share of theirs is closed by who guessed at its code. */
export const tellShareClosed = (tx: Tx, author: string): Promise<void> => tellOne(tx, author, 'SHARE_CLOSED', null);

/** Joins what people are told of to the router. */
export function registerNotices(router: Router, deps: NoticeDeps): void {
  router.handle(listNotices, ({ actor, query }) => notices.list(deps, actor, query.kind ?? null));
  router.handle(readNotices, ({ actor, body }) => notices.read(deps, actor, body.ids ?? null));
  router.handle(noticeEvents, async ({ actor, reply }) => sendEvents(reply, noticeEventsFor(deps, actor)));
}
