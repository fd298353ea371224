import { Check, MoreHorizontal } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { buttonClass } from './controls.tsx';
import type { Action } from './toolbar-actions.ts';

/** An action as a line of a menu. */
export function ActionItem({ action: { id, icon: Icon, label, shortcut, isSelected } }: { readonly action: Action }) {
  return (
    <MenuItem
      id={id}
      textValue={label}
      className="ng-viewer-target flex cursor-default items-center gap-3 rounded px-2 outline-none data-focused:bg-(--ng-line)"
    >
      <Icon size={18} aria-hidden className={isSelected === true ? 'text-(--ng-accent)' : ''} />
      <span className="grow">{label}</span>
      {isSelected === true && <Check size={16} aria-hidden className="text-(--ng-accent)" />}
      <kbd className="ng-viewer-key font-mono text-(--ng-text-dim) text-xs">{shortcut}</kbd>
    </MenuItem>
  );
}

/** What has no room in the bar, by name. */
export function MoreMenu({ actions }: { readonly actions: readonly Action[] }) {
  const t = useText('viewer');
  return (
    <MenuTrigger>
      <Button aria-label={t('actions.more')} className={buttonClass}>
        <MoreHorizontal size={18} aria-hidden />
      </Button>
      <Popover
        data-theme="dark"
        className="ng-viewer-popover min-w-72 overflow-auto rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-1 text-(--ng-text) text-sm shadow-xl"
      >
        <Menu
          aria-label={t('actions.more')}
          className="outline-none"
          onAction={(key) => actions.find((action) => action.id === key)?.run()}
        >
          {actions.map((action) => (
            <ActionItem key={action.id} action={action} />
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
