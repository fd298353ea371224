import type { Group, User } from '@negatoscope/contract';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { LanguageField, PersonFields, RightsFields, StatusField, type UserFields } from './user-fields.tsx';

interface FormProps {
  readonly user: User | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}

function valuesOf(user: User | undefined, locale: User['locale']): UserFields {
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
async function save(user: User | undefined, { password, groupId, status, ...fields }: UserFields): Promise<void> {
  const group = groupId === '' ? null : groupId;
  if (user === undefined) await call('createUser', { body: { ...fields, password, groupId: group } });
  else
    await call('updateUser', {
      params: { id: user.id },
      body: { ...fields, status, groupId: group, ...(password === '' ? {} : { password }) },
    });
}

function useUserForm({ user, onClose }: FormProps) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<UserFields>({ defaultValues: valuesOf(user, locale) });
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
  return { form, submit, failure };
}

/** Creates a user or changes one; the role proposes its level. */
export function UserForm(props: FormProps) {
  const { user, groups, onClose } = props;
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure } = useUserForm(props);
  const isNew = user === undefined;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <PersonFields form={form} isNew={isNew} />
        <RightsFields form={form} groups={groups} />
        {isNew ? <LanguageField form={form} /> : <StatusField form={form} />}
      </div>
      <div className="flex items-center gap-2">
        {user !== undefined && <DeleteUser user={user} onDone={onClose} />}
        <span className="flex-1" />
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {isNew ? common('create') : common('save')}
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
