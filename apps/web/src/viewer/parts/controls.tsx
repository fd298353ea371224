import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button, type Key, ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components';

const BUTTON =
  'ng-viewer-target inline-flex shrink-0 cursor-default items-center justify-center gap-1 rounded-md text-(--ng-text-dim) outline-none ' +
  'data-hovered:bg-(--ng-surface-2) data-hovered:text-(--ng-text) data-pressed:bg-(--ng-line) data-disabled:opacity-40 ' +
  'data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) transition-colors duration-150';

export const buttonClass = BUTTON;

interface HintProps {
  readonly label: string;
  /** Key shown beside the label, for those who learn by looking. */
  readonly shortcut?: string | undefined;
  readonly children: ReactElement;
}

/** A control with its name and key as a tooltip. */
export function Hint({ label, shortcut, children }: HintProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={50}>
      {children}
      <Tooltip
        data-theme="dark"
        offset={6}
        className="ng-viewer-popover z-50 rounded border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1 text-xs text-(--ng-text) shadow-lg"
      >
        {label}
        {shortcut !== undefined && (
          <kbd className="ml-2 rounded border border-(--ng-line) px-1 font-mono text-(--ng-text-dim)">{shortcut}</kbd>
        )}
      </Tooltip>
    </TooltipTrigger>
  );
}

interface IconButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton({ icon: Icon, label, shortcut, isDisabled = false, onPress }: IconButtonProps) {
  return (
    <Hint label={label} shortcut={shortcut}>
      <Button aria-label={label} className={BUTTON} isDisabled={isDisabled} onPress={onPress}>
        <Icon size={18} aria-hidden />
      </Button>
    </Hint>
  );
}

interface IconToggleProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut?: string | undefined;
  /** Identity inside a group; a lone toggle uses `isSelected` and `onPress`. */
  readonly id?: Key;
  readonly isSelected?: boolean;
  readonly onPress?: () => void;
}

export function IconToggle({ icon: Icon, label, shortcut, id, isSelected, onPress }: IconToggleProps) {
  return (
    <Hint label={label} shortcut={shortcut}>
      <ToggleButton
        aria-label={label}
        className={`${BUTTON} data-selected:bg-(--ng-accent)/15 data-selected:text-(--ng-accent)`}
        {...(id !== undefined && { id })}
        {...(isSelected !== undefined && { isSelected })}
        {...(onPress && { onPress })}
      >
        <Icon size={18} aria-hidden />
      </ToggleButton>
    </Hint>
  );
}
