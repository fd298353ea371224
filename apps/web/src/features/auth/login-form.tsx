import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { errorText } from '../../api/error.ts';
import { signIn } from '../../api/me.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

interface Fields {
  readonly email: string;
  readonly password: string;
}
/** E-mail and password; `email` given means that the person is known and signs in again. */
export function LoginForm({ email = '', onDone }: { email?: string; onDone: () => void | Promise<void> }) {
  const t = useText('auth');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const [visible, setVisible] = useState(false);
  const form = useForm<Fields>({ defaultValues: { email, password: '' } });
  const { errors, isSubmitting } = form.formState;
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
  const required = common('required');
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
        error={errors.email?.message}
        {...form.register('email', { required })}
      />
      <TextField
        label={t('password')}
        type={visible ? 'text' : 'password'}
        autoComplete="current-password"
        autoFocus={email !== ''}
        error={errors.password?.message}
        trailing={
          <IconButton label={visible ? t('hidePassword') : t('showPassword')} onPress={() => setVisible(!visible)}>
            {visible ? <EyeOff size={17} /> : <Eye size={17} />}
          </IconButton>
        }
        {...form.register('password', { required })}
      />
      <Button kind="primary" size="large" type="submit" isPending={isSubmitting}>
        {t('signIn')}
      </Button>
    </form>
  );
}
