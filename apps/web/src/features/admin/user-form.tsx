import type { Group, ManagedUser, User } from '@negatoscope/contract';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { groupIdsOf } from '../../entities/group/site.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type Invited, useInvite } from './invitation.tsx';
import { LanguageField, PersonFields, RightsFields, type UserFields } from './user-fields.tsx';
import { RightsInWords } from './user-rights.tsx';
import { usersChanged, useTellStatus } from './user-status.ts';

interface FormProps {
  readonly user: ManagedUser | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
  /** They have a link to set their password, or a mail with it. */
  readonly onInvited: (invited: Invited) => void;
  readonly children?: ReactNode;
}

function valuesOf(user: User | undefined, locale: User['locale']): UserFields {
  return {
    firstName: user?.firstName ?? '',
    lastName: user?.lastName ?? '',
    email: user?.email ?? '',
    role: user?.role ?? 'RADIOLOGIST',
    level: user?.level ?? 'WRITE',
    groupId: user?.groupId ?? '',
    furtherGroups: user === undefined ? [] : groupIdsOf(user).slice(1),
    locale: user?.locale ?? locale,
  };
}

/** The one group, or all of them with the main one first. */
function groupsIn({ groupId, furtherGroups }: Pick<UserFields, 'groupId' | 'furtherGroups'>) {
  const further = furtherGroups.filter((id) => id !== groupId);
  if (groupId === '' || further.length === 0) return { groupId: groupId === '' ? null : groupId };
  return { groupIds: [groupId, ...further] };
}

/** `activates`: an account that is not active becomes so, with what the form says. */
async function save(
  user: User | undefined,
  { groupId, furtherGroups, ...fields }: UserFields,
  activates: boolean,
): Promise<User> {
  const groups = groupsIn({ groupId, furtherGroups });
  if (user === undefined) return call('createUser', { body: { ...fields, ...groups } });
  const status = activates ? ({ status: 'ACTIVE' } as const) : {};
  return call('updateUser', { params: { id: user.id }, body: { ...fields, ...status, ...groups } });
}

function useUserForm({ user, onClose, onInvited }: FormProps) {
  const invitation = useInvite(onInvited);
  const tellStatus = useTellStatus();
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<UserFields>({ defaultValues: valuesOf(user, locale) });
  const submit = (activates: boolean) =>
    form.handleSubmit(async (fields) => {
      setFailure(undefined);
      try {
        const saved = await save(user, { ...fields, email: fields.email.trim() }, activates);
        usersChanged();
        if (user !== undefined && activates) tellStatus(saved, user.status);
        else showToast(user === undefined ? t('userCreated') : common('saved'));
        onClose();
        if (user === undefined) void invitation.run(saved);
      } catch (error) {
        setFailure(error);
      }
    });
  return { form, submit, failure, invitation };
}

/** Creates a user or changes one; the role proposes its level, and what both allow is told in words. */
export function UserForm(props: FormProps) {
  const { user, groups, children } = props;
  const t = useText('admin');
  const locale = useLocale();
  const { form, submit, failure, invitation } = useUserForm(props);
  const isNew = user === undefined;
  return (
    <form onSubmit={(event) => void submit(false)(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <PersonFields form={form} />
        <RightsFields form={form} groups={groups} />
        {isNew && <LanguageField form={form} />}
      </div>
      <ChosenRights role={form.watch('role')} level={form.watch('level')} />
      {isNew && invitation.by !== undefined && (
        <p className="text-[13px] text-dim">{t(invitation.by === 'NONE' ? 'invitationProvider' : 'invitationNext')}</p>
      )}
      {children}
      <FormEnd {...props} isPending={form.formState.isSubmitting} onActivate={() => void submit(true)()} />
    </form>
  );
}

function ChosenRights({ role, level }: Pick<UserFields, 'role' | 'level'>) {
  const t = useText('people');
  const common = useText('common');
  return (
    <details className="rounded-lg border border-line px-3.5 py-2.5">
      <summary className="cursor-pointer">
        {t('rightsOf', { role: common(`role${role}`), level: common(`level${level}`) })}
      </summary>
      <div className="mt-3">
        <RightsInWords role={role} level={level} />
      </div>
    </details>
  );
}

function FormEnd({ user, onClose, isPending, onActivate }: FormProps & { isPending: boolean; onActivate: () => void }) {
  const t = useText('people');
  const common = useText('common');
  const canActivate = user !== undefined && user.status !== 'ACTIVE';
  return (
    <div className="ng-form-end flex flex-wrap items-center justify-end gap-2">
      {user !== undefined && <DeleteUser user={user} onDone={onClose} />}
      <span className="flex-1" />
      <Button onPress={onClose}>{common('cancel')}</Button>
      <Button kind={canActivate ? 'plain' : 'primary'} type="submit" isPending={isPending}>
        {user === undefined ? common('create') : common('save')}
      </Button>
      {canActivate && (
        <Button kind="primary" isPending={isPending} onPress={onActivate}>
          {t('activate')}
        </Button>
      )}
    </div>
  );
}

/** Nothing brings an account back: it is asked for, and the server asks who one is. */
function DeleteUser({ user, onDone }: { user: User; onDone: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [asks, setAsks] = useState(false);
  const remove = async (): Promise<void> => {
    try {
      await call('deleteUser', { params: { id: user.id } });
      usersChanged();
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
