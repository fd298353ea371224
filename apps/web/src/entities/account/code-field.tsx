import { useText } from '../../i18n/index.ts';
import { TextField } from '../../ui/field.tsx';

/** What an application shows: six digits, which a phone's keyboard offers, or a recovery code. */
export function CodeField({
  value,
  onChange,
  isRecovery = false,
  autoFocus = true,
}: {
  value: string;
  onChange: (value: string) => void;
  isRecovery?: boolean;
  autoFocus?: boolean;
}) {
  const t = useText('auth');
  return (
    <TextField
      label={t(isRecovery ? 'recoveryCode' : 'code')}
      inputMode={isRecovery ? 'text' : 'numeric'}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      required
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
