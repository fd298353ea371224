import type { NodeQuery, UsableNode } from '@negatoscope/contract';
import { Search, Square } from 'lucide-react';
import { useState } from 'react';
import { type Control, Controller, type UseFormRegister, useForm } from 'react-hook-form';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

/** What is made most; another one is found without it. */
const MODALITIES = ['CR', 'CT', 'DX', 'MG', 'MR', 'NM', 'OT', 'PT', 'RF', 'SR', 'US', 'XA'];

const EMPTY = { nodeId: '', patientName: '', patientId: '', accessionNumber: '', modality: '', from: '', to: '' };
type Fields = typeof EMPTY;

/** What was filled in; nothing where nothing was. */
function queryOf({ nodeId: _nodeId, ...fields }: Fields): NodeQuery | undefined {
  const filled = Object.entries(fields).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()] as const]));
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

interface Props {
  readonly nodes: readonly UsableNode[];
  readonly isRunning: boolean;
  readonly onSearch: (nodeId: string, query: NodeQuery) => void;
  readonly onStop: () => void;
}

type Wrong = 'needsKey' | 'datesReversed';

function wrongIn({ from, to }: Fields, query: NodeQuery | undefined): Wrong | undefined {
  if (query === undefined) return 'needsKey';
  return from !== '' && to !== '' && to < from ? 'datesReversed' : undefined;
}

/** Where to look, and for what. */
export function SearchForm({ nodes, isRunning, onSearch, onStop }: Props) {
  const t = useText('archives');
  const [wrong, setWrong] = useState<Wrong>();
  const { register, control, handleSubmit } = useForm<Fields>({ defaultValues: { ...EMPTY, nodeId: nodes[0]?.id ?? '' } });
  const submit = handleSubmit((fields) => {
    const query = queryOf(fields);
    const wrong = wrongIn(fields, query);
    setWrong(wrong);
    if (query !== undefined && wrong === undefined) onSearch(fields.nodeId, query);
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="ng-card flex flex-col gap-4 p-4">
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField
          label={t('node')}
          choices={nodes.map(({ id, name }) => ({ value: id, label: name }))}
          {...register('nodeId')}
        />
        <WhoseStudies register={register} />
        <SelectField
          label={t('modality')}
          choices={[{ value: '', label: t('anyModality') }, ...MODALITIES.map((value) => ({ value, label: value }))]}
          {...register('modality')}
        />
        <Days control={control} />
        <StartOrStop isRunning={isRunning} onStop={onStop} />
      </div>
      {wrong !== undefined && (
        <p role="alert" className="text-[13px] text-danger">
          {t(wrong)}
        </p>
      )}
    </form>
  );
}

function Days({ control }: { control: Control<Fields> }) {
  const t = useText('archives');
  return (['from', 'to'] as const).map((name) => (
    <Controller
      key={name}
      name={name}
      control={control}
      render={({ field }) => <DateField label={t(name)} value={field.value} onChange={field.onChange} />}
    />
  ));
}

function StartOrStop({ isRunning, onStop }: Pick<Props, 'isRunning' | 'onStop'>) {
  const t = useText('archives');
  return (
    <div className="flex items-end gap-2 pb-px">
      {isRunning ? (
        <Button icon={<Square size={14} />} onPress={onStop}>
          {t('stop')}
        </Button>
      ) : (
        <Button kind="primary" type="submit" icon={<Search size={16} />}>
          {t('search')}
        </Button>
      )}
    </div>
  );
}

function WhoseStudies({ register }: { register: UseFormRegister<Fields> }) {
  const t = useText('archives');
  const text = { autoComplete: 'off', spellCheck: false, maxLength: 64 } as const;
  return (
    <>
      <TextField
        label={t('patientName')}
        hint={t('patientNameHint')}
        data-page-search=""
        {...text}
        {...register('patientName')}
      />
      <TextField label={t('patientId')} {...text} {...register('patientId')} />
      <TextField label={t('accessionNumber')} {...text} {...register('accessionNumber')} />
    </>
  );
}
