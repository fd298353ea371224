import type { LabelColor } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { LABEL_COLORS, labelsQuery } from './labels.tsx';

/** Makes a label of the group, or of everybody where that is null; what failed is told. */
function useAdding(groupId: string | null, onAdded: () => void) {
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const add = async (name: string, color: LabelColor): Promise<void> => {
    setPending(true);
    try {
      await call('createLabel', { body: { name, color, groupId } });
      await queryClient.invalidateQueries({ queryKey: labelsQuery.queryKey });
      onAdded();
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return { isPending, add };
}

/** Makes a label for a site of one's own, or for everybody where one may. */
export function NewLabel({ mayForAll, site }: { mayForAll: boolean; site: string | null }) {
  const t = useText('worklist');
  const [name, setName] = useState('');
  const [color, setColor] = useState<LabelColor>('BLUE');
  const { isPending, add } = useAdding(mayForAll ? null : site, () => setName(''));
  return (
    <form
      className="mt-4 flex flex-wrap items-end gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void add(name.trim(), color);
      }}
    >
      <TextField
        className="min-w-36 flex-1"
        label={t('labelName')}
        value={name}
        maxLength={40}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={t('labelColor')}
        value={color}
        onChange={(event) => setColor(LABEL_COLORS.find((one) => one === event.target.value) ?? 'BLUE')}
        choices={LABEL_COLORS.map((value) => ({ value, label: t(`color${value}`) }))}
      />
      <Button type="submit" kind="primary" isPending={isPending} isDisabled={name.trim() === ''}>
        {t('labelAdd')}
      </Button>
    </form>
  );
}
