import { supportsPasskeys } from '../../api/passkeys.ts';
import { signInByPasskey } from '../../api/sign-in.ts';
import { PasskeyButton } from '../../entities/account/passkey-button.tsx';

interface PasskeySignInProps {
  /** Whose page it is, where somebody signs in again. */
  readonly email?: string | undefined;
  readonly onDone: () => void | Promise<void>;
}

/** Without an address and a password; nothing where the browser has no passkeys. */
export function PasskeySignIn({ email, onDone }: PasskeySignInProps) {
  if (!supportsPasskeys()) return null;
  const signIn = async (): Promise<void> => {
    const { user } = await signInByPasskey();
    // The page below is somebody else's: it is not shown on.
    if (email !== undefined && user.email !== email) return window.location.assign('/app');
    await onDone();
  };
  return <PasskeyButton label="passkeySignIn" work={signIn} />;
}
