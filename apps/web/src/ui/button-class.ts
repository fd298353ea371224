import { cx } from './cx.ts';

const KINDS = {
  primary: 'bg-accent text-on-accent hover:brightness-110 font-semibold',
  plain: 'border border-line-strong/60 bg-surface text-text hover:bg-surface-2',
  quiet: 'text-dim hover:bg-surface-2 hover:text-text',
  danger: 'border border-danger/60 text-danger hover:bg-danger/10',
} as const;
export type ButtonKind = keyof typeof KINDS;
const SIZES = {
  small: 'h-8 px-2.5 text-[13px] coarse:h-11',
  normal: 'h-9 px-3.5 text-sm coarse:h-11',
  large: 'h-11 px-5 text-base',
} as const;
export type ButtonSize = keyof typeof SIZES;
const BASE =
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg whitespace-nowrap transition duration-150 ease-out select-none active:scale-[.98]';

/** What looks like a button, whatever it is: a link has the same. */
export function buttonClass(kind: ButtonKind = 'plain', size: ButtonSize = 'normal'): string {
  return cx(BASE, KINDS[kind], SIZES[size]);
}
