import type { ReactNode } from 'react';
import { errorText } from '../../api/error.ts';
import { useLocale } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { Waiting } from './tiles.tsx';

interface FoundProps<T> {
  /** As it was asked for; what was found before stays meanwhile. */
  readonly asked: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => Promise<unknown> };
  /** What stands there before anything was found. */
  readonly waiting?: ReactNode;
  readonly children: (found: T) => ReactNode;
}
/** Figures once they are found, and until then why they are not there. */
export function Found<T>({ asked: { data, error, refetch }, waiting = <Waiting />, children }: FoundProps<T>) {
  const locale = useLocale();
  if (data !== undefined) return children(data);
  if (error === null) return waiting;
  return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
}
