/** Why a model that was brought is not taken, in both languages. */
export const MODEL_REASONS = {
  NOT_A_ZIP: { fr: 'ce n’est pas une archive ZIP lisible', en: 'not a readable ZIP archive' },
  UNSAFE_NAME: { fr: 'nom de fichier dangereux', en: 'unsafe file name' },
  TOO_LARGE: { fr: 'fichiers trop grands ou trop nombreux', en: 'files too large or too many' },
  NO_MANIFEST: { fr: 'model.json est absent', en: 'model.json is missing' },
  BAD_MANIFEST: { fr: 'model.json n’a pas la forme attendue', en: 'model.json is not of the expected form' },
  FILE_MISSING: { fr: 'un fichier nommé par model.json est absent', en: 'a file that model.json names is missing' },
  WRONG_HASH: { fr: 'un fichier n’a pas l’empreinte annoncée', en: 'a file has not the hash that is announced' },
  NOT_ONNX: { fr: 'ce n’est pas un modèle ONNX', en: 'not an ONNX model' },
  EXTERNAL_DATA: { fr: 'le modèle demande d’autres fichiers', en: 'the model asks for other files' },
  OPERATOR_REFUSED: {
    fr: 'le modèle demande un opérateur qui n’est pas permis',
    en: 'the model asks for an operator that is not allowed',
  },
  WRONG_FORM: { fr: 'entrées ou sorties autres qu’annoncées', en: 'other inputs or outputs than announced' },
  CHECK_FAILED: {
    fr: 'le modèle ne donne pas les valeurs de ses propres vérifications',
    en: 'the model does not give the values of its own checks',
  },
  DOES_NOT_RUN: { fr: 'le modèle ne fonctionne pas sur ce serveur', en: 'the model does not run on this server' },
} as const satisfies Record<string, { fr: string; en: string }>;
export type ModelReason = keyof typeof MODEL_REASONS;
