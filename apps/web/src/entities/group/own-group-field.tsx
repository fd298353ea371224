import { useText } from '../../i18n/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { useOwnGroups } from './own-groups.ts';

interface Props {
  /** Empty: the main one. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly className?: string;
}

/** Into which of their groups goes what somebody makes; nothing for who has no two. */
export function OwnGroupField({ value, onChange, className }: Props) {
  const t = useText('common');
  const groups = useOwnGroups();
  if (groups.length === 0) return null;
  return (
    <SelectField
      label={t('intoGroup')}
      className={className}
      value={value || groups[0]?.id}
      onChange={(event) => onChange(event.target.value)}
      choices={groups.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
