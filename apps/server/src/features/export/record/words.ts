export interface RecordWords {
  readonly title: string;
  readonly lead: string;
  readonly name: string;
  readonly recordNumber: string;
  readonly born: string;
  readonly externalId: string;
  readonly undated: string;
  readonly missing: string;
  readonly manifest: string;
  readonly images: (count: number) => string;
  /** By the name of its file of rows. */
  readonly tables: Readonly<Record<string, string>>;
}

/** What the first page of a patient's record says. */
export const RECORD_WORDS: Readonly<Record<'fr' | 'en', RecordWords>> = {
  fr: {
    title: 'Dossier complet d’un patient',
    lead: 'Tout ce que ce serveur conserve de cette personne : images telles qu’elles ont été reçues (DICOM), consultations, demandes, annotations, avis des modèles retenus, comptes rendus signés, et qui a vu le dossier.',
    name: 'Nom',
    recordNumber: 'N° de dossier',
    born: 'Né(e) le',
    externalId: 'Identifiant externe',
    undated: 'Examen sans date',
    missing: 'Fichiers qui n’ont pas pu être joints',
    manifest: 'Liste de tous les fichiers avec leur empreinte SHA-256',
    images: (n) => `${n.toLocaleString('fr')} fichier(s) DICOM`,
    tables: {
      patient: 'Identité',
      study: 'Examen et séries',
      annotations: 'Annotations',
      consultations: 'Consultations',
      film_orders: 'Demandes d’examen',
      predictions: 'Avis des modèles retenus par un médecin',
      prediction_validations: 'Décisions des médecins sur ces avis',
      report_versions: 'Comptes rendus signés (données)',
    },
  },
  en: {
    title: 'Everything of one patient',
    lead: 'All that this server keeps of this person: images as they were received (DICOM), consultations, orders, annotations, scores of models that were taken over, signed reports, and who saw the record.',
    name: 'Name',
    recordNumber: 'Record number',
    born: 'Born on',
    externalId: 'External identifier',
    undated: 'Study without a date',
    missing: 'Files that could not be added',
    manifest: 'All files with their SHA-256',
    images: (n) => `${n.toLocaleString('en')} DICOM file(s)`,
    tables: {
      patient: 'Identity',
      study: 'Study and series',
      annotations: 'Annotations',
      consultations: 'Consultations',
      film_orders: 'Orders',
      predictions: 'Scores of models that a physician took over',
      prediction_validations: 'What physicians decided about them',
      report_versions: 'Signed reports (data)',
    },
  },
};
