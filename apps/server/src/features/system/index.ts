import { health, loadDemo } from '@negatoscope/contract';
import { Failure } from '../../kernel/failure.ts';
import type { Router } from '../../kernel/router.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import type { Actor } from '../access/index.ts';
import type { Audit } from '../audit/index.ts';

export interface SystemPorts {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly audit: Audit;
  readonly version: string;
  readonly checkQueue: () => Promise<void>;
  /** Opens the import that the demonstration set goes into and sends the job that fills it. */
  readonly startDemo: (actor: Actor) => Promise<string>;
}

const TIMEOUT_MS = 2_000;

/** `OK`, or `UNAVAILABLE` after two seconds: a part that hangs is down. */
async function stateOf(check: () => Promise<void>): Promise<'OK' | 'UNAVAILABLE'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'OK';
  } catch {
    return 'UNAVAILABLE';
  } finally {
    clearTimeout(timer);
  }
}

export function registerSystem(router: Router, ports: SystemPorts): void {
  router.handle(health, async () => {
    const [database, objects, queue] = await Promise.all([
      stateOf(() => ports.db.ping()),
      stateOf(() => ports.objects.check()),
      stateOf(ports.checkQueue),
    ]);
    const down = Object.entries({ database, objects, queue }).filter(([, state]) => state !== 'OK');
    if (down.length > 0)
      throw new Failure('UNAVAILABLE', {
        detail: `Not answering: ${down.map(([part]) => part).join(', ')}.`,
        retryAfterSeconds: 5,
      });
    return { status: 'OK' as const, database, objects, queue, version: ports.version };
  });
  router.handle(loadDemo, async ({ actor, reply }) => {
    const used = await ports.db.withSystem((tx) => tx.first('SELECT 1 FROM patients LIMIT 1'));
    if (used !== undefined) throw new Failure('CONFLICT', { detail: 'The demonstration set is for an empty server.' });
    const importId = await ports.startDemo(actor);
    await ports.audit.note({ action: 'system.demo', actor, entityType: 'import', entityId: importId });
    void reply.code(202);
    return { importId };
  });
}
