import { type ConsultationLine, SYMPTOMS, type Symptom } from '@negatoscope/contract';
import { wordsIn } from './texts.ts';
import {
  type Coding,
  type Concept,
  coded,
  HL7,
  ICD_10,
  LOINC,
  local,
  type Resource,
  referTo,
  resource,
  type Writing,
} from './values.ts';

/** Codes of ICD-10 (WHO) that mean just what is asked; the rest has none there. */
const ICD: Readonly<Partial<Record<Symptom, string>>> = {
  COUGH: 'R05',
  HAEMOPTYSIS: 'R04.2',
  FEVER: 'R50.9',
  WEIGHT_LOSS: 'R63.4',
  BREATHLESSNESS: 'R06.0',
  CHEST_PAIN: 'R07.4',
  TB_CONTACT: 'Z20.1',
};

export const SURVEY_CATEGORY = coded(`${HL7}/observation-category`, 'survey', 'Survey');
const HIV_STATUS = coded(LOINC, '55277-8', 'HIV status');
const IN_WORDS = coded(LOINC, '75325-1', 'Symptom');

const localCode = (symptom: Symptom): string => symptom.toLowerCase().replaceAll('_', '-');

const codingOf = (symptom: Symptom): Coding[] => {
  const icd = ICD[symptom];
  const own = local(localCode(symptom), wordsIn('en')[symptom]);
  return [...(icd === undefined ? [] : [coded(ICD_10, icd)]), own];
};

/** By which code each is known, and what is asked for it. */
export const SYMPTOM_CONCEPTS: readonly { readonly concept: Concept; readonly told: readonly string[] }[] = [
  ...SYMPTOMS.map((symptom) => ({ concept: { coding: codingOf(symptom) }, told: [symptom] })),
  { concept: { coding: [HIV_STATUS] }, told: ['hivStatus'] },
  { concept: { coding: [IN_WORDS] }, told: ['text'] },
];

/**
 * What was asked and told in a consultation, each an Observation: a yes and a no are both answers, what was not asked is none. A symptom is no Condition: that
 * would be what somebody has found out, and a "no" could not be said.
 */
export function symptomResources(line: ConsultationLine, { language }: Writing): Resource[] {
  const words = wordsIn(language);
  const { checks, hivStatus, text } = line.symptoms;
  const observation = (id: string, code: Concept, value: object): Resource =>
    resource({
      resourceType: 'Observation',
      id: `${line.id}.${id}`,
      language,
      status: line.status === 'WAITING' || line.status === 'IN_PROGRESS' ? 'preliminary' : 'final',
      category: [{ coding: [SURVEY_CATEGORY] }],
      code,
      subject: referTo('Patient', line.patientId),
      encounter: referTo('Encounter', line.id),
      effectiveDateTime: line.date,
      ...value,
    });
  const answered = SYMPTOMS.flatMap((symptom) => {
    const answer = checks[symptom];
    if (answer === undefined) return [];
    const yesNo = coded(`${HL7}/v2-0136`, answer === 'YES' ? 'Y' : 'N', answer === 'YES' ? 'Yes' : 'No');
    return [
      observation(
        localCode(symptom),
        { coding: codingOf(symptom), text: words[symptom] },
        { valueCodeableConcept: { coding: [yesNo], text: words[answer] } },
      ),
    ];
  });
  const hiv =
    hivStatus === null
      ? []
      : [observation('hiv-status', { coding: [HIV_STATUS], text: words.hivStatus }, hivValue(hivStatus, words))];
  const told =
    text.trim() === '' ? [] : [observation('symptoms', { coding: [IN_WORDS], text: words.symptomText }, { valueString: text })];
  return [...answered, ...hiv, ...told];
}

function hivValue(status: NonNullable<ConsultationLine['symptoms']['hivStatus']>, words: ReturnType<typeof wordsIn>): object {
  if (status === 'UNKNOWN')
    return {
      dataAbsentReason: {
        coding: [coded(`${HL7}/data-absent-reason`, 'asked-unknown', 'Asked But Unknown')],
        text: words.unknown,
      },
    };
  const code = status === 'POSITIVE' ? 'POS' : 'NEG';
  const display = status === 'POSITIVE' ? 'Positive' : 'Negative';
  return { valueCodeableConcept: { coding: [coded(`${HL7}/v3-ObservationInterpretation`, code, display)], text: words[status] } };
}
