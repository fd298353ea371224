import Eye from 'lucide-react/icons/eye';
import EyeOff from 'lucide-react/icons/eye-off';
import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { errorText } from '../../api/error.ts';
import { signIn } from '../../api/sign-in.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

interface Fields {
  readonly email: string;
  readonly password: string;
}
function useLoginForm(email: string, onDone: () => void | Promise<void>) {
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({ defaultValues: { email, password: '' } });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      await signIn(fields.email.trim(), fields.password);
      await onDone();
    } catch (error) {
      setFailure(error);
      form.resetField('password');
      form.setFocus('password');
    }
  });
  return { form, submit, failure };
}

/** E-mail and password; `email` given means that the person is known and signs in again, and nobody else: the page below is theirs. */
export function LoginForm({ email = '', onDone }: { email?: string; onDone: () => void | Promise<void> }) {
  const t = useText('auth');
  const locale = useLocale();
  const required = useText('common')('required');
  const { form, submit, failure } = useLoginForm(email, onDone);
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={email === ''}
        readOnly={email !== ''}
        error={errors.email?.message}
        {...form.register('email', { required })}
      />
      <PasswordField form={form} isFirst={email !== ''} />
      <Button kind="primary" size="large" type="submit" isPending={isSubmitting}>
        {t('signIn')}
      </Button>
    </form>
  );
}

function PasswordField({ form, isFirst }: { form: UseFormReturn<Fields>; isFirst: boolean }) {
  const t = useText('auth');
  const required = useText('common')('required');
  const [visible, setVisible] = useState(false);
  return (
    <TextField
      label={t('password')}
      type={visible ? 'text' : 'password'}
      autoComplete="current-password"
      autoFocus={isFirst}
      error={form.formState.errors.password?.message}
      trailing={
        <IconButton label={visible ? t('hidePassword') : t('showPassword')} onPress={() => setVisible(!visible)}>
          {visible ? <EyeOff size={17} /> : <Eye size={17} />}
        </IconButton>
      }
      {...form.register('password', { required })}
    />
  );
}
