import { type Service, scopeOf } from '../../../access/index.ts';
import type { TellPorts, Told } from '../check/tell.ts';
import * as repository from './repository.ts';

/** One mail in this time, however many warnings there are. */
const QUIET_MS = 15 * 60_000;

/** Tells who may read the journal that warnings wait for them: without names, which stand on the page. */
export async function tellWarnings({ db, clock, tellReaders }: TellPorts, by: Service): Promise<void> {
  const now = clock.now();
  const row = await db.reading(scopeOf(by), repository.findUntold);
  if (row === undefined || row.untold === 0) return;
  if (row.told_at !== null && now.getTime() - row.told_at.getTime() < QUIET_MS) return;
  await tellReaders((locale, site) => mailOf(locale, site, row.untold));
  await db.withScope(scopeOf(by), (tx) => repository.noteTold(tx, now, now));
}

const mailOf = (locale: 'fr' | 'en', site: string, count: number): Told =>
  locale === 'fr'
    ? {
        subject: `${site} : ${count === 1 ? 'une alerte du journal' : `${count} alertes du journal`}`,
        text: `Bonjour,\n\nLe journal des accès de ${site} signale ${count === 1 ? 'un usage inhabituel' : `${count} usages inhabituels`}. La page « Journal » dit lesquels ; quelqu’un doit les regarder et dire pourquoi c’est en ordre.\n`,
      }
    : {
        subject: `${site}: ${count === 1 ? 'one warning' : `${count} warnings`} of the audit log`,
        text: `Hello,\n\nThe audit log of ${site} shows ${count === 1 ? 'an unusual use' : `${count} unusual uses`}. The page “Audit log” says which; somebody has to look at them and say why they are in order.\n`,
      };
