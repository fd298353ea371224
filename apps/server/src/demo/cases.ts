import type {
  ConsultationStatus,
  FinalDiagnosis,
  OpinionKind,
  Symptoms,
  ValidationStatus,
  VitalSigns,
} from '@negatoscope/contract';

/** What a physician says of a film, and what becomes of its score. */
interface Reading {
  readonly opinion: OpinionKind;
  readonly decision?: {
    readonly status: ValidationStatus;
    readonly comment: string;
    readonly finalDiagnosis: FinalDiagnosis | null;
  };
}

/** Somebody who comes to the clinic on the day of the demonstration. */
export interface DemoCase {
  readonly patientId: string;
  readonly reason: string;
  readonly symptoms: Partial<Symptoms>;
  readonly vitalSigns: Partial<VitalSigns>;
  /** Which of the physicians is to see them; whoever is free without one. */
  readonly physician: 0 | 1 | undefined;
  readonly state: ConsultationStatus;
  readonly notes?: string;
  /** A chest film is ordered; `comes`: and is there. */
  readonly film: 'none' | 'ordered' | 'comes';
  readonly reading?: Reading;
}

export const DEMO_CASES: readonly DemoCase[] = [
  {
    patientId: 'CVF-30001',
    reason: 'Toux depuis trois semaines',
    symptoms: { checks: { COUGH: 'YES', COUGH_TWO_WEEKS: 'YES', FEVER: 'YES', NIGHT_SWEATS: 'NO', WEIGHT_LOSS: 'YES' } },
    vitalSigns: { temperatureC: 38.4, heartRateBpm: 104, spo2Percent: 95, weightKg: 48.5, heightCm: 164 },
    ...{ physician: undefined, state: 'WAITING', film: 'none' },
  },
  {
    patientId: 'CVF-30002',
    reason: 'Contrôle de tension',
    symptoms: { text: 'Se sent bien.' },
    vitalSigns: {},
    ...{ physician: 0, state: 'WAITING', film: 'none' },
  },
  {
    patientId: 'CVF-30003',
    reason: 'Douleur thoracique et essoufflement',
    symptoms: { checks: { CHEST_PAIN: 'YES', BREATHLESSNESS: 'YES', COUGH: 'NO' }, hivStatus: 'NEGATIVE' },
    vitalSigns: { temperatureC: 37.1, heartRateBpm: 92, respiratoryRatePerMin: 22, systolicMmHg: 118, diastolicMmHg: 76 },
    ...{ physician: 0, state: 'IN_PROGRESS', film: 'ordered', notes: 'Murmure vésiculaire diminué à la base gauche.' },
  },
  {
    patientId: 'CVF-30004',
    reason: 'Hémoptysie',
    symptoms: { checks: { COUGH: 'YES', HAEMOPTYSIS: 'YES', PREVIOUS_TB: 'YES' }, hivStatus: 'UNKNOWN' },
    vitalSigns: { temperatureC: 37.9, heartRateBpm: 88, spo2Percent: 94, weightKg: 61 },
    ...{ physician: 1, state: 'IN_PROGRESS', film: 'comes' },
    reading: { opinion: 'NOT_SUSPECTED' },
  },
  {
    patientId: 'CVF-30005',
    reason: 'Contact d’un cas confirmé',
    symptoms: { checks: { TB_CONTACT: 'YES', COUGH: 'YES', FEVER: 'NO', NIGHT_SWEATS: 'YES', WEIGHT_LOSS: 'NO' } },
    vitalSigns: { temperatureC: 37.6, heartRateBpm: 84, weightKg: 57.2, heightCm: 168 },
    ...{ physician: 0, state: 'DONE', film: 'comes', notes: 'Xpert demandé, positif. Traitement commencé.' },
    reading: {
      opinion: 'SUSPECTED',
      decision: {
        status: 'VALIDATED',
        comment: 'Opacité du lobe supérieur gauche.',
        finalDiagnosis: { finding: 'TUBERCULOSIS', source: 'XPERT' },
      },
    },
  },
  {
    patientId: 'CVF-30006',
    reason: 'Bilan d’embauche',
    symptoms: { checks: { COUGH: 'NO', FEVER: 'NO', NIGHT_SWEATS: 'NO', WEIGHT_LOSS: 'NO' } },
    vitalSigns: { temperatureC: 36.7, heartRateBpm: 68, systolicMmHg: 126, diastolicMmHg: 80, weightKg: 74, heightCm: 179 },
    ...{ physician: 1, state: 'DONE', film: 'comes' },
    reading: {
      opinion: 'SUSPECTED',
      decision: {
        status: 'AMENDED',
        comment: 'Séquelles possibles au sommet droit ; culture négative.',
        finalDiagnosis: { finding: 'NO_TUBERCULOSIS', source: 'CULTURE' },
      },
    },
  },
  {
    patientId: 'CVF-30007',
    reason: 'Toux sèche',
    symptoms: { checks: { COUGH: 'YES', COUGH_TWO_WEEKS: 'NO', FEVER: 'NO' } },
    vitalSigns: { temperatureC: 36.9, heartRateBpm: 76 },
    ...{ physician: 1, state: 'DONE', film: 'comes' },
    reading: {
      opinion: 'UNREADABLE',
      decision: { status: 'REJECTED', comment: 'Cliché flou : à refaire avant de conclure.', finalDiagnosis: null },
    },
  },
  {
    patientId: 'CVF-30008',
    reason: 'Inscrit par erreur',
    symptoms: {},
    vitalSigns: {},
    ...{ physician: undefined, state: 'CANCELLED', film: 'none' },
  },
];

/** Whose films a model refuses, each at another gate. */
export const REFUSED_CASES = ['CVF-30011', 'CVF-30012', 'CVF-30013', 'CVF-30014', 'CVF-30015'] as const;
