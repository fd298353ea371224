import type { User } from '@negatoscope/contract';
import type { Mail } from '../../../platform/mail/mailer.ts';

/** To whom a factor was taken off: who did not ask for it knows that something is wrong. */
export function factorResetMail({ email, locale }: User, site: string): Mail {
  return locale === 'fr'
    ? {
        to: email,
        subject: `${site} : second facteur retiré`,
        text: `Bonjour,\n\nUn administrateur a retiré le second facteur et les clés d’accès de votre compte sur ${site}, et vos appareils sont déconnectés. Installez-en un autre dans votre profil.\n\nSi vous ne l’avez pas demandé, prévenez tout de suite la personne responsable de la sécurité.\n`,
      }
    : {
        to: email,
        subject: `${site}: second factor taken off`,
        text: `Hello,\n\nAn administrator has taken off the second factor and the passkeys of your account at ${site}, and your devices are signed out. Set up another in your profile.\n\nIf you did not ask for it, tell whoever is responsible for security at once.\n`,
      };
}
