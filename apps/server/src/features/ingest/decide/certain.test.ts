import { expect, test } from 'vitest';
import { NOTHING } from '../../../access/index.ts';
import { type Db, NotReplicated, type Tx } from '../../../platform/db/database.ts';
import { type Certain, withCertainty } from './certain.ts';

const lost = Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });

/** A database whose connection is lost at the commit, and which says this of the transaction afterwards. */
function losing(status: string, isThere: boolean, cause: Error = lost): Certain<string> & { asked: string[] } {
  const asked: string[] = [];
  const tx = {
    first: async (_text: string, [xid]: string[]) => {
      if (xid === undefined) return { xid: '7' };
      asked.push(xid);
      return { status };
    },
  };
  const db = {
    withScope: async (_scope: unknown, work: (given: Tx) => Promise<unknown>) => {
      await work(tx as unknown as Tx);
      throw cause;
    },
    reading: (_scope: unknown, work: (given: Tx) => Promise<unknown>) => work(tx as unknown as Tx),
  };
  return { db: db as unknown as Db, scope: NOTHING, isThere: async () => isThere, asked };
}
const kept = async (): Promise<string> => 'kept';

test('a commit whose answer was lost counts where the transaction is committed and what it wrote is there', async () => {
  const certain = losing('committed', true);
  expect(await withCertainty(certain, kept)).toBe('kept');
  expect(certain.asked).toEqual(['7']);
});

test('a number that another transaction was given, by a promoted replica or after a crash, vouches for nothing', async () => {
  await expect(withCertainty(losing('committed', false), kept)).rejects.toBe(lost);
  await expect(withCertainty(losing('aborted', true), kept)).rejects.toBe(lost);
});

test('what no replica has confirmed is not acknowledged, though it is committed here, and not tried again', async () => {
  const certain = losing('committed', true, new NotReplicated());
  await expect(withCertainty(certain, kept)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
  expect(certain.asked).toEqual([]);
});
