import { type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db, ReadTx, Tx } from '../../../platform/db/database.ts';
import { beginPlace, findLinked, holdPlace, movePlace } from '../following/places.ts';
import type { Audit } from '../service.ts';
import { findCounted } from './counted.ts';
import { findKin, type NamesOfPatients } from './kin.ts';
import { type Finding, raise } from './repository.ts';
import type { WarnRules } from './rules.ts';

export interface WatchPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly rules: WarnRules;
  readonly namesOfPatients: (tx: ReadTx, by: Service, ids: readonly string[]) => ReturnType<NamesOfPatients>;
}

const BATCH = 1_000;

/**
 * Reads what was linked since the last run and warns of what its rules find: each event is looked at once, and while a warning waits for somebody the same is no other.
 * How many events were read, and how many warnings are new.
 */
export async function watchJournal(
  ports: WatchPorts,
  by: Service,
  signal: AbortSignal | undefined,
): Promise<{ events: number; warnings: number }> {
  const all = { events: 0, warnings: 0 };
  for (;;) {
    const { events, warnings } = await ports.db.withScope(scopeOf(by), (tx) => lookOnce(ports, tx, by));
    all.events += events;
    all.warnings += warnings;
    if (events < BATCH || signal?.aborted === true) return all;
  }
}

async function lookOnce(ports: WatchPorts, tx: Tx, by: Service): Promise<{ events: number; warnings: number }> {
  const place = await holdPlace(tx, 'warnings');
  if (place === undefined) {
    await beginPlace(tx, 'warnings');
    return { events: 0, warnings: 0 };
  }
  const events = await findLinked(tx, place.sequence, BATCH);
  const last = events.at(-1);
  if (last === undefined) return { events: 0, warnings: 0 };
  const { rules } = ports;
  const namesOfPatients: NamesOfPatients = (reading, ids) => ports.namesOfPatients(reading, by, ids);
  const counted = await findCounted(tx, events, rules);
  const kin =
    rules.records === 'off' ? [] : await findKin(tx, events, { namesOfPatients, withFamily: rules.records === 'family' });
  let warnings = 0;
  for (const found of [...counted, ...kin]) if (await warn(ports, tx, by, found)) warnings += 1;
  await movePlace(tx, 'warnings', last.sequence);
  return { events: events.length, warnings };
}

async function warn({ audit, clock }: WatchPorts, tx: Tx, by: Service, found: Finding): Promise<boolean> {
  const id = newId();
  const raised = await raise(tx, id, found, clock.now());
  if (raised?.is_new !== true) return false;
  await audit.record(tx, {
    ...{ action: 'audit.warned', actor: by, entityType: 'audit-warning', entityId: id, patientId: found.patientId },
    details: { rule: found.rule, about: found.actorId, amount: found.amount },
  });
  return true;
}
