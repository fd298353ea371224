import type { User } from '@negatoscope/contract';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
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

function Loaded({ user }: { user: User }) {
  const t = useText('profile');
  const common = useText('common');
  const shell = useText('shell');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({
    values: { firstName: user.firstName, lastName: user.lastName, email: user.email, locale: user.locale, currentPassword: '' },
  });
  const { errors, isSubmitting } = form.formState;
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
  const required = common('required');
  return (
    <Section title={t('names')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        <div className="grid gap-4 sm:grid-cols-2">
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
          <SelectField
            label={t('language')}
            choices={[
              { value: 'fr', label: shell('french') },
              { value: 'en', label: shell('english') },
            ]}
            {...form.register('locale')}
          />
          {isNewEmail && (
            <TextField
              label={t('currentPassword')}
              hint={t('emailNeedsPassword')}
              type="password"
              autoComplete="current-password"
              error={errors.currentPassword?.message}
              {...form.register('currentPassword', { required })}
            />
          )}
        </div>
        <div>
          <Button kind="primary" type="submit" isPending={isSubmitting}>
            {common('save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
