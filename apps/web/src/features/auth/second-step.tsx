import { useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { proveAndSignIn } from '../../api/sign-in.ts';
import { CodeField } from '../../entities/account/code-field.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { FirstPasswordField } from './first-password-field.tsx';

interface StepProps {
  readonly onDone: () => void | Promise<void>;
  readonly onBack: () => void;
}
const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : undefined);

function useSecondStep({ onDone, onBack }: StepProps) {
  const [code, setCode] = useState('');
  const [newPassword, setNewPassword] = useState<string>();
  const send = async (): Promise<void> => {
    await proveAndSignIn(code.trim(), newPassword);
    await onDone();
  };
  const askAgain = (error: unknown): void => {
    // The step is over: it begins again with the password.
    if (codeOf(error) === 'SECOND_FACTOR_OVER') onBack();
    if (codeOf(error) === 'PASSWORD_CHANGE_REQUIRED') setNewPassword((given = '') => given);
  };
  return { code, setCode, newPassword, setNewPassword, ...useSubmit(send, askAgain) };
}

/** After the right password: the code of an application, or a recovery code. */
export function SecondStep(props: StepProps) {
  const t = useText('auth');
  const locale = useLocale();
  const [isRecovery, setRecovery] = useState(false);
  const { code, setCode, newPassword, setNewPassword, failure, isPending, submit } = useSecondStep(props);
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <p>{t(isRecovery ? 'recoveryAsked' : 'codeAsked')}</p>
      <CodeField key={String(isRecovery)} value={code} onChange={setCode} isRecovery={isRecovery} />
      {newPassword !== undefined && <FirstPasswordField value={newPassword} onChange={setNewPassword} />}
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
