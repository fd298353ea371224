import type { Accuracy, Model, ThresholdPreview } from '@negatoscope/contract';
import { REFERENCES } from '@negatoscope/contract/screening';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatNumber, formatShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { type Site, type Thresholds, thresholdText } from './thresholds.ts';

const [LEAST, MOST, STEP] = [0.01, 0.99, 0.01];

interface FormProps {
  readonly site: Site;
  readonly model: Model;
  readonly thresholds: Thresholds;
  readonly onSave: (threshold: number | null) => void;
}

/** Another threshold, and what it would have made of past cases, before it is kept. */
export function ThresholdForm({ site, model, thresholds, onSave }: FormProps) {
  const t = useText('predictions');
  const figures = useText('statistics');
  const locale = useLocale();
  const current = thresholds.own ?? thresholds.inherited;
  const [value, setValue] = useState(current);
  const [reference, setReference] = useState<(typeof REFERENCES)[number]>('ANY');
  const shown = (threshold: number): string => thresholdText(threshold, locale);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(value);
      }}
    >
      <p className="text-[13px] text-dim">
        {t('thresholdLead', { model: `${model.name} ${model.version}`, own: shown(model.threshold.probability) })}
      </p>
      <Slider value={value} onChange={setValue} label={t('threshold')} said={shown(value)} />
      <SelectField
        label={figures('reference')}
        value={reference}
        onChange={(event) => setReference(REFERENCES.find((one) => one === event.target.value) ?? 'ANY')}
        choices={REFERENCES.map((one) => ({ value: one, label: figures(`reference_${one}`) }))}
      />
      <Preview site={site} model={model} threshold={value} reference={reference} />
      <p className="text-[13px] text-dim">{t('thresholdPast')}</p>
      <div className="flex flex-wrap justify-end gap-2">
        {thresholds.own !== null && <Drop site={site} inherited={shown(thresholds.inherited)} onDrop={() => onSave(null)} />}
        <Button type="submit" kind="primary" isDisabled={value === thresholds.own}>
          {t('thresholdSave', { threshold: shown(value) })}
        </Button>
      </div>
    </form>
  );
}

/** Back to the threshold that counts where a site has none of its own. */
function Drop({ site, inherited: threshold, onDrop }: { site: Site; inherited: string; onDrop: () => void }) {
  const t = useText('predictions');
  return <Button onPress={onDrop}>{t(site.id === null ? 'thresholdDropInstallation' : 'thresholdDrop', { threshold })}</Button>;
}

interface SliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly label: string;
  readonly said: string;
}

/** By arrows, Page Up and Down, Home and End, as a slider of the browser's is. The first value may stand between two of its steps. */
function Slider({ value, onChange, label, said }: SliderProps) {
  const id = useId();
  const set = (next: number): void => onChange(Math.round(Math.min(MOST, Math.max(LEAST, next)) * 100) / 100);
  return (
    <div>
      <div className="flex items-baseline justify-between">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <output htmlFor={id} className="tabular text-xl font-semibold">
          {said}
        </output>
      </div>
      <input
        id={id}
        type="range"
        className="mt-2 h-8 w-full accent-[var(--ng-accent)] coarse:h-11"
        min={LEAST}
        max={MOST}
        step={STEP}
        value={value}
        aria-valuetext={said}
        onChange={(event) => set(Number(event.target.value))}
      />
    </div>
  );
}

interface PreviewProps {
  readonly site: Site;
  readonly model: Model;
  readonly threshold: number;
  readonly reference: (typeof REFERENCES)[number];
}

function Preview({ site, model: { name, version }, threshold, reference }: PreviewProps) {
  const locale = useLocale();
  const rested = useDebounced(threshold);
  const query = { site: site.id ?? undefined, modelName: name, modelVersion: version, threshold: rested, reference };
  const { data, error, refetch } = useQuery({
    queryKey: ['statistics', 'threshold', query],
    queryFn: ({ signal }) => call('previewThreshold', { query, signal }),
    placeholderData: keepPreviousData,
  });
  if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={140} />;
  return <Change preview={data} />;
}

function BeforeAndAfter() {
  const t = useText('predictions');
  return (
    <thead className="text-dim">
      <tr>
        <td />
        {(['thresholdBefore', 'thresholdAfter'] as const).map((key) => (
          <th key={key} scope="col" className="py-1 text-right font-medium">
            {t(key)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Past cases as they were judged and as they would be. */
function Change({ preview }: { readonly preview: ThresholdPreview }) {
  const t = useText('predictions');
  const locale = useLocale();
  const figures = useText('statistics');
  const { before, after, cases, hidden, newlyPositive, newlyNegative } = preview;
  if (cases === 0) return <p className="rounded-lg bg-surface-2 p-3 text-[13px]">{t('thresholdNoCases', { hidden })}</p>;
  const rows = [
    { key: 'positive', before: formatNumber(before.positive, locale), after: formatNumber(after.positive, locale) },
    ...(['sensitivity', 'specificity'] as const).map((key) => ({
      key,
      before: <Share of={before.accuracy[key]} />,
      after: <Share of={after.accuracy[key]} />,
    })),
  ] as const;
  return (
    <div aria-live="polite">
      <p>
        {t('thresholdChange', { cases, positive: newlyPositive, negative: newlyNegative })}
        {hidden > 0 && ` ${t('thresholdHidden', { count: hidden })}`}
      </p>
      <table className="mt-2 w-full text-[13px]">
        <BeforeAndAfter />
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="border-t border-line/70">
              <th scope="row" className="py-1.5 pr-2 text-left font-medium">
                {figures(row.key)}
              </th>
              <td className="py-1.5 text-right">{row.before}</td>
              <td className="py-1.5 pl-3 text-right">{row.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A share with its interval; a dash of nothing. */
function Share({ of: { rate, count, of } }: { readonly of: Accuracy['sensitivity'] }) {
  const locale = useLocale();
  if (rate === null) return <span className="text-dim">– (n = 0)</span>;
  return (
    <>
      {formatShare(rate.share, locale)}
      <span className="block text-[12px] text-dim">
        {formatShare(rate.low, locale)}–{formatShare(rate.high, locale)}, {count}/{of}
      </span>
    </>
  );
}
