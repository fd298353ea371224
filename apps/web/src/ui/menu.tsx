import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { MenuItem } from 'react-aria-components';

export const MENU_CLASS = 'ng-pop min-w-48 rounded-xl border border-line bg-surface p-1.5 shadow-pop';

export function MenuEntry({ id, children, icon }: { id: string; children: string; icon?: ReactNode }) {
  return (
    <MenuItem
      id={id}
      textValue={children}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 outline-none data-[disabled]:opacity-50 data-[focused]:bg-surface-2 coarse:h-11"
    >
      {({ isSelected }) => (
        <>
          {icon}
          <span className="flex-1">{children}</span>
          {isSelected && <Check size={15} className="text-accent" />}
        </>
      )}
    </MenuItem>
  );
}
