import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { csvLines } from '../../platform/csv.ts';
import { CSV_HEADER } from './csv.ts';
import { MOST_PRINTED, printed } from './print.ts';
import { findEvents } from './repository.ts';
import { type AuditRoutePorts, csvRows } from './routes.ts';

type Ports = Pick<AuditRoutePorts, 'db' | 'clock' | 'installation' | 'recordsOf' | 'patientOf'>;

/** Who saw a patient's record, and those that were merged into it, as PDF and CSV. Needs `audit.read`; who takes it has audited that. */
export async function patientLog(
  { db, clock, installation, recordsOf, patientOf }: Ports,
  actor: Person,
  patientId: string,
  { locale, timeZone }: { readonly locale: 'fr' | 'en'; readonly timeZone: string },
): Promise<{ path: string; bytes: Buffer }[]> {
  requirePermission(actor, 'audit.read');
  const { patient, records } = await db.reading(scopeOf(actor), async (tx) => ({
    patient: await patientOf(tx, actor, patientId),
    records: await recordsOf(tx, actor, patientId),
  }));
  const filter = { patients: records.length === 0 ? [patientId] : records };
  const rows = await db.reading(scopeOf(actor), (tx) => findEvents(tx, filter, undefined, MOST_PRINTED + 1));
  const pdf = await printed(rows, { ...{ locale, timeZone, installation, patient, patientId }, madeAt: clock.now() });
  const csv: string[] = [csvLines([CSV_HEADER])];
  for await (const lines of csvRows(db, filter)) csv.push(lines);
  return [
    { path: 'access-log.pdf', bytes: pdf },
    { path: 'access-log.csv', bytes: Buffer.from(csv.join('')) },
  ];
}
