/** What is answered about a share, and to who opens its link: a part of the catalog. */
export const SHARE_CODES = {
  SHARE_UNKNOWN: {
    status: 404,
    fr: 'Ce lien n’ouvre rien : il est faux, terminé ou retiré. Demandez-en un autre à la personne qui vous l’a envoyé.',
    en: 'This link opens nothing: it is wrong, over or withdrawn. Ask who sent it to you for another one.',
  },
  SHARE_CODE_NEEDED: {
    status: 401,
    fr: 'Ce lien demande un code, que la personne qui vous l’a envoyé vous donne autrement.',
    en: 'This link asks for a code, which its sender gives you separately.',
  },
  SHARE_CODE_WRONG: {
    status: 401,
    fr: 'Ce code n’est pas le bon. Après dix codes faux, le lien est fermé pour toujours.',
    en: 'This code is not right. After ten wrong codes the link is closed for good.',
  },
  SHARE_VISIT_OVER: {
    status: 401,
    fr: 'Cette visite est terminée ; ouvrez de nouveau le lien.',
    en: 'This visit is over; open the link again.',
  },
} as const;
