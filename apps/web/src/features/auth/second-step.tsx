import { type FormEvent, useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { proveAndSignIn } from '../../api/sign-in.ts';
import { CodeField } from '../../entities/account/factor-setup.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

interface StepProps {
  readonly onDone: () => void | Promise<void>;
  readonly onBack: () => void;
}
const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : undefined);

function useSecondStep({ onDone, onBack }: StepProps) {
  const [failure, setFailure] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const [mustChange, setMustChange] = useState(false);
  const send = async (code: string, newPassword: string | undefined): Promise<void> => {
    setPending(true);
    setFailure(undefined);
    try {
      await proveAndSignIn(code, newPassword);
      await onDone();
    } catch (error) {
      // The step is over: it begins again with the password.
      if (codeOf(error) === 'SECOND_FACTOR_OVER') onBack();
      if (codeOf(error) === 'PASSWORD_CHANGE_REQUIRED') setMustChange(true);
      setFailure(error);
    }
    setPending(false);
  };
  return { failure, isPending, mustChange, send };
}

/** After the right password: the code of an application, or a recovery code. */
export function SecondStep(props: StepProps) {
  const t = useText('auth');
  const common = useText('common');
  const locale = useLocale();
  const [code, setCode] = useState('');
  const [isRecovery, setRecovery] = useState(false);
  const [newPassword, setNewPassword] = useState('');
  const { failure, isPending, mustChange, send } = useSecondStep(props);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send(code.trim(), mustChange ? newPassword : undefined);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <p>{t(isRecovery ? 'recoveryAsked' : 'codeAsked')}</p>
      <CodeField key={String(isRecovery)} value={code} onChange={setCode} isRecovery={isRecovery} />
      {mustChange && (
        <TextField
          label={common('newPassword')}
          hint={common('ruleLength')}
          type="password"
          autoComplete="new-password"
          required
          value={newPassword}
          onChange={(event) => setNewPassword(event.target.value)}
        />
      )}
      <Button kind="primary" size="large" type="submit" isPending={isPending}>
        {t('signIn')}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button kind="quiet" size="small" onPress={() => setRecovery(!isRecovery)}>
          {t(isRecovery ? 'useCode' : 'useRecovery')}
        </Button>
        <Button kind="quiet" size="small" onPress={props.onBack}>
          {t('backToSignIn')}
        </Button>
      </div>
    </form>
  );
}
