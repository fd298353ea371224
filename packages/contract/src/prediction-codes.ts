/** Why a model, a prediction or what a physician says of one is refused: a part of the catalog. */
export const PREDICTION_CODES = {
  PREDICTION_NOT_DONE: {
    status: 409,
    fr: 'Le modèle n’a pas encore répondu : il n’y a rien à valider.',
    en: 'The model has not answered yet: there is nothing to validate.',
  },
  OPINION_FIRST: {
    status: 409,
    fr: 'Ce site lit à l’aveugle : donnez d’abord votre propre avis.',
    en: 'This site reads blind: give your own opinion first.',
  },
  OPINION_GIVEN: {
    status: 409,
    fr: 'Votre avis est déjà noté ; il peut seulement être complété.',
    en: 'Your opinion is kept already; it can only be amended.',
  },
  PATIENT_TOO_YOUNG: {
    status: 409,
    fr: 'Le patient était trop jeune pour ce modèle lors de l’examen : ce score ne peut pas être validé, seulement rejeté.',
    en: 'The patient was too young for this model at the examination: this score cannot be validated, only rejected.',
  },
  VALIDATED_MEANWHILE: {
    status: 409,
    fr: 'Quelqu’un d’autre s’est prononcé entre-temps ; regardez ce qu’il en dit avant de décider.',
    en: 'Somebody else has decided meanwhile; look at what they say before you decide.',
  },
  UPLOAD_IS_NO_RESULT: {
    status: 422,
    fr: 'Un fichier envoyé au modèle n’est dans aucun dossier : importez le cliché, faites-le lire, puis validez cette lecture-là.',
    en: 'A file that was sent to the model is in no record: import the film, have it read, then validate that reading.',
  },
  MODEL_REFUSED: {
    status: 422,
    fr: 'Ce modèle n’est pas accepté ; le détail dit pourquoi.',
    en: 'This model is not accepted; the detail says why.',
  },
  TOO_MANY_PREDICTIONS: {
    status: 429,
    fr: 'Trop de lectures de ce compte attendent ; laissez-les finir.',
    en: 'Too many predictions of this account are waiting; let them end.',
  },
} as const;
