import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../i18n/index.ts';
import { cx } from '../ui/cx.ts';

/** One line of the palette: where it goes or what it does. */
export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: ReactNode;
  readonly icon: ReactNode;
  readonly run: () => void;
}

export function PaletteFrame({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const t = useText('shell');
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="ng-veil fixed inset-0 z-50 flex items-start justify-center bg-[#05070999] p-3 pt-[9vh]"
    >
      <Modal className="ng-pop w-full max-w-xl overflow-hidden rounded-2xl border border-line bg-surface shadow-pop">
        <Dialog aria-label={t('paletteTitle')} className="flex max-h-[70vh] flex-col outline-none">
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FieldProps {
  readonly q: string;
  readonly activeId: string | undefined;
  readonly onType: (q: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}
export function PaletteField({ q, activeId, onType, onKeyDown }: FieldProps) {
  const t = useText('shell');
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the field of a dialog that is opened to type in.
      autoFocus
      type="search"
      role="combobox"
      aria-expanded="true"
      aria-controls="palette-list"
      aria-activedescendant={activeId}
      aria-label={t('searchLabel')}
      placeholder={t('palettePlaceholder')}
      value={q}
      onChange={(event) => onType(event.target.value)}
      onKeyDown={onKeyDown}
      className="h-14 flex-1 bg-transparent text-base text-text outline-none!"
    />
  );
}

interface ListProps {
  readonly entries: readonly Entry[];
  readonly active: number;
  readonly onRun: (entry: Entry) => void;
  readonly onPoint: (index: number) => void;
  /** What stands there when nothing fits. */
  readonly children: ReactNode;
}
/** The entries under the titles of their groups; the active one is always in view. */
export function PaletteList({ entries, active, onRun, onPoint, children }: ListProps) {
  const t = useText('shell');
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#palette-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={list}
      id="palette-list"
      role="listbox"
      tabIndex={-1}
      aria-label={t('paletteTitle')}
      className="min-h-0 overflow-auto p-2"
    >
      {children}
      {entries.map((entry, position) => (
        <div key={entry.id}>
          {entries[position - 1]?.group !== entry.group && <p className="px-3 pt-2 pb-1 text-[12px] text-dim">{entry.group}</p>}
          <Option
            entry={entry}
            position={position}
            isActive={position === active}
            onClick={() => onRun(entry)}
            onPoint={() => onPoint(position)}
          />
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  readonly entry: Entry;
  readonly position: number;
  readonly isActive: boolean;
  readonly onClick: () => void;
  readonly onPoint: () => void;
}
function Option({ entry, position, isActive, onClick, onPoint }: OptionProps) {
  return (
    <div
      id={`palette-${position}`}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onClick={onClick}
      onKeyDown={() => undefined}
      onMouseMove={onPoint}
      className={cx(
        'flex h-10 items-center gap-3 rounded-lg px-3 coarse:h-12',
        isActive ? 'bg-accent-soft text-text' : 'text-text',
      )}
    >
      <span className={isActive ? 'text-accent' : 'text-dim'}>{entry.icon}</span>
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      <span className="tabular hidden shrink-0 items-center gap-2 text-[13px] text-dim sm:flex">{entry.detail}</span>
    </div>
  );
}
