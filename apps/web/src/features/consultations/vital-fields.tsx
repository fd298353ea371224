import type { VitalSign } from '@negatoscope/contract';
import { bodyMassIndex, unusualSigns, VITAL_SIGN_NAMES, VITAL_SIGNS } from '@negatoscope/contract/clinical';
import { useState } from 'react';
import { mayGoOn, readSigns, type SignFault, typedOf } from '../../entities/consultation/signs.ts';
import { ageAt, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { TextField } from '../../ui/field.tsx';
import type { Drafting } from './use-draft.ts';

interface VitalProps {
  readonly drafting: Drafting;
  readonly birthDate: string | null;
  readonly date: string;
}

function useFaultText(): (name: VitalSign, fault: SignFault) => string {
  const t = useText('consultations');
  const locale = useLocale();
  return (name, fault) => {
    if (fault === 'NOT_A_NUMBER') return t('notANumber');
    if (fault === 'PRESSURES') return t('pressures');
    const [from, to] = VITAL_SIGNS[name].hard;
    return t('mustBe', { from: formatNumber(from, locale), to: formatNumber(to, locale), unit: t(`unit_${name}`) });
  };
}

const ageOf = (birthDate: string | null, date: string): number | null => {
  const age = ageAt(birthDate, date);
  return age === undefined ? null : age.unit === 'years' ? age.count : 0;
};

/** Vital signs as they are typed, what of them can't be, and what is unusual. */
function useTypedSigns({ drafting: { draft, keeper }, birthDate, date }: VitalProps) {
  const locale = useLocale();
  const [own, setOwn] = useState({ typed: typedOf(draft.vitalSigns, locale), of: draft.vitalSigns });
  // What others have taken meanwhile shows where nothing was typed over it.
  const typed = own.of === draft.vitalSigns ? own.typed : mergeTyped(own, draft.vitalSigns, locale);
  const { faults } = readSigns(typed, draft.vitalSigns);
  const unusual = unusualSigns(draft.vitalSigns, ageOf(birthDate, date));
  const type = (name: VitalSign, text: string): void => {
    const next = { ...typed, [name]: text };
    const { signs } = readSigns(next, draft.vitalSigns);
    setOwn({ typed: next, of: signs });
    keeper.set('vitalSigns', signs);
  };
  return { typed, faults, unusual, type };
}

/** What can't be is said beside its field and not sent, what is unusual is marked. */
export function VitalFields(props: VitalProps) {
  const { draft, keeper } = props.drafting;
  const t = useText('consultations');
  const locale = useLocale();
  const faultText = useFaultText();
  const { typed, faults, unusual, type } = useTypedSigns(props);
  const [focused, setFocused] = useState<VitalSign>();
  const errorOf = (name: VitalSign): string | undefined => {
    const fault = faults[name];
    if (fault === undefined || (focused === name && mayGoOn(name, typed[name], fault))) return undefined;
    return faultText(name, fault);
  };
  const leave = (): void => {
    setFocused(undefined);
    void keeper.flush();
  };
  const bmi = bodyMassIndex(draft.vitalSigns);
  return (
    <>
      <div className="grid grid-cols-2 gap-x-3 gap-y-3">
        {VITAL_SIGN_NAMES.map((name) => (
          <SignField
            key={name}
            name={name}
            value={typed[name]}
            error={errorOf(name)}
            isUnusual={unusual.includes(name)}
            onType={(text) => type(name, text)}
            onEnter={() => setFocused(name)}
            onLeave={leave}
          />
        ))}
      </div>
      {bmi !== null && <p className="tabular mt-3 text-[13px] text-dim">{t('bmi', { value: formatNumber(bmi, locale) })}</p>}
    </>
  );
}

/** The texts of what changed elsewhere beside those that are being typed. */
function mergeTyped(
  own: { readonly typed: ReturnType<typeof typedOf>; readonly of: Drafting['draft']['vitalSigns'] },
  now: Drafting['draft']['vitalSigns'],
  locale: 'fr' | 'en',
): ReturnType<typeof typedOf> {
  const fresh = typedOf(now, locale);
  const names = VITAL_SIGN_NAMES.filter((name) => own.of[name] !== now[name]);
  return { ...own.typed, ...Object.fromEntries(names.map((name) => [name, fresh[name]])) };
}

interface SignFieldProps {
  readonly name: VitalSign;
  readonly value: string;
  readonly error: string | undefined;
  readonly isUnusual: boolean;
  readonly onType: (text: string) => void;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}
function SignField({ name, value, error, isUnusual, onType, onEnter, onLeave }: SignFieldProps) {
  const t = useText('consultations');
  const locale = useLocale();
  const { usual } = VITAL_SIGNS[name];
  const range = usual && t('usual', { from: formatNumber(usual[0], locale), to: formatNumber(usual[1], locale) });
  return (
    <TextField
      label={t(name)}
      inputMode="decimal"
      autoComplete="off"
      maxLength={8}
      value={value}
      error={error}
      hint={isUnusual ? <Unusual text={`${t('unusual')}. ${range ?? ''}`} /> : undefined}
      trailing={<span className="pointer-events-none pr-2 text-[13px] text-dim">{t(`unit_${name}`)}</span>}
      onChange={(event) => onType(event.target.value)}
      onFocus={onEnter}
      onBlur={onLeave}
    />
  );
}

const Unusual = ({ text }: { text: string }) => (
  <span className="flex gap-1">
    <span aria-hidden="true" className="font-bold text-amber">
      !
    </span>
    {text}
  </span>
);
