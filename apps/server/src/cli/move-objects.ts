import path from 'node:path';
import pLimit from 'p-limit';
import { scopeOf, service } from '../access/index.ts';
import { type NamedObject, nextObjects } from '../archive/objects/stored-objects.ts';
import { StartError } from '../kernel/start-error.ts';
import { type Db, openDatabase } from '../platform/db/database.ts';
import { DiskStore } from '../platform/objects/disk/index.ts';
import { type MoveOutcome, type MoveTarget, moveObject } from '../platform/objects/store/index.ts';
import { ROW_KINDS } from '../row-kinds.ts';
import { databaseOf } from '../supervisor/runtime.ts';
import type { Command, CommandContext } from './command.ts';

const PAGE = 200;
const PARALLEL = 4;
const TELL_EVERY = 5_000;

type Counts = Record<MoveOutcome | 'failed', number>;

/**
 * Copies what lies on this machine's disk into the bucket, beside the running server, which reads it from wherever it is. Each object is read back and compared
 * with its row; the copies on the disk stay until they are told to go.
 */
export const moveObjects: Command = {
  usage: 'move-objects [--remove]',
  summary: 'copies objects from the disk to S3, each compared; --remove takes them off the disk',
  async run(args, context) {
    const { settings, withRuntime } = context;
    const removes = args[0] === '--remove';
    if (args.length > (removes ? 1 : 0)) return 2;
    if (settings.objectStore !== 's3' || settings.s3 === undefined)
      throw new StartError('SETTING_MISSING', 'OBJECT_STORE is not s3: set it, restart the server with it, then move');
    const { S3Store } = await import('../platform/objects/s3/index.ts');
    const to = new S3Store(settings.s3);
    return withRuntime(async ({ databases }) => {
      const db = openDatabase({ ...databaseOf(databases), poolSize: 1 });
      const from = await DiskStore.open({ root: path.join(settings.dataDir, 'objects') });
      try {
        return await moveAll(context, db, { from, to, removes });
      } finally {
        to.close();
        await from.close();
        await db.close();
      }
    });
  },
};

interface Way {
  readonly from: DiskStore;
  readonly to: MoveTarget;
  readonly removes: boolean;
}

async function moveAll({ print, log }: Pick<CommandContext, 'print' | 'log'>, db: Db, way: Way): Promise<number> {
  const by = service('move-objects', ['system.manage']);
  const counts: Counts = { moved: 0, there: 0, damaged: 0, missing: 0, other: 0, failed: 0 };
  const turns = pLimit(PARALLEL);
  let done = 0;
  for (let after: string | null = null; ; ) {
    const cursor: string | null = after;
    const page: NamedObject[] = await db.reading(scopeOf(by), (tx) => nextObjects(tx, ROW_KINDS, { after: cursor, limit: PAGE }));
    await Promise.all(
      page.map((object) =>
        turns(async () => {
          const outcome = await moveObject(object, way).catch((error: unknown) => {
            log.warn({ object: object.id, err: error }, 'an object could not be moved');
            return 'failed' as const;
          });
          counts[outcome] += 1;
          if (outcome !== 'moved' && outcome !== 'there' && outcome !== 'failed')
            log.warn({ object: object.id, outcome }, 'an object was not moved');
        }),
      ),
    );
    done += page.length;
    after = page.at(-1)?.id ?? null;
    if (after === null) break;
    if (done % TELL_EVERY < PAGE) print(`${done} objects …`);
  }
  const { moved, there, ...troubles } = counts;
  const { damaged, missing, other, failed } = troubles;
  print(
    `${moved} moved, ${there} there before, ${damaged} damaged, ${missing} missing, ${other} not as they were sent, ${failed} failed`,
  );
  const isWhole = damaged + missing + other + failed === 0;
  if (isWhole)
    print(
      way.removes
        ? 'Nothing that has a row is on the disk any more.'
        : 'All of it is in S3. With --remove the copies on the disk go.',
    );
  return isWhole ? 0 : 1;
}
