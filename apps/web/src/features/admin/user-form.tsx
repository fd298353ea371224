import type { Group, User } from '@negatoscope/contract';
import { DEFAULT_LEVEL, LEVELS, ROLES } from '@negatoscope/contract/permissions';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { isAcceptable } from '../../entities/account/password-rules.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';

interface Fields {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly password: string;
  readonly role: User['role'];
  readonly level: User['level'];
  readonly status: User['status'];
  readonly groupId: string;
  readonly locale: User['locale'];
}
const STATUSES = ['ACTIVE', 'INACTIVE', 'SUSPENDED'] as const;
interface FormProps {
  readonly user: User | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

function valuesOf(user: User | undefined, locale: User['locale']): Fields {
  return {
    firstName: user?.firstName ?? '',
    lastName: user?.lastName ?? '',
    email: user?.email ?? '',
    password: '',
    role: user?.role ?? 'RADIOLOGIST',
    level: user?.level ?? 'WRITE',
    status: user?.status ?? 'ACTIVE',
    groupId: user?.groupId ?? '',
    locale: user?.locale ?? locale,
  };
}
async function save(user: User | undefined, { password, groupId, status, ...fields }: Fields): Promise<void> {
  const group = groupId === '' ? null : groupId;
  if (user === undefined) await call('createUser', { body: { ...fields, password, groupId: group } });
  else
    await call('updateUser', {
      params: { id: user.id },
      body: { ...fields, status, groupId: group, ...(password === '' ? {} : { password }) },
    });
}

/** Creates a user or changes one; the role proposes its level. */
export function UserForm({ user, groups, onClose }: FormProps) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({ defaultValues: valuesOf(user, locale) });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      await save(user, { ...fields, email: fields.email.trim() });
      void queryClient.invalidateQueries({ queryKey: ['users'] });
      showToast(user === undefined ? t('userCreated') : common('saved'));
      onClose();
    } catch (error) {
      setFailure(error);
    }
  });
  const required = common('required');
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('firstName')}
          maxLength={100}
          autoComplete="off"
          error={errors.firstName?.message}
          {...form.register('firstName', { required })}
        />
        <TextField
          label={t('lastName')}
          maxLength={100}
          autoComplete="off"
          error={errors.lastName?.message}
          {...form.register('lastName', { required })}
        />
        <TextField
          label={t('email')}
          type="email"
          maxLength={254}
          autoComplete="off"
          error={errors.email?.message}
          {...form.register('email', { required })}
        />
        <TextField
          label={user === undefined ? t('firstPassword') : t('newPassword')}
          hint={user === undefined ? t('passwordHint') : t('newPasswordHint')}
          type="password"
          autoComplete="new-password"
          error={errors.password?.message}
          {...form.register('password', {
            validate: (value) => (user !== undefined && value === '') || isAcceptable(value) || t('passwordHint'),
          })}
        />
        <SelectField
          label={t('role')}
          choices={ROLES.map((value) => ({ value, label: common(`role${value}`) }))}
          {...form.register('role', { onChange: () => form.setValue('level', DEFAULT_LEVEL[form.getValues('role')]) })}
        />
        <SelectField
          label={t('level')}
          hint={t('levelHint')}
          choices={LEVELS.map((value) => ({ value, label: common(`level${value}`) }))}
          {...form.register('level')}
        />
        <SelectField
          label={t('group')}
          choices={[{ value: '', label: t('noGroup') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
          {...form.register('groupId')}
        />
        {user === undefined ? (
          <SelectField
            label={t('language')}
            choices={[
              { value: 'fr', label: 'Français' },
              { value: 'en', label: 'English' },
            ]}
            {...form.register('locale')}
          />
        ) : (
          <SelectField
            label={t('status')}
            choices={STATUSES.map((value) => ({ value, label: common(`user${value}`) }))}
            {...form.register('status')}
          />
        )}
      </div>
      <div className="flex items-center gap-2">
        {user !== undefined && <DeleteUser user={user} onDone={onClose} />}
        <span className="flex-1" />
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isSubmitting}>
          {user === undefined ? common('create') : common('save')}
        </Button>
      </div>
    </form>
  );
}

function DeleteUser({ user, onDone }: { user: User; onDone: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [asks, setAsks] = useState(false);
  const remove = async (): Promise<void> => {
    try {
      await call('deleteUser', { params: { id: user.id } });
      void queryClient.invalidateQueries({ queryKey: ['users'] });
      showToast(t('userDeleted'));
      onDone();
    } catch (error) {
      setAsks(false);
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return (
    <>
      <Button kind="danger" onPress={() => setAsks(true)}>
        {common('delete')}
      </Button>
      <Confirm
        title={t('deleteUser', { name: formatName(user) })}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void remove()}
        confirm={common('delete')}
      >
        {t('deleteUserText')}
      </Confirm>
    </>
  );
}
