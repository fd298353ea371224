import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { isAcceptable, passwordRules } from '../../entities/account/password-rules.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Section } from './section.tsx';

const EMPTY = { currentPassword: '', newPassword: '', repeat: '' };

function Rule({ holds, children }: { holds: boolean; children: string }) {
  return (
    <li className={cx('flex items-center gap-1.5', holds ? 'text-accent' : 'text-dim')}>
      <span aria-hidden="true">{holds ? '●' : '○'}</span>
      {children}
    </li>
  );
}

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
        <Rules newPassword={newPassword} repeat={repeat} />
        <div>
          <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
            {t('changePassword')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

/** Which rules hold, as one types. */
function Rules({ newPassword, repeat }: Pick<Fields, 'newPassword' | 'repeat'>) {
  const t = useText('profile');
  const { isLong, fits } = passwordRules(newPassword);
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-[13px]">
      <Rule holds={isLong}>{t('ruleLength')}</Rule>
      <Rule holds={fits && newPassword !== ''}>{t('ruleBytes')}</Rule>
      <Rule holds={newPassword !== '' && newPassword === repeat}>{t('ruleSame')}</Rule>
    </ul>
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
      <TextField
        label={t('newPassword')}
        type="password"
        autoComplete="new-password"
        error={errors.newPassword?.message}
        {...form.register('newPassword', {
          validate: (value) => isAcceptable(value) || (passwordRules(value).fits ? t('ruleLength') : t('ruleBytes')),
        })}
      />
      <TextField
        label={t('repeatPassword')}
        type="password"
        autoComplete="new-password"
        error={errors.repeat?.message}
        {...form.register('repeat', { validate: (value, all) => value === all.newPassword || t('ruleSame') })}
      />
    </>
  );
}
