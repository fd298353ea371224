import type { Consultation } from '@negatoscope/contract';
import { SYMPTOMS, VITAL_SIGN_NAMES } from '@negatoscope/contract/clinical';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Screen } from './symptom-fields.tsx';

/** What was taken and answered, to read. */
export function Told({ consultation, of }: { consultation: Consultation; of: 'vitals' | 'symptoms' }) {
  return of === 'vitals' ? <Vitals consultation={consultation} /> : <Answered consultation={consultation} />;
}

const Row = ({ label, value, isMarked = false }: { label: string; value: string; isMarked?: boolean }) => (
  <div className="flex items-baseline justify-between gap-3 border-b border-line/60 py-1.5">
    <dt className="text-dim">{label}</dt>
    <dd className={isMarked ? 'tabular font-semibold' : 'tabular'}>
      {isMarked && (
        <span aria-hidden="true" className="mr-1.5 text-amber">
          !
        </span>
      )}
      {value}
    </dd>
  </div>
);

function Vitals({ consultation: { vitalSigns, unusual } }: { consultation: Consultation }) {
  const t = useText('consultations');
  const locale = useLocale();
  const taken = VITAL_SIGN_NAMES.filter((name) => vitalSigns[name] !== null);
  if (taken.length === 0) return <p className="text-dim">{t('notTaken')}</p>;
  return (
    <dl>
      {taken.map((name) => (
        <Row
          key={name}
          label={t(name)}
          value={`${formatNumber(vitalSigns[name] ?? 0, locale)} ${t(`unit_${name}`)}`}
          isMarked={unusual.includes(name)}
        />
      ))}
    </dl>
  );
}

function Answered({ consultation: { symptoms } }: { consultation: Consultation }) {
  const t = useText('consultations');
  const asked = SYMPTOMS.filter((symptom) => symptoms.checks[symptom] !== undefined);
  return (
    <>
      <dl>
        {asked.map((symptom) => (
          <Row key={symptom} label={t(symptom)} value={t(symptoms.checks[symptom] === 'YES' ? 'yes' : 'no')} />
        ))}
        {symptoms.hivStatus !== null && <Row label={t('hiv')} value={t(`hiv_${symptoms.hivStatus}`)} />}
      </dl>
      {symptoms.text !== '' && <p className="mt-2 break-words whitespace-pre-wrap">{symptoms.text}</p>}
      <Screen symptoms={symptoms} />
    </>
  );
}
