import type { DeidProject } from '@negatoscope/contract';
import { DEID_PSEUDONYM } from '@negatoscope/contract/deid-choices';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';

interface Props {
  readonly project: DeidProject;
  readonly onClose: () => void;
}

const LEAST_REASON = 5;

function useAsking({ project }: Props) {
  const [found, setFound] = useState<Result<'askDeidPseudonym'>>();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm({ defaultValues: { pseudonym: '', reason: '' } });
  const submit = form.handleSubmit(async ({ pseudonym, reason }) => {
    setFailure(undefined);
    setFound(undefined);
    try {
      const body = { pseudonym: pseudonym.trim().toUpperCase(), reason: reason.trim() };
      setFound(await call('askDeidPseudonym', { params: { id: project.id }, body }));
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, found, failure };
}

/** Whose it is, or why that is not told. */
function Answer({ found, failure }: Pick<ReturnType<typeof useAsking>, 'found' | 'failure'>) {
  const t = useText('deid');
  const locale = useLocale();
  const isNobody = failure instanceof ApiError && failure.code === 'NOT_FOUND';
  if (failure !== undefined)
    return <Notice tone={isNobody ? 'amber' : 'danger'}>{isNobody ? t('nobody') : errorText(failure, locale)}</Notice>;
  if (found === undefined) return null;
  return (
    <Notice tone="ok">
      {t('found')}{' '}
      <Link to="/app/patients/$id" params={{ id: found.patientId }} className="font-semibold text-accent underline">
        {found.recordNumber}
      </Link>
    </Notice>
  );
}

/** Whose a pseudonym of a project is, with a reason that the journal keeps. */
export function WhosePseudonym(props: Props) {
  const t = useText('deid');
  const common = useText('common');
  const { form, submit, found, failure } = useAsking(props);
  const { errors, isSubmitting } = form.formState;
  const isPseudonym = (text: string) => DEID_PSEUDONYM.test(text.trim().toUpperCase()) || t('pseudonymHint');
  const isReason = (text: string) => text.trim().length >= LEAST_REASON || t('reasonShort');
  return (
    <Dialog title={t('whose')} isOpen onClose={props.onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <p className="text-dim">{t('whoseText', { project: props.project.name })}</p>
        <TextField
          label={t('pseudonym')}
          hint={t('pseudonymHint')}
          error={errors.pseudonym?.message}
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          {...form.register('pseudonym', { validate: isPseudonym })}
        />
        <TextAreaField
          label={t('reason')}
          hint={t('reasonHint')}
          error={errors.reason?.message}
          rows={2}
          maxLength={500}
          {...form.register('reason', { validate: isReason })}
        />
        <Answer found={found} failure={failure} />
        <div className="flex justify-end gap-2">
          <Button onPress={props.onClose}>{common('close')}</Button>
          <Button kind="primary" type="submit" isPending={isSubmitting}>
            {t('ask')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
