import {
  attachStudy,
  consultationEvents,
  detachStudy,
  getConsultation,
  listConsultations,
  listPhysicians,
  moveConsultation,
  moveOrder,
  orderFilm,
  predictConsultation,
  registerConsultation,
  updateConsultation,
} from '@negatoscope/contract';
import { type Person, type ServiceJob, scopeOf, serviceJob } from '../../access/index.ts';
import { liveChanges } from '../../access/live-changes.ts';
import { type Router, sendEvents } from '../../access/router.ts';
import { auditingRefusals, type ConsultationDeps } from './changes.ts';
import * as films from './films.ts';
import { ATTACH_FILMS } from './job-kinds.ts';
import { attachMade } from './made-films.ts';
import { move } from './moves.ts';
import { readerOf } from './reader.ts';
import * as consultations from './service.ts';
import { forgetSteps } from './steps.ts';

export type { ConsultationDeps } from './changes.ts';
export { beginStep, changeStep } from './steps.ts';
export { offeredOrders, tellNumbers } from './worklist.ts';

/** What people do with consultations, for what does it in their name: the demonstration set. */
export const consultationActs = {
  list: consultations.list,
  register: consultations.register,
  update: consultations.update,
  move,
  order: films.order,
  attach: films.attach,
};

type JobDeps = Omit<ConsultationDeps, 'events'> & { readonly state: Pick<ConsultationDeps, 'events'> };

/** How long steps stay that are of no order: a device may tell of its end weeks after. */
const STEPS_OF_NONE_MS = 90 * 86_400_000;

/** What modalities have made of what was ordered finds its way. */
export const consultationJobs = (deps: JobDeps): ServiceJob[] => [
  serviceJob(ATTACH_FILMS, ['consultations.register'], async (by, _payload, { signal }) => {
    const before = new Date(deps.clock.now().getTime() - STEPS_OF_NONE_MS);
    await deps.db.withScope(scopeOf(by), (tx) => forgetSteps(tx, before));
    return { attached: await attachMade({ ...deps, events: deps.state.events }, by, signal) };
  }),
];

/** Joins consultations to the router; gives back what other rooms are told of them. */
export function registerConsultations(
  router: Router,
  deps: ConsultationDeps & { readonly askFrom: films.AskFrom },
): ReturnType<typeof readerOf> {
  router.handle(listConsultations, ({ actor, query }) => consultations.list(deps, actor, query));
  router.handle(consultationEvents, async ({ actor, reply }) => {
    await deps.audit.noteLightly({ action: 'consultation.listened', actor, entityType: 'consultation' });
    const look = (id: string) => consultations.line(deps, actor, id).catch(() => undefined);
    return sendEvents(reply, liveChanges(deps.events, 'consultations-changed', look));
  });
  router.handle(listPhysicians, ({ actor, query }) => consultations.physicians(deps, actor, query.patientId));
  router.handle(getConsultation, ({ actor, params }) => consultations.get(deps, actor, params.id));
  const changing = <T>(actor: Person, work: () => Promise<T>): Promise<T> => auditingRefusals(deps, actor, work);
  router.handle(registerConsultation, async ({ actor, body, reply }) => {
    const made = await changing(actor, () => consultations.register(deps, actor, body));
    void reply.header('location', `/api/consultations/${made.id}`);
    return made;
  });
  router.handle(updateConsultation, ({ actor, params, body }) =>
    changing(actor, () => consultations.update(deps, actor, params.id, body)),
  );
  router.handle(moveConsultation, ({ actor, params, body }) => changing(actor, () => move(deps, actor, params.id, body)));
  router.handle(attachStudy, ({ actor, params, body }) => changing(actor, () => films.attach(deps, actor, params.id, body)));
  router.handle(detachStudy, ({ actor, params }) => films.detach(deps, actor, params.id, params.studyId));
  router.handle(orderFilm, ({ actor, params, body }) => changing(actor, () => films.order(deps, actor, params.id, body)));
  router.handle(moveOrder, ({ actor, params, body }) => changing(actor, () => films.setOrder(deps, actor, params, body)));
  router.handle(predictConsultation, async ({ actor, params, body, reply }) => {
    const asked = await films.predict(deps, actor, params.id, body);
    void reply.header('location', `/api/predictions/${asked.id}`);
    return asked;
  });
  return readerOf(deps);
}
