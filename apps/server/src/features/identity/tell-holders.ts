import { type Permission, permissionsOf } from '@negatoscope/contract';
import type { IdentityContext } from './context.ts';
import { findActive } from './user-rows.ts';

/** What is written, in a language. */
export type MailOf = (locale: 'fr' | 'en', site: string) => { readonly subject: string; readonly text: string };

/**
 * Writes to everybody with an active account who has a permission. How many took it; 0 where the site sends no mail. Fails with the last failure when nobody could be
 * written to.
 */
export async function tellHolders(
  { db, mailer, site }: Pick<IdentityContext, 'db' | 'mailer' | 'site'>,
  permission: Permission,
  mailOf: MailOf,
): Promise<number> {
  if (mailer === undefined) return 0;
  const people = (await db.withSystem(findActive)).filter(({ role, level }) => permissionsOf(role, level).has(permission));
  const sent = await Promise.allSettled(people.map(({ email, locale }) => mailer.send({ to: email, ...mailOf(locale, site) })));
  const failed = sent.find(({ status }) => status === 'rejected');
  if (failed !== undefined && sent.every(({ status }) => status === 'rejected'))
    throw new Error('No mail could be sent.', { cause: failed });
  return sent.filter(({ status }) => status === 'fulfilled').length;
}
