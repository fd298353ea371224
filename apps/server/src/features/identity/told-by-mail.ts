import type { Mail } from '../../platform/mail/mailer.ts';
import type { IdentityContext } from './context.ts';

/** Tells somebody by mail what was done to their account, where the site sends mail; nobody waits for it. `what` is logged where it was not sent: no address, no text. */
export function tellByMail({ log, mailer }: IdentityContext, mail: Mail, what: string): void {
  mailer?.send(mail).catch(() => log.warn({}, `mail of ${what} was not sent`));
}
