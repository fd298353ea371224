import type { ProviderRefusal, WaysIn } from '@negatoscope/contract';
import { useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { supportsPasskeys } from '../../api/passkeys.ts';
import { linkAndSignIn, linkByPasskey } from '../../api/sign-in.ts';
import { CodeField } from '../../entities/account/code-field.tsx';
import { PasskeyButton } from '../../entities/account/passkey-button.tsx';
import { type Text, useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { LoginForm } from './login-form.tsx';
import { PasskeySignIn } from './passkey-sign-in.tsx';
import { Forgotten } from './set-password.tsx';
import { useWaysIn } from './use-ways-in.ts';

type Done = () => void | Promise<void>;

/** Each has a text of its own; the contract names them (its list comes with more than this page may weigh). */
const REFUSALS: Readonly<Record<ProviderRefusal & Parameters<Text<'auth'>>[0], true>> = {
  PROVIDER_UNKNOWN: true,
  PROVIDER_UNAVAILABLE: true,
  PROVIDER_CANCELLED: true,
  PROVIDER_ATTEMPT_OVER: true,
  PROVIDER_ANSWER_REFUSED: true,
  PROVIDER_EMAIL_UNVERIFIED: true,
  PROVIDER_DOMAIN_REFUSED: true,
  PROVIDER_RATE_LIMITED: true,
  ACCOUNT_INACTIVE: true,
  ACCOUNT_SUSPENDED: true,
  ACCOUNT_NOT_LINKED: true,
};
const isRefusal = (code: string): code is ProviderRefusal => Object.hasOwn(REFUSALS, code);

const linkClass = cx(buttonClass('plain', 'large'), 'w-full');

interface SignInProps {
  readonly next: string | null;
  /** Whose password has just been set. */
  readonly setFor: string | undefined;
  readonly onDone: Done;
}
export function SignInCard({ next, setFor, onDone }: SignInProps) {
  const t = useText('auth');
  const { passwords, providers, mail, passkeys } = useWaysIn();
  const [isForgotten, setForgotten] = useState(false);
  const [isHalfWay, setHalfWay] = useState(false);
  const back = next === null ? '' : `?next=${encodeURIComponent(next)}`;
  if (isForgotten) return <Forgotten onBack={() => setForgotten(false)} />;
  return (
    <>
      <h1 className="mb-5 text-lg font-semibold">{t('signInTitle')}</h1>
      {setFor !== undefined && (
        <div className="mb-4">
          <Notice tone="ok">{t('passwordSet')}</Notice>
        </div>
      )}
      {!passwords && !isHalfWay && <Others ways={{ providers, passkeys }} back={back} onDone={onDone} />}
      {/* The form keeps its place when the answer comes: what has been typed stays. */}
      <details open={passwords} className={cx(!passwords && 'mt-5')}>
        <summary hidden={passwords} className="mb-4 cursor-pointer text-[13px] text-dim">
          {t('passwordsOff')}
        </summary>
        <LoginForm {...(setFor === undefined ? {} : { email: setFor })} onDone={onDone} onStep={setHalfWay} />
      </details>
      {passwords && !isHalfWay && (
        <Beside ways={{ providers, passkeys, mail }} back={back} onDone={onDone} onForgotten={() => setForgotten(true)} />
      )}
    </>
  );
}

interface BesideProps {
  readonly ways: Pick<WaysIn, 'providers' | 'passkeys' | 'mail'>;
  readonly back: string;
  readonly onDone: Done;
  readonly onForgotten: () => void;
}
/** What else there is where passwords are used. */
function Beside({ ways, back, onDone, onForgotten }: BesideProps) {
  const t = useText('auth');
  const hasOthers = ways.providers.length > 0 || (ways.passkeys && supportsPasskeys());
  return (
    <>
      {hasOthers && (
        <>
          <p className="my-4 text-center text-[13px] text-dim">{t('orBy')}</p>
          <Others ways={ways} back={back} onDone={onDone} />
        </>
      )}
      {!ways.mail && <p className="mt-5 text-center text-[13px] text-dim">{t('forgotten')}</p>}
      {ways.mail && (
        <p className="mt-3 text-center">
          <Button kind="quiet" size="small" onPress={onForgotten}>
            {t('forgottenLink')}
          </Button>
        </p>
      )}
    </>
  );
}

function Others({ ways, back, onDone }: { ways: Pick<WaysIn, 'providers' | 'passkeys'>; back: string; onDone: Done }) {
  return (
    <div className="flex flex-col gap-2">
      {ways.passkeys && <PasskeySignIn onDone={onDone} />}
      {ways.providers.length > 0 && <Providers providers={ways.providers} back={back} />}
    </div>
  );
}

/** Links, not buttons: they leave the application, and the server sends on. */
function Providers({ providers, back }: { providers: WaysIn['providers']; back: string }) {
  const t = useText('auth');
  return (
    <ul className="flex flex-col gap-2">
      {providers.map(({ id, name }) => (
        <li key={id}>
          <a href={`/api/auth/oidc/${encodeURIComponent(id)}/start${back}`} className={linkClass}>
            {t('continueWith', { name })}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function RefusedCard({ code }: { code: string }) {
  const t = useText('auth');
  const known = isRefusal(code) ? code : 'PROVIDER_ANSWER_REFUSED';
  return (
    <>
      <h1 className="mb-4 text-lg font-semibold">{t(known === 'ACCOUNT_INACTIVE' ? 'waitingTitle' : 'refusedTitle')}</h1>
      <p className="mb-4">{t(known)}</p>
      <p className="mb-5 text-[13px] text-dim">{t('refusedCode', { code: known })}</p>
      <a href="/login" className={linkClass}>
        {t('backToSignIn')}
      </a>
    </>
  );
}

function useJoining(onDone: Done) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const join = async (): Promise<void> => {
    await linkAndSignIn(password, code);
    await onDone();
  };
  const askAgain = (error: unknown): void => {
    const asksCode = error instanceof ApiError && error.code.startsWith('SECOND_FACTOR');
    setCode(asksCode ? '' : undefined);
    if (!asksCode) setPassword('');
  };
  return { password, setPassword, code, setCode, ...useSubmit(join, askAgain) };
}

/** The account of one's address is joined by its password or a passkey: an address alone proves nothing. */
export function LinkForm({ provider, onDone }: { provider: string; onDone: Done }) {
  const t = useText('auth');
  const locale = useLocale();
  const { providers, passkeys, passwords } = useWaysIn();
  const { password, setPassword, code, setCode, failure, isPending, submit } = useJoining(onDone);
  const name = providers.find(({ id }) => id === provider)?.name ?? provider;
  const byPasskey = passkeys && supportsPasskeys();
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-lg font-semibold">{t('linkTitle')}</h1>
      <p>{t(byPasskey ? 'linkLeadOr' : 'linkLead', { name })}</p>
      {byPasskey && (
        <>
          <PasskeyButton label="passkeyUse" kind={passwords ? 'plain' : 'primary'} work={() => linkByPasskey().then(onDone)} />
          <p className="text-center text-[13px] text-dim">{t('orBy')}</p>
        </>
      )}
      <form onSubmit={submit} className="flex flex-col gap-4">
        {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
        <TextField
          label={t('password')}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {code !== undefined && <CodeField value={code} onChange={setCode} />}
        <Button kind={passwords || !byPasskey ? 'primary' : 'plain'} size="large" type="submit" isPending={isPending}>
          {t('linkSubmit')}
        </Button>
      </form>
      <a href="/login" className="text-center text-[13px] text-dim underline">
        {t('backToSignIn')}
      </a>
    </div>
  );
}
