import type { LinkKind, User } from '@negatoscope/contract';
import type { Mail } from '../../../platform/mail/mailer.ts';

interface Told {
  readonly email: string;
  readonly locale: User['locale'];
  readonly link: string;
  /** Whose the server is. */
  readonly site: string;
}

const TEXTS: Readonly<Record<User['locale'], Readonly<Record<LinkKind, (told: Told) => Omit<Mail, 'to'>>>>> = {
  fr: {
    INVITATION: ({ link, site }) => ({
      subject: `${site} : votre compte`,
      text: `Bonjour,\n\nUn compte vous attend sur ${site}. Choisissez votre mot de passe à cette adresse :\n\n${link}\n\nElle sert une seule fois, dans les 72 heures. Ensuite, demandez-en une autre à votre administrateur.\n`,
    }),
    RESET: ({ link, site }) => ({
      subject: `${site} : nouveau mot de passe`,
      text: `Bonjour,\n\nQuelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte sur ${site}. Choisissez-le à cette adresse :\n\n${link}\n\nElle sert une seule fois, dans l’heure. Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.\n`,
    }),
  },
  en: {
    INVITATION: ({ link, site }) => ({
      subject: `${site}: your account`,
      text: `Hello,\n\nAn account is waiting for you at ${site}. Choose your password at this address:\n\n${link}\n\nIt can be used once, within 72 hours. After that, ask your administrator for another.\n`,
    }),
    RESET: ({ link, site }) => ({
      subject: `${site}: new password`,
      text: `Hello,\n\nSomebody, most likely you, has asked for a new password for your account at ${site}. Choose it at this address:\n\n${link}\n\nIt can be used once, within the hour. If it was not you, do nothing: your password stays as it is.\n`,
    }),
  },
};

export const mailOf = (kind: LinkKind, told: Told): Mail => ({ to: told.email, ...TEXTS[told.locale][kind](told) });
