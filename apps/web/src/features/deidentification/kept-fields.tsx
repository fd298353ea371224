import type { DeidProject } from '@negatoscope/contract';
import { DEID_DATES, DEID_PROJECT_OPTIONS } from '@negatoscope/contract/deid-choices';
import { type ComponentProps, useId } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';

export type ProjectFields = Pick<DeidProject, 'name' | 'note' | 'dates' | 'options'>;

type ChoiceProps = ComponentProps<'input'> & { readonly title: string; readonly text: string };
/** A box or a dot, with what it is and a line of what it does. */
function Described({ title, text, ...input }: ChoiceProps) {
  const id = useId();
  return (
    <label className="flex min-h-11 items-start gap-3 py-1.5">
      <input
        {...input}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span id={`${id}-title`} className="block">
          {title}
        </span>
        <span id={`${id}-text`} className="block text-[13px] text-dim">
          {text}
        </span>
      </span>
    </label>
  );
}

const LEGEND = 'mb-1 text-[13px] font-medium text-dim';

/** What of a file stays: its dates, and what else by choice. */
export function KeptFields({ form }: { form: UseFormReturn<ProjectFields> }) {
  const t = useText('deid');
  const joins = form.watch('options').includes('retainUids');
  return (
    <>
      <fieldset>
        <legend className={LEGEND}>{t('dates')}</legend>
        {DEID_DATES.map((value) => (
          <Described
            key={value}
            type="radio"
            value={value}
            title={t(`dates_${value}`)}
            text={t(`datesText_${value}`)}
            {...form.register('dates')}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend className={LEGEND}>{t('options')}</legend>
        {DEID_PROJECT_OPTIONS.map((value) => (
          <Described
            key={value}
            type="checkbox"
            value={value}
            title={t(`option_${value}`)}
            text={t(`optionText_${value}`)}
            {...form.register('options')}
          />
        ))}
      </fieldset>
      {joins && <Notice tone="amber">{t('uidsJoin')}</Notice>}
    </>
  );
}
