import type { ButtonHTMLAttributes } from 'react';
import type { Locale } from '../i18n/format.ts';

const NAMES: Readonly<Record<Locale, string>> = { fr: 'Français', en: 'English' };

/** Names a language in that language. */
export function LanguageButton({ to, ...rest }: { readonly to: Locale } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      lang={to}
      className="flex h-9 items-center rounded-lg px-3 text-dim hover:text-text coarse:h-11"
      {...rest}
    >
      {NAMES[to]}
    </button>
  );
}
