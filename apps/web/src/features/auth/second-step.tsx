import type { PasskeyRequest } from '@negatoscope/contract';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { showPasskey, supportsPasskeys } from '../../api/passkeys.ts';
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

type Begun = Result<'beginSecondPasskey'>;
/** What was asked for longer ago is asked for anew: its challenge ends in five minutes, and a person takes some of them. */
const FRESH_MS = 120_000;

/**
 * What the account has: undefined while that is asked, and passkeys only where this browser and the server's address let them count. The answer is a passkey's
 * challenge as well, which counts once: `take` gives it, another one afterwards.
 */
function useFactors() {
  const [factors, setFactors] = useState<Begun | 'CODE_ONLY'>();
  const kept = useRef<{ readonly begun: Begun; readonly at: number }>(undefined);
  useEffect(() => {
    const keep = (begun: Begun): void => {
      kept.current = { begun, at: performance.now() };
      setFactors(begun);
    };
    call('beginSecondPasskey').then(keep, () => setFactors('CODE_ONLY'));
  }, []);
  const take = async (): Promise<Begun> => {
    const { begun, at = 0 } = kept.current ?? {};
    kept.current = undefined;
    return begun !== undefined && performance.now() - at < FRESH_MS ? begun : call('beginSecondPasskey');
  };
  if (factors === undefined) return undefined;
  if (factors === 'CODE_ONLY') return { hasPasskeys: false, hasApplication: true, take };
  const hasPasskeys = factors.allowCredentials.length > 0 && supportsPasskeys();
  return { hasPasskeys, hasApplication: factors.hasApplication, take };
}

function useSecondStep({ onDone, onBack }: StepProps) {
  const [code, setCode] = useState('');
  const [newPassword, setNewPassword] = useState<string>();
  const send = async (shown: Parameters<typeof proveAndSignIn>[0]): Promise<void> => {
    await proveAndSignIn(shown, newPassword);
    await onDone();
  };
  const askAgain = (error: unknown): void => {
    // The step is over: it begins again with the password.
    if (codeOf(error) === 'SECOND_FACTOR_OVER') onBack();
    if (codeOf(error) === 'PASSWORD_CHANGE_REQUIRED') setNewPassword((given = '') => given);
  };
  const byCode = useSubmit(() => send({ code: code.trim() }), askAgain);
  return {
    code,
    setCode,
    newPassword,
    setNewPassword,
    byPasskey: async (request: PasskeyRequest) => send({ passkey: await showPasskey(request) }),
    askAgain,
    byCode,
  };
}

/** After the right password: a passkey, the code of an application, or a recovery code. */
export function SecondStep(props: StepProps) {
  const t = useText('auth');
  const step = useSecondStep(props);
  const factors = useFactors();
  if (factors === undefined) return <Skeleton width="100%" height={160} />;
  const { hasPasskeys, hasApplication, take } = factors;
  return (
    <div className="flex flex-col gap-4">
      {step.newPassword !== undefined && <FirstPasswordField value={step.newPassword} onChange={step.setNewPassword} />}
      {hasPasskeys && (
        <>
          <p>{t('passkeyAsked')}</p>
          <PasskeyButton
            label="passkeyUse"
            kind="primary"
            isFirst
            work={async () => step.byPasskey(await take())}
            onFailure={step.askAgain}
          />
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
