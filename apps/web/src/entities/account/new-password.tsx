import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/field.tsx';
import { isAcceptable, passwordRules } from './password-rules.ts';

interface NewPassword {
  readonly newPassword: string;
  readonly repeat: string;
}

/** A new password, twice. */
export function NewPasswordFields<T extends FieldValues & NewPassword>({ form }: { form: UseFormReturn<T> }) {
  const t = useText('common');
  const { errors } = form.formState;
  const [newPassword, repeat] = ['newPassword' as Path<T>, 'repeat' as Path<T>]; // T has both.
  const told = (field: keyof NewPassword): string | undefined => {
    const message = errors[field]?.message;
    return typeof message === 'string' ? message : undefined;
  };
  return (
    <>
      <TextField
        label={t('newPassword')}
        type="password"
        autoComplete="new-password"
        error={told('newPassword')}
        {...form.register(newPassword, {
          validate: (value: string) => isAcceptable(value) || (passwordRules(value).fits ? t('ruleLength') : t('ruleBytes')),
        })}
      />
      <TextField
        label={t('repeatPassword')}
        type="password"
        autoComplete="new-password"
        error={told('repeat')}
        {...form.register(repeat, { validate: (value: string, all: T) => value === all.newPassword || t('ruleSame') })}
      />
    </>
  );
}

/** Which rules hold, as one types. */
export function PasswordRules({ newPassword, repeat }: NewPassword) {
  const t = useText('common');
  const { isLong, fits } = passwordRules(newPassword);
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-[13px]">
      <Rule holds={isLong}>{t('ruleLength')}</Rule>
      <Rule holds={fits && newPassword !== ''}>{t('ruleBytes')}</Rule>
      <Rule holds={newPassword !== '' && newPassword === repeat}>{t('ruleSame')}</Rule>
    </ul>
  );
}

function Rule({ holds, children }: { holds: boolean; children: string }) {
  return (
    <li className={cx('flex items-center gap-1.5', holds ? 'text-accent' : 'text-dim')}>
      <span aria-hidden="true">{holds ? '●' : '○'}</span>
      {children}
    </li>
  );
}
