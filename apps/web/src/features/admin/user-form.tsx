import type { Group, User } from '@negatoscope/contract';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type Invited, useInvite } from './invitation.tsx';
import { LanguageField, PersonFields, RightsFields, StatusField, type UserFields } from './user-fields.tsx';

interface FormProps {
  readonly user: User | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
  /** They have a link to set their password, or a mail with it. */
  readonly onInvited: (invited: Invited) => void;
}

function valuesOf(user: User | undefined, locale: User['locale']): UserFields {
  return {
    firstName: user?.firstName ?? '',
    lastName: user?.lastName ?? '',
    email: user?.email ?? '',
    role: user?.role ?? 'RADIOLOGIST',
    level: user?.level ?? 'WRITE',
    status: user?.status ?? 'ACTIVE',
    groupId: user?.groupId ?? '',
    locale: user?.locale ?? locale,
  };
}
async function save(user: User | undefined, { groupId, status, ...fields }: UserFields): Promise<User> {
  const group = groupId === '' ? null : groupId;
  if (user === undefined) return call('createUser', { body: { ...fields, groupId: group } });
  return call('updateUser', { params: { id: user.id }, body: { ...fields, status, groupId: group } });
}

function useUserForm({ user, onClose, onInvited }: FormProps) {
  const invitation = useInvite(onInvited);
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<UserFields>({ defaultValues: valuesOf(user, locale) });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      const saved = await save(user, { ...fields, email: fields.email.trim() });
      void queryClient.invalidateQueries({ queryKey: ['users'] });
      showToast(user === undefined ? t('userCreated') : common('saved'));
      onClose();
      if (user === undefined) void invitation.run(saved);
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure, invitation };
}

/** Creates a user or changes one; the role proposes its level. */
export function UserForm(props: FormProps) {
  const { user, groups, onClose } = props;
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure, invitation } = useUserForm(props);
  const isNew = user === undefined;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <PersonFields form={form} />
        <RightsFields form={form} groups={groups} />
        {isNew ? <LanguageField form={form} /> : <StatusField form={form} />}
      </div>
      {isNew && invitation.by !== undefined && (
        <p className="text-[13px] text-dim">{t(invitation.by === 'NONE' ? 'invitationProvider' : 'invitationNext')}</p>
      )}
      {user !== undefined && (
        <div className="flex flex-wrap gap-2">
          <InviteUser user={user} invitation={invitation} />
          <ResetFactor user={user} />
        </div>
      )}
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

/** Nobody invites themselves: one's own password is changed in the profile. */
function InviteUser({ user, invitation }: { user: User; invitation: ReturnType<typeof useInvite> }) {
  const t = useText('admin');
  const me = useUser();
  const isPossible = user.status === 'ACTIVE' && (invitation.by === 'MAIL' || invitation.by === 'LINK');
  if (!isPossible || me === undefined || me.id === user.id) return null;
  return <Button onPress={() => void invitation.run(user)}>{t('invite')}</Button>;
}

/** For who has lost their phone and their recovery codes; one's own is in the profile. */
function ResetFactor({ user }: { user: User }) {
  const t = useText('admin');
  const locale = useLocale();
  const me = useUser();
  if (me === undefined || me.id === user.id) return null;
  const press = async (): Promise<void> => {
    try {
      await call('resetFactor', { params: { id: user.id } });
      showToast(t('factorIsReset'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  return <Button onPress={() => void press()}>{t('resetFactor')}</Button>;
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
