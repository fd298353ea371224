import type { User } from '@negatoscope/contract';
import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { meQuery, useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { setLocale, useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Section } from './section.tsx';

interface Fields {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly locale: User['locale'];
  readonly currentPassword: string;
}

export function NamesForm() {
  const user = useUser();
  return user === undefined ? null : <Loaded user={user} />;
}

/** Saves what changed; another e-mail address needs the password. */
function useNamesForm(user: User) {
  const common = useText('common');
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({
    values: { firstName: user.firstName, lastName: user.lastName, email: user.email, locale: user.locale, currentPassword: '' },
  });
  const isNewEmail = form.watch('email').trim() !== user.email;
  const submit = form.handleSubmit(async ({ currentPassword, email, ...fields }) => {
    setFailure(undefined);
    try {
      const body = { ...fields, ...(isNewEmail ? { email: email.trim(), currentPassword } : {}) };
      const changed = await call('updateProfile', { body });
      queryClient.setQueryData(meQuery.queryKey, (me) => (me === undefined ? me : { ...me, user: changed }));
      await setLocale(changed.locale);
      showToast(common('saved'));
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure, isNewEmail };
}

function Loaded({ user }: { user: User }) {
  const t = useText('profile');
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure, isNewEmail } = useNamesForm(user);
  return (
    <Section title={t('names')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        <div className="grid gap-4 sm:grid-cols-2">
          <PersonFields form={form} />
          <LanguageField form={form} />
          {isNewEmail && <PasswordField form={form} />}
        </div>
        <div>
          <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
            {common('save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}

interface Part {
  readonly form: UseFormReturn<Fields>;
}
function PersonFields({ form }: Part) {
  const t = useText('profile');
  const required = useText('common')('required');
  const { errors } = form.formState;
  return (
    <>
      <TextField
        label={t('firstName')}
        autoComplete="given-name"
        maxLength={100}
        error={errors.firstName?.message}
        {...form.register('firstName', { required })}
      />
      <TextField
        label={t('lastName')}
        autoComplete="family-name"
        maxLength={100}
        error={errors.lastName?.message}
        {...form.register('lastName', { required })}
      />
      <TextField
        label={t('email')}
        type="email"
        autoComplete="email"
        maxLength={254}
        error={errors.email?.message}
        {...form.register('email', { required })}
      />
    </>
  );
}

function LanguageField({ form }: Part) {
  const t = useText('profile');
  const shell = useText('shell');
  const choices = [
    { value: 'fr', label: shell('french') },
    { value: 'en', label: shell('english') },
  ];
  return <SelectField label={t('language')} choices={choices} {...form.register('locale')} />;
}

function PasswordField({ form }: Part) {
  const t = useText('profile');
  const required = useText('common')('required');
  return (
    <TextField
      label={t('currentPassword')}
      hint={t('emailNeedsPassword')}
      type="password"
      autoComplete="current-password"
      error={form.formState.errors.currentPassword?.message}
      {...form.register('currentPassword', { required })}
    />
  );
}
