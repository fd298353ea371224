import type { Symptom, Symptoms } from '@negatoscope/contract';
import { HIV_STATUSES, SYMPTOMS, symptomScreen } from '@negatoscope/contract/clinical';
import { useId } from 'react';
import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import { TextAreaField } from '../../ui/field.tsx';
import type { Drafting } from './use-draft.ts';

/** What is asked, each with yes and no under the thumb; pressed again it was not asked. */
export function SymptomFields({ drafting: { draft, keeper } }: { drafting: Drafting }) {
  const t = useText('consultations');
  const { symptoms } = draft;
  const choices = (['YES', 'NO'] as const).map((value) => ({ value, label: t(value === 'YES' ? 'yes' : 'no') }));
  const set = (change: Partial<Symptoms>): void => keeper.set('symptoms', { ...symptoms, ...change });
  const check = (symptom: Symptom, answer: 'YES' | 'NO'): void => {
    const { [symptom]: before, ...others } = symptoms.checks;
    set({ checks: before === answer ? others : { ...others, [symptom]: answer } });
  };
  return (
    <div className="flex flex-col gap-1">
      {SYMPTOMS.map((symptom) => (
        <Answers
          key={symptom}
          label={t(symptom)}
          choices={choices}
          value={symptoms.checks[symptom]}
          onPress={(answer) => check(symptom, answer)}
        />
      ))}
      <Answers
        label={t('hiv')}
        choices={HIV_STATUSES.map((value) => ({ value, label: t(`hiv_${value}`) }))}
        value={symptoms.hivStatus ?? undefined}
        onPress={(hivStatus) => set({ hivStatus: hivStatus === symptoms.hivStatus ? null : hivStatus })}
      />
      <TextAreaField
        label={t('otherSymptoms')}
        rows={2}
        maxLength={2000}
        className="mt-2"
        value={symptoms.text}
        onChange={(event) => set({ text: event.target.value })}
        onBlur={() => void keeper.flush()}
      />
      <Screen symptoms={symptoms} />
    </div>
  );
}

/** What the WHO's screen makes of the answers. */
export function Screen({ symptoms }: { symptoms: Symptoms }) {
  const t = useText('consultations');
  const screen = symptomScreen(symptoms);
  return (
    <p className={cx('mt-2 text-[13px]', screen === 'POSITIVE' ? 'font-medium' : 'text-dim')} role="status">
      {screen === 'POSITIVE' && (
        <span aria-hidden="true" className="mr-1.5 font-bold text-amber">
          !
        </span>
      )}
      {t(`screen_${screen}`)}
    </p>
  );
}

interface AnswersProps<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T | undefined;
  readonly onPress: (value: T) => void;
}
function Answers<T extends string>({ label, choices, value, onPress }: AnswersProps<T>) {
  const id = useId();
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line/60 py-1 coarse:min-h-13">
      <span id={id} className="min-w-0 flex-1 basis-36">
        {label}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset does not lie in a row in every browser. */}
      <div role="group" aria-labelledby={id} className="flex gap-1.5">
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            aria-pressed={choice.value === value}
            onClick={() => onPress(choice.value)}
            className={cx(
              'h-8 min-w-13 rounded-lg border px-3 text-[13px] transition-colors coarse:h-11',
              choice.value === value
                ? 'border-accent bg-accent-soft font-semibold text-accent'
                : 'border-line-strong/60 text-dim hover:bg-surface-2 hover:text-text',
            )}
          >
            {choice.label}
          </button>
        ))}
      </div>
    </div>
  );
}
