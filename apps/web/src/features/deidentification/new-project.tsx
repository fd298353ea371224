import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { deidProjectsQuery } from '../../entities/deid/queries.ts';
import { OwnGroupField } from '../../entities/group/own-group-field.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { KeptFields, type ProjectFields } from './kept-fields.tsx';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}
/** Makes a project: what it keeps can't be changed later, since files have left by it. */
export function NewProject({ isOpen, onClose }: Props) {
  const t = useText('deid');
  return (
    <Dialog title={t('newProject')} isOpen={isOpen} onClose={onClose} wide>
      <ProjectForm onClose={onClose} />
    </Dialog>
  );
}

function useProjectForm(onClose: () => void) {
  const t = useText('deid');
  const [failure, setFailure] = useState<unknown>();
  const [groupId, setGroupId] = useState('');
  const form = useForm<ProjectFields>({ defaultValues: { name: '', note: '', dates: 'REMOVED', options: [] } });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      await call('createDeidProject', {
        body: { ...fields, name: fields.name.trim(), note: fields.note.trim(), ...(groupId !== '' && { groupId }) },
      });
      showToast(t('projectMade'));
      onClose();
    } catch (error) {
      setFailure(error);
    }
    void queryClient.invalidateQueries({ queryKey: deidProjectsQuery.queryKey });
  });
  return { form, submit, failure, groupId, setGroupId };
}

function ProjectForm({ onClose }: Pick<Props, 'onClose'>) {
  const t = useText('deid');
  const common = useText('common');
  const locale = useLocale();
  const hasGroup = useUser()?.groupId != null;
  const { form, submit, failure, groupId, setGroupId } = useProjectForm(onClose);
  const { errors, isSubmitting } = form.formState;
  const isName = (text: string) => text.trim().length >= 2 || t('nameShort');
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <TextField
        label={t('name')}
        hint={t(hasGroup ? 'usedByGroup' : 'usedByAll')}
        error={errors.name?.message}
        maxLength={120}
        autoComplete="off"
        {...form.register('name', { validate: isName })}
      />
      <OwnGroupField value={groupId} onChange={setGroupId} />
      <TextAreaField label={t('note')} hint={t('noteHint')} rows={2} maxLength={2000} {...form.register('note')} />
      <KeptFields form={form} />
      <Notice>{t('fixed')}</Notice>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isSubmitting}>
          {common('create')}
        </Button>
      </div>
    </form>
  );
}
