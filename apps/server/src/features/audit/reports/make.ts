import { type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Mailer } from '../../../platform/mail/mailer.ts';
import { figuresOf } from './figures.ts';
import { named } from './named.ts';
import { csvOf, pdfOf, spanOf, titleOf } from './paper.ts';
import * as repository from './repository.ts';
import { TEXTS } from './texts.ts';

export interface ReportPorts {
  readonly db: Db;
  readonly clock: Clock;
  /** Of the site. */
  readonly timeZone: string;
  readonly installation: string;
  /** To whom each report is mailed; nobody where there is no mailer. */
  readonly reportsTo: readonly string[];
  readonly mailer: Pick<Mailer, 'send'> | undefined;
}

/** Daily reports are kept for so long, monthly ones for ever. */
const DAYS_KEPT = 400;

/** Makes the reports of days and months that are over and have none, and mails what was not mailed yet. How many were made. */
export async function makeReports(ports: ReportPorts, by: Service): Promise<number> {
  const { db, clock, timeZone } = ports;
  const scope = scopeOf(by);
  const now = clock.now();
  let made = 0;
  for (const due of await db.reading(scope, (tx) => repository.findDue(tx, timeZone, now))) {
    const { period, begins, from_at: from, to_at: to } = due;
    if (period === null || begins === null || from === null || to === null) continue;
    const figures = await db.reading(scope, (tx) => figuresOf(tx, from, to));
    const report = { id: newId(), period, begins, from, to, timeZone, figures, now };
    made += await db.withScope(scope, (tx) => repository.insertReport(tx, report));
  }
  await db.withScope(scope, (tx) => repository.removeOld(tx, new Date(now.getTime() - DAYS_KEPT * 86_400_000)));
  await mailReports(ports, by);
  return made;
}

async function mailReports({ db, clock, installation, reportsTo, mailer }: ReportPorts, by: Service): Promise<void> {
  if (mailer === undefined || reportsTo.length === 0) return;
  const scope = scopeOf(by);
  const { untold, locales } = await db.reading(scope, async (tx) => ({
    untold: await Promise.all((await repository.findUntold(tx)).map((row) => named(tx, row))),
    locales: new Map((await repository.findLocales(tx, reportsTo)).map(({ email, locale }) => [email.toLowerCase(), locale])),
  }));
  for (const { id, report } of untold) {
    for (const to of reportsTo) {
      const locale = locales.get(to.toLowerCase()) ?? 'fr';
      const title = titleOf(report.period, locale);
      const file = `audit-${report.begins}`;
      await mailer.send({
        ...{
          to,
          subject: `${installation} : ${title}, ${spanOf(report, locale)}`,
          text: TEXTS[locale].mail(title, spanOf(report, locale)),
        },
        attachments: [
          { name: `${file}.pdf`, type: 'application/pdf', content: await pdfOf(report, locale, installation) },
          { name: `${file}.csv`, type: 'text/csv', content: Buffer.from(csvOf(report)) },
        ],
      });
    }
    await db.withScope(scope, (tx) => repository.noteTold(tx, id, clock.now()));
  }
}
