import type { ChestXrayOptions } from '../phantom/chest-xray.ts';
import type { CtOptions } from '../phantom/ct-protocols.ts';

export interface DemoPatient {
  readonly patientId: string;
  readonly name: string;
  /** YYYYMMDD */
  readonly birthDate: string;
  readonly sex: 'F' | 'M';
  readonly characterSet: 'ISO_IR 192' | 'ISO_IR 100';
}

type Phantom = 'ct-thorax' | 'ct-head' | 'mr-brain' | 'mr-knee' | 'chest' | 'us' | 'sc';

export interface DemoStudy {
  /** Place in PATIENTS. */
  readonly patient: number;
  readonly daysAgo: number;
  readonly phantom: Phantom;
  readonly description: string;
  readonly reason: string;
  readonly referrer: string;
  readonly institution: string;
  readonly chest?: Pick<
    ChestXrayOptions,
    'modality' | 'bitsStored' | 'photometricInterpretation' | 'infiltrate' | 'rows' | 'body'
  >;
  readonly ct?: Pick<CtOptions, 'body' | 'isSigned'>;
}

/** Invented people; names with the accents, hyphens, apostrophes and letters that searching and sorting must survive. */
export const PATIENTS: readonly DemoPatient[] = [
  { patientId: 'HSC-100214', name: 'DUPONT-LACROIX^Éléonore', birthDate: '19680412', sex: 'F', characterSet: 'ISO_IR 192' },
  { patientId: 'HSC-100377', name: 'DIALLO^Aïssatou', birthDate: '19850923', sex: 'F', characterSet: 'ISO_IR 192' },
  { patientId: 'HSC-100402', name: "N'GUESSAN^Koffi Célestin", birthDate: '19590117', sex: 'M', characterSet: 'ISO_IR 192' },
  { patientId: 'HSC-100518', name: 'NGUYỄN^Thị Hương', birthDate: '19911205', sex: 'F', characterSet: 'ISO_IR 192' },
  { patientId: 'CLV-20031', name: 'MÜLLER^Jürg', birthDate: '19740630', sex: 'M', characterSet: 'ISO_IR 100' },
  { patientId: 'HSC-100655', name: 'FRANÇOIS^Jean-Baptiste', birthDate: '19470308', sex: 'M', characterSet: 'ISO_IR 100' },
  { patientId: 'HSC-100690', name: 'OUÉDRAOGO^Mariam', birthDate: '19990714', sex: 'F', characterSet: 'ISO_IR 192' },
  { patientId: 'HSC-100731', name: 'KONÉ^Ibrahima', birthDate: '19801026', sex: 'M', characterSet: 'ISO_IR 192' },
  { patientId: 'CLV-20077', name: 'ROCHAT^Hélène', birthDate: '19360219', sex: 'F', characterSet: 'ISO_IR 100' },
  { patientId: 'HSC-100802', name: 'BENSAÏD^Youssef', birthDate: '20030511', sex: 'M', characterSet: 'ISO_IR 192' },
  { patientId: 'HSC-100846', name: 'TSHIBANGU^Espérance', birthDate: '19720828', sex: 'F', characterSet: 'ISO_IR 192' },
  { patientId: 'CLV-20105', name: 'GONÇALVES^Luís', birthDate: '19631104', sex: 'M', characterSet: 'ISO_IR 100' },
];

const SAINT_CLEMENT = 'Hôpital Saint-Clément-des-Prés (fictif)';
const CLINIC = 'Clinique du Val-Fictif';
const DR_MOREAU = 'MOREAU^Camille^^Dr';
const DR_KEITA = 'KEÏTA^Moussa^^Dr';
const DR_AEBI = 'AEBISCHER^Käthi^^Dr';
const CHEST = 'Radiographie du thorax de face';

