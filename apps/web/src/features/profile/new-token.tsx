import type { Permission } from '@negatoscope/contract';
import { useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useMe } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { CopyButton, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

interface Fields {
  readonly name: string;
  readonly days: string;
  readonly permissions: Permission[];
}

/** Makes a token; its secret is shown once. */
export function NewToken({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useText('profile');
  const [secret, setSecret] = useState<string>();
  const close = (): void => {
    setSecret(undefined);
    onClose();
  };
  return (
    <Dialog title={t('newToken')} isOpen={isOpen} onClose={close} wide>
      {secret === undefined ? <TokenForm onMade={setSecret} onClose={close} /> : <Secret secret={secret} onClose={close} />}
    </Dialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useText('profile');
  const common = useText('common');
  return (
    <>
      <Notice tone="amber">{t('tokenSecret')}</Notice>
      <div className="rounded-lg border border-line bg-bg p-3 font-mono text-[13px] break-all">
        <CopyButton value={secret} label={common('copy')}>
          <span className="whitespace-normal">{secret}</span>
        </CopyButton>
      </div>
      <div className="flex justify-end">
        <Button kind="primary" onPress={onClose}>
          {common('close')}
        </Button>
      </div>
    </>
  );
}

function useTokenForm(onMade: (secret: string) => void) {
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<Fields>({ defaultValues: { name: '', days: '90', permissions: ['studies.read'] } });
  const submit = form.handleSubmit(async ({ name, days, permissions }) => {
    setFailure(undefined);
    try {
      const token = await call('createToken', { body: { name: name.trim(), permissions, expiresInDays: Number(days) } });
      void queryClient.invalidateQueries({ queryKey: ['tokens'] });
      onMade(token.secret);
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure };
}

function TokenForm({ onMade, onClose }: { onMade: (secret: string) => void; onClose: () => void }) {
  const t = useText('profile');
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure } = useTokenForm(onMade);
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('tokenName')}
          hint={t('tokenNameHint')}
          maxLength={100}
          error={errors.name?.message}
          {...form.register('name', { validate: (value) => value.trim() !== '' || common('required') })}
        />
        <SelectField
          label={t('tokenExpiry')}
          choices={[
            ...['7', '30', '90'].map((days) => ({ value: days, label: t('tokenDays', { days }) })),
            { value: '365', label: t('tokenYear') },
          ]}
          {...form.register('days')}
        />
      </div>
      <PermissionFields form={form} />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isSubmitting}>
          {common('create')}
        </Button>
      </div>
    </form>
  );
}

/** A token may do at most what its owner may. */
function PermissionFields({ form }: { form: UseFormReturn<Fields> }) {
  const t = useText('profile');
  const me = useMe();
  return (
    <fieldset>
      <legend className="mb-2 text-[13px] font-medium text-dim">{t('tokenPermissions')}</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {me?.permissions.map((permission) => (
          <label key={permission} className="flex h-8 items-center gap-2.5 font-mono text-[13px] coarse:h-11">
            <input
              type="checkbox"
              value={permission}
              className="size-4 accent-(--ng-accent)"
              {...form.register('permissions', { validate: (value) => value.length > 0 || t('chooseOne') })}
            />
            {permission}
          </label>
        ))}
      </div>
      {form.formState.errors.permissions !== undefined && (
        <p role="alert" className="mt-1 text-[13px] text-danger">
          ! {t('chooseOne')}
        </p>
      )}
    </fieldset>
  );
}
