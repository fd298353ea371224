interface FailureEntry {
  readonly fr: string;
  readonly en: string;
  /** What to do about it. */
  readonly frNext: string;
  readonly enNext: string;
  /** A physician may send the film on to the model all the same, with a reason that stays visible. */
  readonly maySendOn: boolean;
}

/** Why a prediction gives no score, in both languages, and what to do. A picture that seems turned or inverted is asked about, not stated. */
export const PREDICTION_FAILURES = {
  NOT_A_CHEST: {
    fr: 'Cette image ne semble pas être une radiographie du thorax de face.',
    en: 'This picture does not look like a frontal chest film.',
    frNext: 'Choisissez un autre cliché. Si c’en est bien un, un médecin peut le transmettre en disant pourquoi.',
    enNext: 'Choose another film. If it is one, a physician may send it on and say why.',
    maySendOn: true,
  },
  TURNED: {
    fr: 'Cette image est-elle tournée ?',
    en: 'Is this picture turned?',
    frNext: 'Vérifiez le sens du cliché et importez-le à l’endroit, ou transmettez-le s’il est droit.',
    enNext: 'Check which way up the film is and import it upright, or send it on if it is.',
    maySendOn: true,
  },
  INVERTED: {
    fr: 'Le noir et le blanc de cette image sont-ils inversés ?',
    en: 'Are black and white of this picture inverted?',
    frNext: 'Vérifiez la polarité (les poumons doivent être noirs), ou transmettez le cliché s’il est juste.',
    enNext: 'Check the polarity (lungs are dark), or send the film on if it is right.',
    maySendOn: true,
  },
  COLOUR_PHOTOGRAPH: {
    fr: 'Cette image est une photographie en couleurs.',
    en: 'This picture is a colour photograph.',
    frNext: 'Numérisez le cliché en niveaux de gris, sans rien autour.',
    enNext: 'Digitise the film in grey, with nothing around it.',
    maySendOn: true,
  },
  NOT_ASSESSABLE: {
    fr: 'Les poumons ne sont pas assez visibles pour que le modèle réponde.',
    en: 'The lungs are not visible enough for the model to answer.',
    frNext: 'Refaites le cliché, ou transmettez celui-ci en disant pourquoi.',
    enNext: 'Take the film again, or send this one on and say why.',
    maySendOn: true,
  },
  LATERAL: {
    fr: 'C’est un cliché de profil : le modèle n’en a jamais vu.',
    en: 'This is a lateral film: the model has never seen one.',
    frNext: 'Choisissez le cliché de face.',
    enNext: 'Choose the frontal film.',
    maySendOn: false,
  },
  UNDER_AGE: {
    fr: 'Le patient a moins de 15 ans : le modèle est inutilisable chez l’enfant.',
    en: 'The patient is under 15: the model is unusable in children.',
    frNext: 'Lisez le cliché sans le modèle.',
    enNext: 'Read the film without the model.',
    maySendOn: false,
  },
  TOO_SMALL: {
    fr: 'L’image est trop petite.',
    en: 'The picture is too small.',
    frNext: 'Importez le cliché d’origine, pas une vignette.',
    enNext: 'Import the original film, not a thumbnail.',
    maySendOn: false,
  },
  TOO_LARGE: {
    fr: 'L’image a trop de pixels.',
    en: 'The picture has too many pixels.',
    frNext: 'Réduisez-la sous 100 mégapixels.',
    enNext: 'Make it smaller than 100 megapixels.',
    maySendOn: false,
  },
  NO_FILM: {
    fr: 'Cet examen n’a pas de radiographie du thorax.',
    en: 'This study has no chest film.',
    frNext: 'Choisissez l’image à lire.',
    enNext: 'Choose the image to read.',
    maySendOn: false,
  },
  IMAGE_UNREADABLE: {
    fr: 'L’image ne peut pas être lue.',
    en: 'The picture cannot be read.',
    frNext: 'Importez de nouveau le fichier d’origine.',
    enNext: 'Import the original file again.',
    maySendOn: false,
  },
  IMAGE_GONE: {
    fr: 'L’image n’est plus là.',
    en: 'The image is no longer there.',
    frNext: 'Elle a été déplacée, mise à la corbeille ou remplacée : demandez une nouvelle lecture.',
    enNext: 'It was moved, put in the trash or replaced: ask again.',
    maySendOn: false,
  },
  GATE_UNAVAILABLE: {
    fr: 'Le contrôle des images ne fonctionne pas : aucun score n’est donné sans lui.',
    en: 'The check of pictures does not work: no score is given without it.',
    frNext: 'Prévenez l’administrateur : le modèle est à réinstaller.',
    enNext: 'Tell the administrator: the model is to be installed again.',
    maySendOn: false,
  },
  MODEL_MISSING: {
    fr: 'Le modèle n’est pas sur ce serveur.',
    en: 'The model is not on this server.',
    frNext: 'L’administrateur peut l’installer ou en choisir un autre.',
    enNext: 'The administrator may install it or choose another one.',
    maySendOn: false,
  },
  MODEL_CORRUPT: {
    fr: 'Le modèle est abîmé.',
    en: 'The model is damaged.',
    frNext: 'L’administrateur doit l’installer de nouveau.',
    enNext: 'The administrator has to install it again.',
    maySendOn: false,
  },
  RUNTIME_MISSING: {
    fr: 'Ce serveur ne peut pas exécuter de modèles.',
    en: 'This server cannot run models.',
    frNext: 'Prévenez l’administrateur : onnxruntime-node manque pour cette machine.',
    enNext: 'Tell the administrator: onnxruntime-node is missing for this machine.',
    maySendOn: false,
  },
  WORKER_FAILED: {
    fr: 'La lecture de cette image a échoué trois fois.',
    en: 'Reading this picture has failed three times.',
    frNext: 'Les autres images ne sont pas touchées. Importez de nouveau le fichier d’origine.',
    enNext: 'Other pictures are not affected. Import the original file again.',
    maySendOn: false,
  },
  UPLOAD_EXPIRED: {
    fr: 'Le fichier envoyé n’est plus gardé.',
    en: 'The file that was sent is no longer kept.',
    frNext: 'Envoyez-le de nouveau.',
    enNext: 'Send it again.',
    maySendOn: false,
  },
  CANCELLED: {
    fr: 'La lecture a été annulée.',
    en: 'Reading was cancelled.',
    frNext: 'Demandez-la de nouveau si besoin.',
    enNext: 'Ask for it again if needed.',
    maySendOn: false,
  },
} as const satisfies Record<string, FailureEntry>;
export type PredictionFailure = keyof typeof PREDICTION_FAILURES;
export const PREDICTION_FAILURE_CODES = Object.keys(PREDICTION_FAILURES) as [PredictionFailure, ...PredictionFailure[]];