/** What each came for, newest last for a patient; the order of the list is the order in which files are made, quick ones first. */
export const STUDIES: readonly DemoStudy[] = [
  {
    patient: 1,
    daysAgo: 2,
    phantom: 'chest',
    description: CHEST,
    reason: 'Toux fébrile depuis 5 jours',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
    chest: { infiltrate: 'right-lower' },
  },
  {
    patient: 1,
    daysAgo: 214,
    phantom: 'chest',
    description: CHEST,
    reason: "Visite d'embauche",
    referrer: DR_MOREAU,
    institution: SAINT_CLEMENT,
  },
  {
    patient: 0,
    daysAgo: 9,
    phantom: 'chest',
    description: CHEST,
    reason: 'Bilan préopératoire',
    referrer: DR_MOREAU,
    institution: SAINT_CLEMENT,
    chest: { bitsStored: 14 },
  },
  {
    patient: 3,
    daysAgo: 1,
    phantom: 'mr-brain',
    description: 'IRM encéphalique sans injection',
    reason: 'Céphalées inhabituelles',
    referrer: DR_MOREAU,
    institution: SAINT_CLEMENT,
  },
  {
    patient: 4,
    daysAgo: 16,
    phantom: 'mr-knee',
    description: 'IRM du genou droit',
    reason: 'Entorse, douleur interne',
    referrer: DR_AEBI,
    institution: CLINIC,
  },
  {
    patient: 5,
    daysAgo: 4,
    phantom: 'chest',
    description: CHEST,
    reason: 'Dyspnée',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
    chest: { body: { heart: 1.22, isFemale: false } },
  },
  {
    patient: 5,
    daysAgo: 129,
    phantom: 'chest',
    description: CHEST,
    reason: 'Surveillance cardiaque',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
    chest: { body: { heart: 1.12, isFemale: false } },
  },
  {
    patient: 6,
    daysAgo: 6,
    phantom: 'us',
    description: 'Échocardiographie transthoracique',
    reason: 'Souffle systolique',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
  },
  {
    patient: 7,
    daysAgo: 0,
    phantom: 'chest',
    description: CHEST,
    reason: 'Contrôle après traitement',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
    chest: { modality: 'CR', photometricInterpretation: 'MONOCHROME1', infiltrate: 'left-upper' },
  },
  {
    patient: 8,
    daysAgo: 37,
    phantom: 'chest',
    description: CHEST,
    reason: 'Chute, douleur thoracique',
    referrer: DR_AEBI,
    institution: CLINIC,
    chest: { modality: 'CR', bitsStored: 10 },
  },
  {
    patient: 9,
    daysAgo: 12,
    phantom: 'chest',
    description: CHEST,
    reason: 'Aptitude sportive',
    referrer: DR_MOREAU,
    institution: SAINT_CLEMENT,
    chest: { rows: 1216 },
  },
  {
    patient: 10,
    daysAgo: 23,
    phantom: 'chest',
    description: CHEST,
    reason: 'Amaigrissement',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
  },
  {
    patient: 11,
    daysAgo: 58,
    phantom: 'us',
    description: 'Échocardiographie de contrôle',
    reason: 'Insuffisance mitrale connue',
    referrer: DR_AEBI,
    institution: CLINIC,
  },
  {
    patient: 2,
    daysAgo: 3,
    phantom: 'ct-head',
    description: 'Scanner cérébral sans injection',
    reason: 'Déficit brutal du bras gauche',
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
  },
  {
    patient: 2,
    daysAgo: 3,
    phantom: 'chest',
    description: `${CHEST} au lit`,
    reason: "Contrôle à l'admission",
    referrer: DR_KEITA,
    institution: SAINT_CLEMENT,
    chest: { modality: 'CR' },
  },
  {
    patient: 8,
    daysAgo: 36,
    phantom: 'sc',
    description: 'Documents numérisés',
    reason: 'Archivage',
    referrer: DR_AEBI,
    institution: CLINIC,
  },
  {
    patient: 0,
    daysAgo: 5,
    phantom: 'ct-thorax',
    description: 'Scanner thoracique avec injection',
    reason: 'Nodule pulmonaire à caractériser',
    referrer: DR_MOREAU,
    institution: SAINT_CLEMENT,
  },
];
