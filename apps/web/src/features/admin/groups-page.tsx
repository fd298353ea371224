import type { Group } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Deletes a group and says so; resolves when it was tried. */
function useRemoveGroup(): (group: Group) => Promise<void> {
  const t = useText('admin');
  const locale = useLocale();
  return async (group) => {
    try {
      await call('deleteGroup', { params: { id: group.id } });
      showToast(t('groupDeleted'));
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
  };
}

export function GroupsPage() {
  const t = useText('admin');
  const locale = useLocale();
  const [edited, setEdited] = useState<Group | 'new'>();
  const [doomed, setDoomed] = useState<Group>();
  const { data, error, refetch } = useQuery(groupsQuery);
  const create = (
    <Button icon={<Plus size={16} />} onPress={() => setEdited('new')}>
      {t('newGroup')}
    </Button>
  );
  return (
    <>
      <PageHead width="max-w-3xl" title={t('groupsTitle')}>
        {create}
      </PageHead>
      <Scroll width="max-w-3xl">
        <p className="mb-4 text-dim">{t('groupsLead')}</p>
        {data === undefined && error === null && <Skeleton width="100%" height={140} />}
        {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && (
          <Empty icon={<Boxes size={34} />} title={t('noGroups')} action={create}>
            {t('noGroupsText')}
          </Empty>
        )}
        <ul className="ng-card empty:hidden">
          {data?.items.map((group) => (
            <GroupRow key={group.id} group={group} onEdit={() => setEdited(group)} onDelete={() => setDoomed(group)} />
          ))}
        </ul>
      </Scroll>
      <GroupDialog edited={edited} onClose={() => setEdited(undefined)} />
      <DeleteGroup group={doomed} onClose={() => setDoomed(undefined)} />
    </>
  );
}

function GroupRow({ group, onEdit, onDelete }: { group: Group; onEdit: () => void; onDelete: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line/70 px-4 py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{group.name}</p>
        <p className="tabular text-[13px] text-dim">
          {common('labelled', { label: t('members'), value: formatNumber(group.userCount, locale) })} ·{' '}
          {common('labelled', { label: t('patients'), value: formatNumber(group.patientCount, locale) })} · {t('createdAt')}{' '}
          {formatInstant(group.createdAt, locale)}
        </p>
      </div>
      <IconButton label={t('rename')} onPress={onEdit}>
        <Pencil size={16} />
      </IconButton>
      <IconButton label={t('deleteGroup', { name: group.name })} onPress={onDelete}>
        <Trash2 size={16} />
      </IconButton>
    </li>
  );
}

function GroupDialog({ edited, onClose }: { edited: Group | 'new' | undefined; onClose: () => void }) {
  const t = useText('admin');
  return (
    <Dialog title={edited === 'new' ? t('newGroup') : t('rename')} isOpen={edited !== undefined} onClose={onClose}>
      {edited !== undefined && <GroupForm group={edited === 'new' ? undefined : edited} onClose={onClose} />}
    </Dialog>
  );
}

function DeleteGroup({ group, onClose }: { group: Group | undefined; onClose: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const remove = useRemoveGroup();
  const confirm = async (one: Group): Promise<void> => {
    await remove(one);
    onClose();
    void queryClient.invalidateQueries({ queryKey: ['groups'] });
  };
  return (
    <Confirm
      title={t('deleteGroup', { name: group?.name ?? '' })}
      isOpen={group !== undefined}
      onClose={onClose}
      onConfirm={() => group !== undefined && void confirm(group)}
      confirm={common('delete')}
    >
      {t('deleteGroupText')}
    </Confirm>
  );
}

function GroupForm({ group, onClose }: { group: Group | undefined; onClose: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm({ defaultValues: { name: group?.name ?? '' } });
  const submit = form.handleSubmit(async ({ name }) => {
    setFailure(undefined);
    try {
      const body = { name: name.trim() };
      if (group === undefined) await call('createGroup', { body });
      else await call('updateGroup', { params: { id: group.id }, body });
      void queryClient.invalidateQueries({ queryKey: ['groups'] });
      showToast(common('saved'));
      onClose();
    } catch (error) {
      setFailure(error);
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <TextField
        label={t('groupName')}
        autoFocus
        maxLength={100}
        error={form.formState.errors.name?.message}
        {...form.register('name', { validate: (value) => value.trim() !== '' || common('required') })}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {common('save')}
        </Button>
      </div>
    </form>
  );
}
