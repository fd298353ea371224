import {
  erasePatient,
  getRetention,
  liftHold,
  listErasures,
  listHolds,
  noteErasedReturn,
  placeHold,
  previewRetention,
  runRetention,
  saveRetention,
} from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import { type AskDeps, askForErasure } from './erasure/ask.ts';
import type { Elsewhere } from './erasure/elsewhere.ts';
import { listed, noteReturn } from './erasure/listed.ts';
import { keyOf } from './erasure/marks.ts';
import * as holds from './holds/service.ts';
import * as due from './retention/due.ts';
import * as rules from './retention/rules.ts';

export { ErasureEntry } from './erasure/entry.ts';
export { askAgain, eraseAsked } from './erasure/erase.ts';
export { keepEntries } from './erasure/kept-list.ts';
export { findEntries } from './erasure/repository.ts';
export { privacyJobs } from './jobs.ts';

export type PrivacyDeps = Omit<AskDeps, 'key'> & { readonly auditKey: Buffer; readonly elsewhere: Pick<Elsewhere, 'find'> };

/** Joins the rights of patients to the router: what is held, who is erased. */
export function registerPrivacy(router: Router, { auditKey, ...deps }: PrivacyDeps): void {
  const asking = { ...deps, key: keyOf(auditKey) };
  router.handle(listHolds, async ({ actor, query }) => ({ items: await holds.list(deps, actor, query.patient) }));
  router.handle(placeHold, async ({ actor, body, reply }) => {
    const hold = await holds.place(deps, actor, body);
    void reply.code(201);
    return hold;
  });
  router.handle(liftHold, async ({ actor, params, body }) => {
    await holds.lift(deps, actor, params.id, body);
    return undefined;
  });
  router.handle(erasePatient, async ({ actor, params, body, reply }) => {
    const erasure = await askForErasure(asking, actor, params.id, body);
    void reply.code(202);
    return erasure;
  });
  router.handle(listErasures, ({ actor }) => listed(deps, actor));
  router.handle(noteErasedReturn, async ({ actor, params }) => {
    await noteReturn(deps, actor, params.id);
    return undefined;
  });
  registerRetention(router, deps);
}

function registerRetention(router: Router, deps: Omit<PrivacyDeps, 'auditKey' | 'elsewhere'>): void {
  router.handle(getRetention, ({ actor }) => rules.getRules(deps, actor));
  router.handle(saveRetention, ({ actor, body }) => rules.saveRules(deps, actor, body));
  router.handle(previewRetention, ({ actor }) => due.preview(deps, actor));
  router.handle(runRetention, async ({ actor, body, reply }) => {
    const asked = await due.ask(deps, actor, body);
    void reply.code(202);
    return asked;
  });
}
