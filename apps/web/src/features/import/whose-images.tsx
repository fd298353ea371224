import type { Patient } from '@negatoscope/contract';
import { personNameOnPage } from '@negatoscope/contract/person-name';
import { type ReactNode, useId, useState } from 'react';
import { useCan } from '../../api/me.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Compare } from '../../ui/compare.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import type { ImportTarget } from './import-target.ts';
import { type Person, shownBirthDate } from './whose.ts';

const SHOWN = 4;
type Way = 'owner' | 'apart' | 'attach';

interface WhoseProps {
  readonly patient: Patient;
  /** Those who are not the patient. */
  readonly others: readonly Person[];
  readonly onDecide: (target: Pick<ImportTarget, 'onMismatch' | 'acceptMismatch' | 'mismatchReason'>) => void;
  readonly onCancel: () => void;
}

/** The chosen patient beside whom the images name, before anything is sent, and the ways on. */
export function WhoseImages({ patient, others, onDecide, onCancel }: WhoseProps) {
  const t = useText('imports');
  const common = useText('common');
  const [way, setWay] = useState<Way>();
  const [reason, setReason] = useState('');
  const name = formatName(patient) || common('noName');
  const isComplete = way === 'attach' ? reason.trim().length >= 5 : way !== undefined;
  const decide = (): void => {
    if (way === 'attach') onDecide({ acceptMismatch: true, mismatchReason: reason.trim() });
    else if (way !== undefined) onDecide({ onMismatch: way });
  };
  return (
    <section className="ng-card ng-enter flex flex-col gap-4 p-4 sm:p-6" aria-label={t('whoseTitle', { name })}>
      <Notice tone="amber">
        <p className="font-semibold">{t('whoseTitle', { name })}</p>
        <p className="mt-1 text-[13px] text-dim">{t('whoseLead')}</p>
      </Notice>
      {others.slice(0, SHOWN).map((person) => (
        <Sides key={JSON.stringify(person.identity)} patient={patient} person={person} />
      ))}
      {others.length > SHOWN && <p className="text-dim">{t('whoseMore', { count: others.length - SHOWN })}</p>}
      <Ways name={name} others={others} chosen={way} onChoose={setWay} />
      {way === 'attach' && <Reason value={reason} onChange={setReason} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onCancel}>{common('cancel')}</Button>
        <Button kind="primary" isDisabled={!isComplete} onPress={decide}>
          {t('whoseSend')}
        </Button>
      </div>
    </section>
  );
}

interface WaysProps {
  /** Of the chosen patient. */
  readonly name: string;
  readonly others: readonly Person[];
  readonly chosen: Way | undefined;
  readonly onChoose: (way: Way) => void;
}
/** To whom they belong, apart from both, or, for who may decide it, to the chosen patient all the same. */
function Ways({ name, others, chosen, onChoose }: WaysProps) {
  const t = useText('imports');
  const can = useCan();
  const owner = others.length === 1 ? others[0]?.owner : undefined;
  const ownerName = owner === undefined || owner === null ? undefined : formatName(owner) || owner.recordNumber;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 font-semibold">{t('whoseQuestion')}</legend>
      <Choice way="owner" chosen={chosen} onChoose={onChoose} hint={t('whoseOwnerHint')}>
        {ownerName === undefined ? t('whoseOwner', { count: others.length }) : t('whoseOwnerNamed', { name: ownerName })}
      </Choice>
      <Choice way="apart" chosen={chosen} onChoose={onChoose} hint={t('whoseApartHint')}>
        {t('whoseApart')}
      </Choice>
      {can('identity-review.decide') ? (
        <Choice way="attach" chosen={chosen} onChoose={onChoose} hint={t('whoseAttachHint')}>
          {t('whoseAttach', { name })}
        </Choice>
      ) : (
        <p className="text-[13px] text-dim">{t('whoseMayNotAttach', { name })}</p>
      )}
    </fieldset>
  );
}

function Reason({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const t = useText('imports');
  return (
    <TextAreaField
      label={t('whoseReason')}
      rows={2}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      hint={t('whoseReasonHint')}
    />
  );
}

function Sides({ patient, person }: { patient: Patient; person: Person }) {
  const t = useText('imports');
  const sides = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  const { personName, patientId, birthDate } = person.identity;
  return (
    <div>
      <Compare
        left={t('whoseChosen')}
        right={t('whoseFound')}
        rows={[
          { label: sides('patient'), left: formatName(patient) || common('noName'), right: personNameOnPage(personName) },
          {
            label: sides('birthDate'),
            left: formatDate(patient.birthDate, locale),
            right: formatDate(shownBirthDate(birthDate), locale),
          },
          { label: sides('patientId'), left: patient.externalId ?? '', right: patientId },
          { label: t('files'), left: '', right: t('whoseFiles', { count: person.files }), isPlain: true },
        ]}
      />
      {person.owner !== null && (
        <p className="mt-1.5 text-[13px] text-dim">
          {t('whoseKnown', { name: formatName(person.owner) || person.owner.recordNumber, record: person.owner.recordNumber })}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly way: Way;
  readonly chosen: Way | undefined;
  readonly onChoose: (way: Way) => void;
  readonly hint: string;
  readonly children: ReactNode;
}
function Choice({ way, chosen, onChoose, hint, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3 rounded-lg border border-line px-3 py-2.5 has-checked:border-accent">
      <input
        id={id}
        type="radio"
        name="whose"
        className="mt-1 size-4 accent-(--ng-accent)"
        checked={chosen === way}
        onChange={() => onChoose(way)}
      />
      <label htmlFor={id} className="min-w-0 flex-1">
        <span className="block font-medium">{children}</span>
        <span className="block text-[13px] text-dim">{hint}</span>
      </label>
    </div>
  );
}
