import { type FormEvent, useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { NewPasswordFields, PasswordRules } from '../../entities/account/new-password.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

const EMPTY = { newPassword: '', repeat: '' };

function BackToSignIn({ onBack }: { onBack: () => void }) {
  const t = useText('auth');
  return (
    <Button kind="quiet" onPress={onBack}>
      {t('backToSignIn')}
    </Button>
  );
}

function useLink(token: string) {
  const [link, setLink] = useState<Result<'readAccountLink'>>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    const over = new AbortController();
    call('readAccountLink', { body: { token }, signal: over.signal }).then(setLink, (error: unknown) => {
      if (!over.signal.aborted) setFailure(error);
    });
    return () => over.abort();
  }, [token]);
  return { link, failure };
}

/** Who has come by an invitation, or by a link for a forgotten password, sets their password; signing in follows. */
export function SetPassword({ token, onDone, onBack }: { token: string; onDone: (email: string) => void; onBack: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const { link, failure } = useLink(token);
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-lg font-semibold">{t('chooseTitle')}</h1>
      {link === undefined && failure === undefined && <Skeleton width="100%" height={120} />}
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {link !== undefined && <PasswordForm token={token} email={link.email} onDone={() => onDone(link.email)} />}
      <BackToSignIn onBack={onBack} />
    </div>
  );
}

function PasswordForm({ token, email, onDone }: { token: string; email: string; onDone: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm({ defaultValues: EMPTY });
  const submit = form.handleSubmit(async ({ newPassword }) => {
    setFailure(undefined);
    try {
      await call('setPassword', { body: { token, password: newPassword } });
      onDone();
    } catch (error) {
      setFailure(error);
    }
  });
  const { newPassword, repeat } = form.watch();
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <TextField label={t('email')} type="email" autoComplete="username" readOnly value={email} />
      <NewPasswordFields form={form} />
      <PasswordRules newPassword={newPassword} repeat={repeat} />
      <Button kind="primary" size="large" type="submit" isPending={form.formState.isSubmitting}>
        {t('chooseSubmit')}
      </Button>
    </form>
  );
}

function useForgotten(email: string) {
  const [state, setState] = useState<'asking' | 'pending' | 'sent'>('asking');
  const [failure, setFailure] = useState<unknown>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setState('pending');
    setFailure(undefined);
    try {
      await call('askForPassword', { body: { email: email.trim() } });
      setState('sent');
    } catch (error) {
      setFailure(error);
      setState('asking');
    }
  };
  return { state, failure, submit };
}

/** Asks for a link; what is told afterwards is the same for every address. */
export function Forgotten({ onBack }: { onBack: () => void }) {
  const t = useText('auth');
  const locale = useLocale();
  const [email, setEmail] = useState('');
  const { state, failure, submit } = useForgotten(email);
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <h1 className="text-lg font-semibold">{t('forgottenTitle')}</h1>
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {state === 'sent' ? (
        <Notice tone="ok">{t('forgottenSent')}</Notice>
      ) : (
        <>
          <p>{t('forgottenLead')}</p>
          <TextField
            label={t('email')}
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button kind="primary" size="large" type="submit" isPending={state === 'pending'}>
            {t('forgottenSubmit')}
          </Button>
        </>
      )}
      <BackToSignIn onBack={onBack} />
    </form>
  );
}
