/** Why somebody is not signed in, or what is asked before they are: a part of the catalog. */
export const SIGN_IN_CODES = {
  INVALID_CREDENTIALS: { status: 401, fr: 'Adresse ou mot de passe incorrect.', en: 'Wrong address or password.' },
  SECOND_FACTOR_REQUIRED: {
    status: 403,
    fr: 'Montrez votre second facteur : un code de votre application, ou une clé d’accès.',
    en: 'Show your second factor: a code of your application, or a passkey.',
  },
  SECOND_FACTOR_SETUP_REQUIRED: {
    status: 403,
    fr: 'Votre rôle demande un second facteur : installez-le pour continuer.',
    en: 'Your role asks for a second factor: set it up to go on.',
  },
  SECOND_FACTOR_WRONG: {
    status: 403,
    fr: 'Ce code est faux ou a déjà servi. Attendez le suivant, et vérifiez l’heure du téléphone.',
    en: 'This code is wrong or was used. Wait for the next one, and check the clock of the phone.',
  },
  SECOND_FACTOR_LOST: {
    status: 409,
    fr: 'Le serveur ne peut plus lire votre application : sa clé a changé. Entrez un code de secours, et prévenez un administrateur.',
    en: 'The server can no longer read your application: its key has changed. Enter a recovery code, and tell an administrator.',
  },
  SECOND_FACTOR_OVER: {
    status: 409,
    fr: 'Cette étape n’est plus valable ; recommencez.',
    en: 'This step is no longer valid; begin again.',
  },
  PROOF_REQUIRED: {
    status: 403,
    fr: 'Montrez de nouveau que c’est bien vous.',
    en: 'Show again that it is you.',
  },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    fr: 'Ce mot de passe ne sert qu’une fois : choisissez le vôtre.',
    en: 'This password is for once only: choose your own.',
  },
  LINK_OVER: {
    status: 409,
    fr: 'Ce lien n’est plus valable : il a expiré, a déjà servi ou a été remplacé. Demandez-en un autre.',
    en: 'This link is no longer valid: it has expired, was used or was replaced. Ask for another.',
  },
  PASSWORDS_OFF: {
    status: 409,
    fr: 'Les mots de passe sont désactivés ici : cette personne vient par un fournisseur d’identité.',
    en: 'Passwords are turned off here: this person comes by an identity provider.',
  },
  PROVIDER_LINK_OVER: {
    status: 409,
    fr: 'Ce rattachement n’est plus valable ; recommencez depuis la page de connexion.',
    en: 'This linking is no longer valid; begin again at the sign-in page.',
  },
  PASSKEY_REFUSED: {
    status: 403,
    fr: 'Cette clé d’accès n’a pas été acceptée. Essayez-en une autre, ou un autre moyen de connexion.',
    en: 'This passkey was not accepted. Try another, or another way to sign in.',
  },
  PASSKEY_OVER: {
    status: 409,
    fr: 'Cette demande de clé d’accès n’est plus valable : elle a expiré ou a déjà servi. Recommencez.',
    en: 'This request for a passkey is no longer valid: it has expired or was used. Begin again.',
  },
  PASSKEY_KNOWN: {
    status: 409,
    fr: 'Cette clé d’accès est déjà enregistrée.',
    en: 'This passkey is registered already.',
  },
  PASSKEYS_FULL: {
    status: 409,
    fr: 'Vous avez déjà vingt clés d’accès : retirez-en une d’abord.',
    en: 'You have twenty passkeys already: remove one first.',
  },
  PASSKEYS_UNAVAILABLE: {
    status: 409,
    fr: 'Les clés d’accès demandent que ce serveur ait un nom et https (PUBLIC_URL). Un code d’application reste possible.',
    en: 'Passkeys ask that this server has a name and https (PUBLIC_URL). A code of an application remains possible.',
  },
  PASSKEYS_AT_PROVIDER: {
    status: 409,
    fr: 'Votre compte s’ouvre par un fournisseur d’identité seul : c’est chez lui que s’enregistre une clé d’accès.',
    en: 'Your account opens by an identity provider alone: a passkey is registered there.',
  },
  LAST_WAY_IN: {
    status: 409,
    fr: 'C’est le dernier moyen d’ouvrir votre compte : ajoutez-en un autre avant de le retirer.',
    en: 'This is the last way into your account: add another before you remove it.',
  },
  LAST_FACTOR: {
    status: 409,
    fr: 'Votre rôle demande un second facteur, et c’est votre dernier : installez-en un autre avant de le retirer.',
    en: 'Your role asks for a second factor, and this is your last: set up another before you remove it.',
  },
} as const;
