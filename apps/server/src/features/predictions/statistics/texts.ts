import type { AgeBand, MonthlyMeasure, MonthlySex } from '@negatoscope/contract';

export type Locale = 'fr' | 'en';

interface MonthlyTexts {
  readonly title: string;
  readonly month: string;
  readonly site: string;
  readonly measure: string;
  readonly total: string;
  readonly all: string;
  readonly none: string;
  readonly own: string;
  readonly sexes: Readonly<Record<MonthlySex, string>>;
  readonly measures: Readonly<Record<MonthlyMeasure, string>>;
  readonly band: (band: AgeBand) => string;
  readonly hidden: string;
  readonly hiddenNote: (count: number) => string;
  readonly empty: string;
  readonly madeAt: (at: string) => string;
  readonly page: (page: number, pages: number) => string;
  readonly model: (models: string) => string;
  readonly counted: string;
  readonly ageless: string;
  readonly rejected: string;
  readonly statement: string;
}

/** What the files of the monthly table say; their cells are for programmes, so that they are in the language of the programme, not of the page. */
export const MONTHLY_TEXTS: Readonly<Record<Locale, MonthlyTexts>> = {
  fr: {
    title: 'Dépistage de la tuberculose : tableau mensuel',
    month: 'Mois',
    site: 'Site',
    measure: 'Mesure',
    total: 'Total',
    all: 'Tous les sites',
    none: 'Sans groupe',
    own: 'Imports personnels',
    sexes: { M: 'Hommes', F: 'Femmes', X: 'Autre ou inconnu' },
    measures: {
      SCREENED: 'Examens lus par le modèle',
      PRESUMPTIVE: 'Présumés (score au-dessus du seuil)',
      VALIDATED_POSITIVE: 'Positifs validés (diagnostic final, à défaut score)',
      BACTERIOLOGICAL: 'Confirmés par bactériologie (culture ou Xpert)',
      CLINICAL: 'Diagnostiqués cliniquement',
      REJECTED: 'Scores rejetés par un médecin',
      WAITING: 'En attente d’un médecin',
    },
    band: (band) => (band === 'UNKNOWN' ? 'âge inconnu' : band),
    hidden: 'Scores masqués (lecture à l’aveugle ou non validés)',
    hiddenNote: (count) =>
      `${count} score${count > 1 ? 's ne sont' : ' n’est'} compté${count > 1 ? 's' : ''} dans aucune colonne qui dépend du score : lecture à l’aveugle en cours, ou score pas encore validé.`,
    empty: 'Aucun examen ce mois-ci.',
    madeAt: (at) => `Établi le ${at}`,
    page: (page, pages) => `Page ${page} sur ${pages}`,
    model: (models) => `Modèle : ${models} (sa fiche : Tuberculose, « Fiche du modèle »)`,
    counted:
      'Un examen compte une fois, au mois où le modèle a été interrogé pour la première fois à son sujet ; l’âge est celui du jour du cliché.',
    rejected:
      'Un examen dont le score a été rejeté compte aussi comme présumé quand le score est au-dessus du seuil : ces nombres disent ce que le modèle a répondu.',
    ageless: 'Établi par une personne qui voit des pseudonymes : les âges lui sont masqués et comptent ensemble comme inconnus.',
    statement:
      'Recherche et aide au triage, sous l’objectif 90/70 de l’OMS. Un score n’est pas un diagnostic : il n’écarte ni ne confirme une tuberculose.',
  },
  en: {
    title: 'Tuberculosis screening: monthly table',
    month: 'Month',
    site: 'Site',
    measure: 'Measure',
    total: 'Total',
    all: 'All sites',
    none: 'In no group',
    own: 'Own imports',
    sexes: { M: 'Men', F: 'Women', X: 'Other or unknown' },
    measures: {
      SCREENED: 'Examinations read by the model',
      PRESUMPTIVE: 'Presumptive (score above the threshold)',
      VALIDATED_POSITIVE: 'Validated positive (final diagnosis, else score)',
      BACTERIOLOGICAL: 'Bacteriologically confirmed (culture or Xpert)',
      CLINICAL: 'Clinically diagnosed',
      REJECTED: 'Scores rejected by a physician',
      WAITING: 'Waiting for a physician',
    },
    band: (band) => (band === 'UNKNOWN' ? 'age unknown' : band),
    hidden: 'Hidden scores (blind reading, or not validated)',
    hiddenNote: (count) =>
      `${count} score${count > 1 ? 's are' : ' is'} in no column that depends on a score: being read blind, or not validated yet.`,
    empty: 'No examination in this month.',
    madeAt: (at) => `Made on ${at}`,
    page: (page, pages) => `Page ${page} of ${pages}`,
    model: (models) => `Model: ${models} (its card: Tuberculosis, “Model card”)`,
    counted:
      'An examination counts once, in the month in which the model was first asked about it; ages are those of the day of the film.',
    rejected:
      'An examination whose score was rejected counts as presumptive, too, where the score is above the threshold: these numbers say what the model answered.',
    ageless: 'Made by a person who sees pseudonyms: ages are hidden from them and count together as unknown.',
    statement:
      'Research and triage support, below the WHO’s 90/70 target. A score is not a diagnosis: it neither rules tuberculosis in nor out.',
  },
};

export const nameOfSite = ({ siteId, name }: { siteId: string | null; name: string | null }, locale: Locale): string =>
  name ?? MONTHLY_TEXTS[locale][siteId === null ? 'none' : 'own'];
