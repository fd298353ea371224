import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { groupsQuery } from '../../../entities/group/queries.ts';
import { useText } from '../../../i18n/index.ts';
import { IconButton } from '../../../ui/button.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import type { EditedRule } from './rules.ts';

interface Props {
  readonly rule: EditedRule;
  readonly number: number;
  readonly onChange: (rule: EditedRule) => void;
  readonly onRemove: () => void;
}

/** One class of studies and how long they are kept. */
export function RuleFields({ rule, number, onChange, onRemove }: Props) {
  const t = useText('rights');
  const { data } = useQuery(groupsQuery);
  const on = (name: keyof EditedRule) => (event: { readonly target: { readonly value: string } }) =>
    onChange({ ...rule, [name]: event.target.value });
  const groups = [
    { value: '', label: t('anyGroup') },
    { value: 'none', label: t('noGroup') },
    ...(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const ages = [
    { value: '', label: t('anyAge') },
    ...(['MINORS', 'ADULTS'] as const).map((value) => ({ value, label: t(value) })),
  ];
  const from = (['LAST_STUDY', 'ADULTHOOD'] as const).map((value) => ({ value, label: t(value) }));
  return (
    <fieldset className="rounded-xl border border-line p-4">
      <legend className="px-1 text-[13px] font-medium">{t('rule', { number })}</legend>
      <div className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1.2fr_1.4fr_1.4fr_90px_auto]">
        <TextField
          label={t('modality')}
          value={rule.modality}
          onChange={on('modality')}
          maxLength={16}
          pattern="[A-Za-z0-9 _]*"
        />
        <SelectField label={t('group')} choices={groups} value={rule.group} onChange={on('group')} />
        <SelectField label={t('patients')} choices={ages} value={rule.patients} onChange={on('patients')} />
        <SelectField label={t('countsFrom')} choices={from} value={rule.countsFrom} onChange={on('countsFrom')} />
        <TextField label={t('years')} type="number" min={1} max={200} required value={rule.years} onChange={on('years')} />
        <IconButton label={t('removeRule', { number })} onPress={onRemove}>
          <X size={18} />
        </IconButton>
      </div>
    </fieldset>
  );
}
