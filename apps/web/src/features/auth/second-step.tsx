import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { supportsPasskeys } from '../../api/passkeys.ts';
import type { Result } from '../../api/routes.ts';
import { proveAndSignIn } from '../../api/sign-in.ts';
import { CodeField } from '../../entities/account/code-field.tsx';
import { PasskeyButton } from '../../entities/account/passkey-button.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { FirstPasswordField } from './first-password-field.tsx';

interface StepProps {
  readonly onDone: () => void | Promise<void>;
  readonly onBack: () => void;
}
const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : undefined);

/** What the account has: undefined while that is asked, and passkeys only where this browser and the server's address let them count. */
function useFactors() {
  const [factors, setFactors] = useState<Result<'beginSecondPasskey'> | 'CODE_ONLY'>();
  useEffect(() => {
    call('beginSecondPasskey').then(setFactors, () => setFactors('CODE_ONLY'));
  }, []);
  if (factors === undefined) return undefined;
  if (factors === 'CODE_ONLY') return { hasPasskeys: false, hasApplication: true };
  const hasPasskeys = factors.allowCredentials.length > 0 && supportsPasskeys();
  return { hasPasskeys, hasApplication: factors.hasApplication };
}

function useSecondStep({ onDone, onBack }: StepProps) {
  const [code, setCode] = useState('');
  const [newPassword, setNewPassword] = useState<string>();
  const send = async (given: string | undefined): Promise<void> => {
    await proveAndSignIn(given, newPassword);
    await onDone();
  };
  const askAgain = (error: unknown): void => {
    // The step is over: it begins again with the password.
    if (codeOf(error) === 'SECOND_FACTOR_OVER') onBack();
    if (codeOf(error) === 'PASSWORD_CHANGE_REQUIRED') setNewPassword((given = '') => given);
  };
  const byCode = useSubmit(() => send(code.trim()), askAgain);
  return { code, setCode, newPassword, setNewPassword, byPasskey: () => send(undefined), askAgain, byCode };
}

/** After the right password: a passkey, the code of an application, or a recovery code. */
export function SecondStep(props: StepProps) {
  const t = useText('auth');
  const step = useSecondStep(props);
  const factors = useFactors();
  if (factors === undefined) return <Skeleton width="100%" height={160} />;
  const { hasPasskeys, hasApplication } = factors;
  return (
    <div className="flex flex-col gap-4">
      {step.newPassword !== undefined && <FirstPasswordField value={step.newPassword} onChange={step.setNewPassword} />}
      {hasPasskeys && (
        <>
          <p>{t('passkeyAsked')}</p>
          <PasskeyButton label="passkeyUse" kind="primary" isFirst work={step.byPasskey} onFailure={step.askAgain} />
          <p className="text-center text-[13px] text-dim">{t('orBy')}</p>
        </>
      )}
      <ByCode step={step} hasApplication={hasApplication} isFirst={!hasPasskeys} onBack={props.onBack} />
    </div>
  );
}

interface ByCodeProps {
  readonly step: ReturnType<typeof useSecondStep>;
  readonly hasApplication: boolean;
  readonly isFirst: boolean;
  readonly onBack: () => void;
}
function ByCode({ step, hasApplication, isFirst, onBack }: ByCodeProps) {
  const t = useText('auth');
  const locale = useLocale();
  const [wantsRecovery, setRecovery] = useState(false);
  const isRecovery = wantsRecovery || !hasApplication;
  const { failure, isPending, submit } = step.byCode;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <p>{t(isRecovery ? 'recoveryAsked' : 'codeAsked')}</p>
      <CodeField
        key={String(isRecovery)}
        value={step.code}
        onChange={step.setCode}
        isRecovery={isRecovery}
        autoFocus={isFirst || wantsRecovery}
      />
      <Button kind={isFirst ? 'primary' : 'plain'} size="large" type="submit" isPending={isPending}>
        {t('signIn')}
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        {hasApplication && (
          <Button kind="quiet" size="small" onPress={() => setRecovery(!isRecovery)}>
            {t(isRecovery ? 'useCode' : 'useRecovery')}
          </Button>
        )}
        <Button kind="quiet" size="small" onPress={onBack}>
          {t('backToSignIn')}
        </Button>
      </div>
    </form>
  );
}
