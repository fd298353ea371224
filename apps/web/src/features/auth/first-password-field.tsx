import { useText } from '../../i18n/index.ts';
import { TextField } from '../../ui/field.tsx';

/** What takes the place of a password that somebody else knows, beside the second step. */
export function FirstPasswordField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useText('common');
  return (
    <TextField
      label={t('newPassword')}
      hint={t('ruleLength')}
      type="password"
      autoComplete="new-password"
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
