export const auth = {
  tagline: 'Vos images, sur une table lumineuse.',
  lead: 'Radiographies, scanners et IRM : déposés en un geste, retrouvés en une seconde, lus dans le navigateur.',
  signIn: 'Se connecter',
  signInTitle: 'Connexion',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  showPassword: 'Afficher le mot de passe',
  hidePassword: 'Masquer le mot de passe',
  forgotten: 'Mot de passe oublié ? L’administrateur peut vous en donner un nouveau.',
  orBy: 'ou',
  continueWith: 'Continuer avec {{name}}',
  passwordsOff: 'Compte de secours',
  linkTitle: 'C’est bien vous ?',
  linkLead: 'Un compte existe déjà pour votre adresse. Entrez son mot de passe, une seule fois, pour le rattacher à {{name}}.',
  linkSubmit: 'Rattacher et se connecter',
  backToSignIn: 'Revenir à la connexion',
  refusedTitle: 'Connexion impossible',
  waitingTitle: 'Votre compte attend',
  refusedCode: 'Code : {{code}}',
  PROVIDER_UNKNOWN: 'Ce moyen de connexion n’existe pas ici. Choisissez-en un sur la page de connexion.',
  PROVIDER_UNAVAILABLE:
    'Le fournisseur d’identité ne répond pas. Réessayez dans un instant, ou connectez-vous par mot de passe si vous en avez un.',
  PROVIDER_CANCELLED: 'La connexion a été annulée chez le fournisseur d’identité. Rien n’a changé.',
  PROVIDER_ATTEMPT_OVER:
    'Cette tentative n’est plus valable : elle a expiré, a déjà servi ou vient d’un autre navigateur. Recommencez.',
  PROVIDER_ANSWER_REFUSED:
    'La réponse du fournisseur d’identité n’a pas pu être vérifiée. Recommencez ; si cela se répète, montrez ce code à l’administrateur.',
  PROVIDER_EMAIL_UNVERIFIED:
    'Le fournisseur d’identité n’a pas vérifié votre adresse e-mail. Faites-la vérifier chez lui, puis recommencez.',
  PROVIDER_DOMAIN_REFUSED:
    'Les comptes de ce domaine ne sont pas admis ici par ce fournisseur. Demandez un compte à l’administrateur.',
  PROVIDER_RATE_LIMITED: 'Trop de tentatives depuis ce réseau. Attendez un quart d’heure.',
  ACCOUNT_INACTIVE:
    'Votre identité est reconnue, mais un administrateur doit encore activer votre compte. Prévenez-le, puis revenez.',
  ACCOUNT_SUSPENDED: 'Votre compte est suspendu. Adressez-vous à l’administrateur.',
  ACCOUNT_NOT_LINKED:
    'Un compte a votre adresse, mais n’est pas joint à cette connexion, et les mots de passe sont désactivés ici. Adressez-vous à l’administrateur.',
  point1Title: 'Importer',
  point1: 'Un dossier, un CD ou un ZIP, tel quel.',
  point2Title: 'Trouver',
  point2: 'Sans accents, sans ordre, dès les premières lettres.',
  point3Title: 'Lire',
  point3: 'La première image avant toutes les autres.',
  footer: 'Toutes les données restent sur ce serveur.',
};
