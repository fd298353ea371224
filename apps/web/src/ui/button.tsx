import { createContext, type ReactNode, use } from 'react';
// By their own addresses: what is imported by the package's one comes with all that anything of it is used of.
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { type ButtonKind, type ButtonSize, buttonClass } from './button-class.ts';
import { cx } from './cx.ts';

export { type ButtonKind, buttonClass } from './button-class.ts';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly kind?: ButtonKind;
  readonly size?: ButtonSize;
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
}
export function Button({ kind = 'plain', size = 'normal', icon, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={cx(buttonClass(kind, size), 'disabled:pointer-events-none disabled:opacity-50')}>
      {rest.isPending === true ? <Spinner /> : icon}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly label: string;
  readonly children: ReactNode;
  readonly active?: boolean;
}
/** Whether buttons of one icon stand in a list, with their names beside them: fingers get no tips. */
export const InWords = createContext(false);

/** A button of one icon; its label is read aloud and shown as a tip. */
export function IconButton({ label, children, active = false, ...rest }: IconButtonProps) {
  if (use(InWords))
    return (
      <AriaButton {...rest} className={cx(buttonClass('quiet'), 'justify-start! text-text disabled:opacity-40')}>
        {children}
        {label}
      </AriaButton>
    );
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={cx(
          'inline-flex size-9 shrink-0 items-center justify-center rounded-lg transition duration-150 ease-out hover:bg-surface-2 hover:text-text disabled:opacity-40 coarse:size-11',
          active ? 'bg-accent-soft text-accent' : 'text-dim',
        )}
      >
        {children}
      </AriaButton>
      <Tooltip offset={6} className="ng-pop rounded-md border border-line bg-surface-2 px-2 py-1 text-xs text-text shadow-pop">
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}

export function Spinner({ size = 16 }: { size?: number }) {
  return (
    <svg
      className="animate-spin motion-reduce:animate-none"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9" stroke="currentColor" strokeOpacity=".25" strokeWidth="3" />
      <path d="M21 12a9 9 0 0 0-9-9" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
