import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { NewPasswordFields, PasswordRules } from '../../entities/account/new-password.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Section } from './section.tsx';

const EMPTY = { currentPassword: '', newPassword: '', repeat: '' };

type Fields = typeof EMPTY;

function usePasswordForm() {
  const t = useText('profile');
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({ defaultValues: EMPTY });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      await call('updateProfile', { body: { currentPassword: fields.currentPassword, newPassword: fields.newPassword } });
      form.reset(EMPTY);
      showToast(t('passwordChanged'));
      void queryClient.invalidateQueries({ queryKey: ['sessions'] });
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure };
}

export function PasswordForm() {
  const t = useText('profile');
  const locale = useLocale();
  const user = useUser();
  const { form, submit, failure } = usePasswordForm();
  const { newPassword, repeat } = form.watch();
  return (
    <Section title={t('password')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        <input type="text" autoComplete="username" value={user?.email ?? ''} readOnly hidden />
        <div className="grid gap-4 sm:grid-cols-3">
          <PasswordFields form={form} />
        </div>
        <PasswordRules newPassword={newPassword} repeat={repeat} />
        <div>
          <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
            {t('changePassword')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function PasswordFields({ form }: { form: UseFormReturn<Fields> }) {
  const t = useText('profile');
  const common = useText('common');
  const { errors } = form.formState;
  return (
    <>
      <TextField
        label={t('currentPassword')}
        type="password"
        autoComplete="current-password"
        error={errors.currentPassword?.message}
        {...form.register('currentPassword', { required: common('required') })}
      />
      <NewPasswordFields form={form} />
    </>
  );
}
