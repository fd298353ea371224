/** Why a report, or a text that reports are begun with, is not kept as it was sent: a part of the catalog. */
export const REPORT_CODES = {
  REPORT_CHANGED: {
    status: 409,
    fr: 'Ce compte rendu a été modifié ou signé ailleurs entre-temps ; les deux textes sont gardés.',
    en: 'This report was changed or signed elsewhere meanwhile; both texts are kept.',
  },
  REPORT_OF_OTHER_PATIENT: {
    status: 409,
    fr: 'L’examen n’est plus au patient pour qui ce compte rendu a été écrit : rien n’est signé, le texte est gardé. Relisez-le pour ce patient.',
    en: 'The study is no longer of the patient for whom this report was written: nothing is signed, the text is kept. Read it again for this patient.',
  },
  LOGO_UNREADABLE: {
    status: 422,
    fr: 'Ce logo n’est pas une image PNG ou JPEG lisible de 300 Ko au plus.',
    en: 'This logo is no readable PNG or JPEG image of at most 300 kB.',
  },
  TEMPLATE_UNREADABLE: {
    status: 422,
    fr: 'Ce fichier n’est pas un modèle MRRT : il n’a aucune section de texte.',
    en: 'This file is no MRRT template: it has no section of text.',
  },
  TEMPLATE_TOO_LARGE: {
    status: 422,
    fr: 'Ce modèle est trop long : 256 000 caractères au plus, 20 000 par section.',
    en: 'This template is too long: 256,000 characters at most, 20,000 a section.',
  },
  TEMPLATE_TOO_DEEP: {
    status: 422,
    fr: 'Ce modèle a trop d’éléments imbriqués ou d’attributs pour être lu.',
    en: 'This template has too many nested elements or attributes to be read.',
  },
  REPORT_EMPTY: {
    status: 422,
    fr: 'Un compte rendu se signe avec une conclusion.',
    en: 'A report is signed with an impression.',
  },
} as const;
