import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { errorText } from '../api/error.ts';
import { CodeField } from '../entities/account/code-field.tsx';
import { useLocale, useText } from '../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../ui/bits.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { useSubmit } from '../ui/use-submit.ts';

/** Asks again who one is, before what is grave; what was begun then goes on by itself. */
export function ProofDialog({ onEnd }: { onEnd: (given: boolean) => void }) {
  const t = useText('auth');
  return (
    <Dialog title={t('proofTitle')} isOpen onClose={() => onEnd(false)}>
      <Proof onDone={() => onEnd(true)} />
    </Dialog>
  );
}

function Proof({ onDone }: { onDone: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['own-factor'],
    queryFn: ({ signal }) => call('ownFactor', { signal }),
  });
  if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={96} />;
  if (data.proof === 'SIGN_IN') return <Notice tone="amber">{t('proofSignIn')}</Notice>;
  return <ProofForm by={data.proof} onDone={onDone} />;
}

function ProofForm({ by, onDone }: { by: 'CODE' | 'PASSWORD'; onDone: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const [value, setValue] = useState('');
  const prove = async (): Promise<void> => {
    await call('proveAgain', { body: by === 'CODE' ? { code: value.trim() } : { password: value } });
    onDone();
  };
  const { failure, isPending, submit } = useSubmit(prove, () => setValue(''));
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p>{t('proofLead')}</p>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {by === 'CODE' ? (
        <CodeField value={value} onChange={setValue} />
      ) : (
        <TextField
          label={t('password')}
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      )}
      <Button kind="primary" type="submit" isPending={isPending}>
        {t('setupConfirm')}
      </Button>
    </form>
  );
}
