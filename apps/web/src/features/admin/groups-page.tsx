import type { Group } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Boxes, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { groupsQuery } from './users-page.tsx';

export function GroupsPage() {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  const [edited, setEdited] = useState<Group | 'new'>();
  const [doomed, setDoomed] = useState<Group>();
  const { data, error, refetch } = useQuery(groupsQuery);
  const remove = async (group: Group): Promise<void> => {
    try {
      await call('deleteGroup', { params: { id: group.id } });
      showToast(t('groupDeleted'));
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
    setDoomed(undefined);
    void queryClient.invalidateQueries({ queryKey: ['groups'] });
  };
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
            <li key={group.id} className="flex min-h-14 items-center gap-3 border-b border-line/70 px-4 py-2 last:border-0">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{group.name}</p>
                <p className="tabular text-[13px] text-dim">
                  {common('labelled', { label: t('members'), value: formatNumber(group.userCount, locale) })} ·{' '}
                  {common('labelled', { label: t('patients'), value: formatNumber(group.patientCount, locale) })} ·{' '}
                  {t('createdAt')} {formatInstant(group.createdAt, locale)}
                </p>
              </div>
              <IconButton label={t('rename')} onPress={() => setEdited(group)}>
                <Pencil size={16} />
              </IconButton>
              <IconButton label={t('deleteGroup', { name: group.name })} onPress={() => setDoomed(group)}>
                <Trash2 size={16} />
              </IconButton>
            </li>
          ))}
        </ul>
      </Scroll>
      <Dialog
        title={edited === 'new' ? t('newGroup') : t('rename')}
        isOpen={edited !== undefined}
        onClose={() => setEdited(undefined)}
      >
        {edited !== undefined && <GroupForm group={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      </Dialog>
      <Confirm
        title={t('deleteGroup', { name: doomed?.name ?? '' })}
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={() => doomed !== undefined && void remove(doomed)}
        confirm={common('delete')}
      >
        {t('deleteGroupText')}
      </Confirm>
    </>
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
