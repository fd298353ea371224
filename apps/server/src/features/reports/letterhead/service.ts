import type { BodyOf, ReportSite, saveReportSite } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { requireStorable, type TextDeps } from '../texts/keeping.ts';
import { keepLetterhead } from './letterhead.ts';
import { logoOf } from './logo.ts';
import * as repository from './repository.ts';

async function siteOf(tx: ReadTx, siteId: string | null): Promise<ReportSite> {
  const site = await repository.findSite(tx, siteId);
  const kept = site?.letterhead == null ? undefined : await repository.findLetterhead(tx, site.letterhead);
  const letterhead = kept === undefined ? null : { ...kept, logo: kept.logo?.toString('base64') ?? null };
  return { siteId, letterhead, mayDictate: site?.may_dictate ?? null };
}

/** Fails with NOT_FOUND for an unknown group. */
async function requireSite(tx: ReadTx, siteId: string | null): Promise<void> {
  if (siteId !== null && !(await groupExists(tx, siteId))) throw notFound();
}

/** What a site has set of its reports. Fails with NOT_FOUND. */
export const get = ({ db }: TextDeps, actor: Person, siteId: string | null): Promise<ReportSite> =>
  db.reading(scopeOf(actor), async (tx) => {
    await requireSite(tx, siteId);
    return siteOf(tx, siteId);
  });

/** A logo as it is kept: one that was kept before stays as it is, since a JPEG that is made anew each time gets worse each time. */
async function logoToKeep(sent: string | null, before: ReportSite): Promise<Buffer | null> {
  if (sent === null) return null;
  const bytes = Buffer.from(sent, 'base64');
  return sent === before.letterhead?.logo ? bytes : logoOf(bytes);
}

/** Sets letterhead and dictation of a site; what is signed stays under what it was signed under. Fails with NOT_FOUND, LOGO_UNREADABLE, VALIDATION_FAILED. */
export async function save(
  { db, audit, clock }: TextDeps,
  actor: Person,
  { siteId, letterhead, mayDictate }: BodyOf<typeof saveReportSite>,
): Promise<ReportSite> {
  if (letterhead !== null) {
    const { name, phone, lines } = letterhead;
    requireStorable({ 'letterhead.name': name, 'letterhead.phone': phone, 'letterhead.lines': lines.join('\n') });
  }
  const before = await get({ db, audit, clock }, actor, siteId);
  const logo = await logoToKeep(letterhead?.logo ?? null, before);
  return db.withScope(scopeOf(actor), async (tx) => {
    await requireSite(tx, siteId);
    const sha256 = letterhead === null ? null : await keepLetterhead(tx, { ...letterhead, logo });
    await repository.putSite(tx, siteId, { letterhead: sha256, mayDictate, now: clock.now() });
    await audit.record(tx, {
      ...{ action: 'report-site.saved', actor, entityType: 'report-site', ...(siteId === null ? {} : { entityId: siteId }) },
      ...{ groupId: siteId, details: { mayDictate, letterhead: sha256?.toString('hex') ?? null } },
    });
    return siteOf(tx, siteId);
  });
}
