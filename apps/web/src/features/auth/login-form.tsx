import Eye from 'lucide-react/icons/eye';
import EyeOff from 'lucide-react/icons/eye-off';
import { lazy, Suspense, useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { ApiError, errorText } from '../../api/error.ts';
import { signIn } from '../../api/sign-in.ts';
import { NewPasswordFields, PasswordRules } from '../../entities/account/new-password.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

// Its drawing of a code is more than this page may weigh.
const SecondStep = lazy(() => import('./second-step.tsx').then((module) => ({ default: module.SecondStep })));
const RequiredFactor = lazy(() => import('./required-factor.tsx').then((module) => ({ default: module.RequiredFactor })));

interface LoginFormProps {
  readonly email?: string;
  readonly onDone: () => void | Promise<void>;
  /** Whether more is asked after the right password: other ways in are out of place then. */
  readonly onStep?: (isHalfWay: boolean) => void;
}
const ignore = (): void => undefined;

interface Fields {
  readonly email: string;
  readonly password: string;
  readonly newPassword: string;
  readonly repeat: string;
}
const codeOf = (error: unknown) => (error instanceof ApiError ? error.code : undefined);
/** The password was right, and what is to follow it was not given or not taken: it stays in its field. */
const STEPS: Readonly<Record<string, 'PROVE' | 'SET_UP' | undefined>> = {
  SECOND_FACTOR_REQUIRED: 'PROVE',
  SECOND_FACTOR_SETUP_REQUIRED: 'SET_UP',
};
const KEEPS_PASSWORD: ReadonlySet<unknown> = new Set(['PASSWORD_CHANGE_REQUIRED', 'WEAK_PASSWORD', 'PASSWORD_TOO_LONG']);

function useLoginForm({ email, onDone, onStep }: Required<LoginFormProps>) {
  const [failure, setFailure] = useState<unknown>();
  const [isFirst, setFirst] = useState(false);
  const [step, setStep] = useState<'PROVE' | 'SET_UP'>();
  const form = useForm<Fields>({
    defaultValues: { email, password: '', newPassword: '', repeat: '' },
    shouldUnregister: false,
  });
  const back = (): void => {
    setStep(undefined);
    onStep(false);
  };
  const submit = form.handleSubmit(async ({ email: address, password, newPassword }) => {
    setFailure(undefined);
    try {
      await signIn(address.trim(), password, isFirst ? newPassword : undefined);
      await onDone();
    } catch (error) {
      const next = STEPS[codeOf(error) ?? ''];
      setStep(next);
      onStep(next !== undefined);
      if (next !== undefined) return form.resetField('password');
      const mustChange = codeOf(error) === 'PASSWORD_CHANGE_REQUIRED' || (isFirst && KEEPS_PASSWORD.has(codeOf(error)));
      setFailure(error);
      setFirst(mustChange);
      if (mustChange) return;
      form.resetField('password');
      form.setFocus('password');
    }
  });
  return { form, submit, failure, isFirst, step, back };
}

/** E-mail and password; `email` given means that the person is known and signs in again, and nobody else: the page below is theirs. */
export function LoginForm({ email = '', onDone, onStep = ignore }: LoginFormProps) {
  const t = useText('auth');
  const locale = useLocale();
  const required = useText('common')('required');
  const { form, submit, failure, isFirst, step, back } = useLoginForm({ email, onDone, onStep });
  const { errors, isSubmitting } = form.formState;
  if (step !== undefined) {
    const Step = step === 'PROVE' ? SecondStep : RequiredFactor;
    return (
      <Suspense fallback={<Skeleton width="100%" height={160} />}>
        <Step onDone={onDone} onBack={back} />
      </Suspense>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone={isFirst ? 'amber' : 'danger'}>{errorText(failure, locale)}</Notice>}
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={email === ''}
        readOnly={email !== '' || isFirst}
        error={errors.email?.message}
        {...form.register('email', { required })}
      />
      {isFirst ? <FirstPassword form={form} /> : <PasswordField form={form} isFirst={email !== ''} />}
      <Button kind="primary" size="large" type="submit" isPending={isSubmitting}>
        {t('signIn')}
      </Button>
    </form>
  );
}

/** In place of a password that somebody else knows. */
function FirstPassword({ form }: { form: UseFormReturn<Fields> }) {
  const { newPassword, repeat } = form.watch();
  return (
    <>
      <NewPasswordFields form={form} />
      <PasswordRules newPassword={newPassword} repeat={repeat} />
    </>
  );
}

function PasswordField({ form, isFirst }: { form: UseFormReturn<Fields>; isFirst: boolean }) {
  const t = useText('auth');
  const required = useText('common')('required');
  const [visible, setVisible] = useState(false);
  return (
    <TextField
      label={t('password')}
      type={visible ? 'text' : 'password'}
      autoComplete="current-password"
      autoFocus={isFirst}
      error={form.formState.errors.password?.message}
      trailing={
        <IconButton label={visible ? t('hidePassword') : t('showPassword')} onPress={() => setVisible(!visible)}>
          {visible ? <EyeOff size={17} /> : <Eye size={17} />}
        </IconButton>
      }
      {...form.register('password', { required })}
    />
  );
}
