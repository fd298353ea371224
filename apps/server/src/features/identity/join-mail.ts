import type { User } from '@negatoscope/contract';
import type { Mail } from '../../platform/mail/mailer.ts';

/** To whose account an administrator has joined who came by an identity provider: who knows nothing of it knows that something is wrong. */
export function joinedMail({ email, locale }: User, site: string): Mail {
  return locale === 'fr'
    ? {
        to: email,
        subject: `${site} : un compte de l’établissement ouvre votre compte`,
        text: `Bonjour,\n\nUn administrateur a rattaché un compte d’un fournisseur d’identité à votre compte sur ${site} : il l’ouvre désormais.\n\nSi ce n’est pas le vôtre, prévenez tout de suite la personne responsable de la sécurité.\n`,
      }
    : {
        to: email,
        subject: `${site}: an account elsewhere opens your account`,
        text: `Hello,\n\nAn administrator has joined an account of an identity provider to your account at ${site}: it opens yours from now on.\n\nIf it is not yours, tell whoever is responsible for security at once.\n`,
      };
}
