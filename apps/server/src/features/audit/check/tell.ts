import { type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import * as state from './state.ts';

export interface Told {
  readonly subject: string;
  readonly text: string;
}
/** Writes to everybody who may read the journal, in their language; how many were written to, 0 where the site sends no mail. Fails when none could be. */
export type TellReaders = (mail: (locale: 'fr' | 'en', site: string) => Told) => Promise<number>;

export interface TellPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly tellReaders: TellReaders;
}

/** Tells of a chain that does not hold, once for what is found. */
export async function tellBroken({ db, clock, tellReaders }: TellPorts, by: Service): Promise<void> {
  const scope = scopeOf(by);
  const row = await db.reading(scope, state.findCheck);
  if (row?.problem == null || row.told_at !== null) return;
  const at = row.bad_sequence;
  await tellReaders((locale, site) => mailOf(locale, site, at));
  await db.withScope(scope, (tx) => state.noteTold(tx, clock.now()));
}

const mailOf = (locale: 'fr' | 'en', site: string, at: number | null): Told =>
  locale === 'fr'
    ? {
        subject: `${site} : la chaîne du journal est rompue`,
        text: `Bonjour,\n\nLe journal des accès de ${site} ne correspond plus à sa chaîne${at === null ? '' : ` à partir de l’événement n° ${at}`}. Quelqu’un l’a peut-être modifié dans la base de données. La page « Système » dit ce qui a été trouvé.\n`,
      }
    : {
        subject: `${site}: the chain of the audit log is broken`,
        text: `Hello,\n\nThe audit log of ${site} no longer agrees with its chain${at === null ? '' : ` from event no. ${at} on`}. Somebody may have changed it in the database. The system page says what was found.\n`,
      };
