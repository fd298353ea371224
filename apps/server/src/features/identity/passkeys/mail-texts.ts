import type { User } from '@negatoscope/contract';
import type { Mail } from '../../../platform/mail/mailer.ts';

/** To who has a new passkey: it opens the account by itself, and stays when the password is changed. Who registered none knows that something is wrong. */
export function passkeyAddedMail({ email, locale }: Pick<User, 'email' | 'locale'>, site: string): Mail {
  return locale === 'fr'
    ? {
        to: email,
        subject: `${site} : nouvelle clé d’accès`,
        text: `Bonjour,\n\nUne clé d’accès a été enregistrée pour votre compte sur ${site} : elle l’ouvre désormais à elle seule, même après un changement de mot de passe.\n\nSi elle n’est pas de vous, retirez-la dans votre profil, changez votre mot de passe et prévenez tout de suite la personne responsable de la sécurité.\n`,
      }
    : {
        to: email,
        subject: `${site}: new passkey`,
        text: `Hello,\n\nA passkey was registered for your account at ${site}: it opens the account by itself from now on, even after the password is changed.\n\nIf it is not yours, remove it in your profile, change your password and tell whoever is responsible for security at once.\n`,
      };
}
