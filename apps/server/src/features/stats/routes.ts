import {
  arrivalStatistics,
  delayStatistics,
  exportArrivalStatistics,
  exportDelayStatistics,
  exportPeopleStatistics,
  exportStorageStatistics,
  peopleStatistics,
  storageStatistics,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Person } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Audit } from '../audit/index.ts';
import { arrivals } from './arrivals.ts';
import { arrivalsCsv, delaysCsv, peopleCsv, storageCsv } from './csv.ts';
import { delays } from './delays.ts';
import { people } from './people.ts';
import { type StorageDeps, storage } from './storage.ts';

export interface FigureRouteDeps extends StorageDeps {
  readonly audit: Pick<Audit, 'activityOf' | 'note' | 'noteLightly'>;
}

/** What was asked for is a read like another; what leaves as a file is noted before its first byte. */
const about = (actor: Person, what: string, query: object) => ({ actor, details: { what, filters: Object.keys(query) } });

/** Figures as an answer and as a file. */
export function registerFigures(router: Router, deps: FigureRouteDeps): void {
  const read = (actor: Person, what: string, query: object): Promise<void> =>
    deps.audit.noteLightly({ action: 'statistics.read', ...about(actor, what, query) });
  const file = async (to: { actor: Person; query: object; reply: FastifyReply }, what: string, csv: string) => {
    await deps.audit.note({ action: 'statistics.export', ...about(to.actor, what, to.query) });
    return to.reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${what}.csv"`)
      .header('cache-control', 'no-store')
      .send(csv);
  };
  router.handle(arrivalStatistics, async ({ actor, query }) => {
    await read(actor, 'arrivals', query);
    return arrivals(deps, actor, query);
  });
  router.handle(exportArrivalStatistics, async (to) =>
    file(to, 'arrivals', arrivalsCsv(await arrivals(deps, to.actor, to.query))),
  );
  router.handle(delayStatistics, async ({ actor, query }) => {
    await read(actor, 'delays', query);
    return delays(deps, actor, query);
  });
  router.handle(exportDelayStatistics, async (to) => file(to, 'delays', delaysCsv(await delays(deps, to.actor, to.query))));
  router.handle(storageStatistics, async ({ actor, query }) => {
    await read(actor, 'storage', query);
    return storage(deps, actor, query);
  });
  router.handle(exportStorageStatistics, async (to) => file(to, 'storage', storageCsv(await storage(deps, to.actor, to.query))));
  router.handle(peopleStatistics, async ({ actor, query }) => {
    await read(actor, 'people', query);
    return people(deps, actor, query);
  });
  router.handle(exportPeopleStatistics, async (to) => file(to, 'people', peopleCsv(await people(deps, to.actor, to.query))));
}
