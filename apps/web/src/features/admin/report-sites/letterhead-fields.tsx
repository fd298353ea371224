import { useText } from '../../../i18n/index.ts';
import { TextAreaField, TextField } from '../../../ui/field.tsx';
import type { EditedLetterhead, Faults } from './letterhead.ts';
import { LogoField } from './logo-field.tsx';

interface FieldsProps {
  readonly own: EditedLetterhead;
  readonly faults: Faults;
  readonly onChange: (own: EditedLetterhead) => void;
}
/** What stands above the reports of a site. */
export function LetterheadFields({ own, faults, onChange }: FieldsProps) {
  const t = useText('reports');
  const common = useText('common');
  return (
    <>
      <TextField
        label={t('hospital')}
        maxLength={100}
        value={own.name}
        error={faults.name === undefined ? undefined : common('required')}
        onChange={({ target }) => onChange({ ...own, name: target.value })}
      />
      <TextAreaField
        label={t('address')}
        hint={t('addressHint')}
        rows={3}
        value={own.lines}
        error={faults.lines === undefined ? undefined : t(faults.lines)}
        onChange={({ target }) => onChange({ ...own, lines: target.value })}
      />
      <TextField
        label={t('phone')}
        type="tel"
        maxLength={40}
        value={own.phone}
        onChange={({ target }) => onChange({ ...own, phone: target.value })}
      />
      <LogoField logo={own.logo} onChange={(logo) => onChange({ ...own, logo })} />
    </>
  );
}
