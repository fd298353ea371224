import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { errorText } from '../api/error.ts';
import { showPasskey, supportsPasskeys } from '../api/passkeys.ts';
import { CodeField } from '../entities/account/code-field.tsx';
import { PasskeyButton } from '../entities/account/passkey-button.tsx';
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
  const byPasskey = data.proofs.includes('PASSKEY') && supportsPasskeys();
  const by = data.proofs.find((one) => one !== 'PASSKEY');
  if (by === undefined && !byPasskey) return <Notice tone="amber">{t('proofSignIn')}</Notice>;
  return (
    <>
      <p>{t('proofLead')}</p>
      {byPasskey && <PasskeyButton label="passkeyUse" kind="primary" isFirst work={() => provePasskey(onDone)} />}
      {byPasskey && by !== undefined && <p className="text-center text-[13px] text-dim">{t('orBy')}</p>}
      {by !== undefined && (
        <ProofForm by={by} isFirst={!byPasskey} isRecovery={by === 'CODE' && data.since === null} onDone={onDone} />
      )}
    </>
  );
}

async function provePasskey(onDone: () => void): Promise<void> {
  const passkey = await showPasskey(await call('beginPasskeyProof'));
  await call('proveAgain', { body: { passkey } });
  onDone();
}

interface ProofFormProps {
  readonly by: 'CODE' | 'PASSWORD';
  readonly isFirst: boolean;
  /** Without an application its codes are recovery codes. */
  readonly isRecovery: boolean;
  readonly onDone: () => void;
}

function ProofForm({ by, isFirst, isRecovery, onDone }: ProofFormProps) {
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
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {by === 'CODE' ? (
        <CodeField value={value} onChange={setValue} isRecovery={isRecovery} autoFocus={isFirst} />
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
      <Button kind={isFirst ? 'primary' : 'plain'} type="submit" isPending={isPending}>
        {t('setupConfirm')}
      </Button>
    </form>
  );
}
