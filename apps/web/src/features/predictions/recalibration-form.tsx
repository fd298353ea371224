import type { Model, RecalibrationPreview } from '@negatoscope/contract';
import { RECALIBRATION_LEAST, REFERENCES } from '@negatoscope/contract/screening';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatDecimal, formatNumber, formatWholeShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import type { Site } from './thresholds.ts';

type Reference = (typeof REFERENCES)[number];
/** On which diagnoses, and of the cases that were shown. */
export interface Making {
  readonly reference: Reference;
  readonly fingerprint: string;
}

interface FormProps {
  readonly site: Site;
  readonly model: Model;
  readonly isMade: boolean;
  /** Null: back to the score alone. */
  readonly onSave: (wanted: Making | null) => void;
}

/** What a recalibration on a site’s own cases would say, beside what was found, before it is made. */
export function RecalibrationForm({ site, model: { name, version }, isMade, onSave }: FormProps) {
  const t = useText('predictions');
  const figures = useText('statistics');
  const locale = useLocale();
  const [reference, setReference] = useState<Reference>('BACTERIOLOGICAL');
  const query = { site: site.id ?? 'none', modelName: name, modelVersion: version, reference };
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['statistics', 'recalibration', query],
    queryFn: ({ signal }) => call('previewRecalibration', { query, signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-[13px] text-dim">{t('recalibrationLead', { model: `${name} ${version}`, ...RECALIBRATION_LEAST })}</p>
      <SelectField
        label={figures('reference')}
        value={reference}
        onChange={(event) => setReference(REFERENCES.find((one) => one === event.target.value) ?? 'BACTERIOLOGICAL')}
        choices={REFERENCES.map((one) => ({ value: one, label: figures(`reference_${one}`) }))}
      />
      {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton width="100%" height={140} />}
      {data !== undefined && error === null && <Found preview={data} />}
      <p className="text-[13px] text-dim">{t('recalibrationPast')}</p>
      <div className="flex flex-wrap justify-end gap-2">
        {isMade && <Button onPress={() => onSave(null)}>{t('recalibrationDrop')}</Button>}
        <Button
          kind="primary"
          // Until what is shown is of the diagnoses that are chosen, nobody has seen what would be made.
          isDisabled={data === undefined || isPlaceholderData || error !== null || data.refusal !== null}
          onPress={() => {
            if (data !== undefined) onSave({ reference, fingerprint: data.fingerprint });
          }}
        >
          {t('recalibrationSave')}
        </Button>
      </div>
    </div>
  );
}

function Found({ preview: { cases, ill, undiagnosed, refusal, parts } }: { readonly preview: RecalibrationPreview }) {
  const t = useText('predictions');
  const locale = useLocale();
  const counts = {
    cases: formatNumber(cases, locale),
    ill: formatNumber(ill, locale),
    undiagnosed: formatNumber(undiagnosed, locale),
  };
  return (
    <div aria-live="polite" className="flex flex-col gap-2">
      <p>{t('recalibrationCases', counts)}</p>
      {refusal !== null && <p className="rounded-lg bg-surface-2 p-3 text-[13px]">{t(`recalibration_${refusal}`)}</p>}
      {parts.length > 0 && <Parts parts={parts} />}
      <p className="text-[13px] text-dim">{t('recalibrationBias')}</p>
    </div>
  );
}

function Parts({ parts }: Pick<RecalibrationPreview, 'parts'>) {
  const t = useText('predictions');
  return (
    <table className="w-full text-[13px]">
      <caption className="py-1 text-left text-dim">{t('recalibrationParts')}</caption>
      <thead className="text-dim">
        <tr>
          <th scope="col" className="py-1 text-left font-medium">
            {t('recalibrationScore')}
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            {t('recalibrationFound')}
          </th>
          <th scope="col" className="py-1 pl-3 text-right font-medium">
            {t('recalibrationSaid')}
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place alone.
          <Part key={place} {...part} />
        ))}
      </tbody>
    </table>
  );
}

function Part({ score, observed: { rate, count, of }, said }: RecalibrationPreview['parts'][number]) {
  const locale = useLocale();
  const share = (value: number): string => formatWholeShare(value, locale);
  return (
    <tr className="border-t border-line/70">
      <th scope="row" className="tabular py-1.5 pr-2 text-left font-medium">
        {formatDecimal(score, locale)}
      </th>
      <td className="tabular py-1.5 text-right">
        {rate === null ? '–' : share(rate.share)}
        <span className="block text-[12px] text-dim">
          {rate !== null && `${share(rate.low)}–${share(rate.high)}, `}
          {count}/{of}
        </span>
      </td>
      <td className="tabular py-1.5 pl-3 text-right">
        {share(said.share)}
        <span className="block text-[12px] text-dim">
          {share(said.low)}–{share(said.high)}
        </span>
      </td>
    </tr>
  );
}
