import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane } from '../engine/index.ts';
import { formatValue } from '../model/format.ts';
import type { PresetChoice } from '../model/presets.ts';
import { buttonClass } from './controls.tsx';
import { presetsOf } from './presets-of.ts';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

function useNames() {
  const t = useText('viewer');
  const locale = useLocale();
  const nameOf = (choice: PresetChoice): string => {
    if (choice.kind !== 'stored') return t(`presets.${choice.id}`);
    const number = choice.id.replace(/^\D+/, '');
    return (
      choice.stored.explanation ||
      t(choice.stored.voi.kind === 'table' ? 'presets.storedTable' : 'presets.storedWindow', { number })
    );
  };
  const detailOf = (choice: PresetChoice): string => {
    const voi = choice.kind === 'stored' ? choice.stored.voi : undefined;
    const window = choice.kind === 'window' ? choice.window : voi?.kind === 'window' ? voi : undefined;
    // A range of SUV is said by its name; its numbers would be those of the image's own unit.
    return window === undefined || choice.id.startsWith('suv')
      ? ''
      : [window.width, window.center].map((value) => formatValue(value, locale)).join(' / ');
  };
  return { nameOf, detailOf };
}

/** What shows something in a window: a pane, or the planes through a volume. */
type PresetTarget = Pick<Pane, 'subscribe' | 'getSnapshot' | 'display'>;

/** Window presets of the shown modality and those stored with the image, in the order of the number keys. */
export function PresetMenu({ pane }: { readonly pane: PresetTarget | undefined }) {
  const t = useText('viewer');
  return (
    <MenuTrigger>
      <Button aria-label={t('actions.presets')} className={`${buttonClass} px-1`}>
        <SlidersHorizontal size={18} aria-hidden />
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Popover
        data-theme="dark"
        className="ng-viewer-popover min-w-56 rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-1 text-(--ng-text) text-sm shadow-xl"
      >
        <PresetList pane={pane} />
      </Popover>
    </MenuTrigger>
  );
}

function PresetList({ pane }: { readonly pane: PresetTarget | undefined }) {
  const t = useText('viewer');
  const { nameOf, detailOf } = useNames();
  const choices = presetsOf(usePaneSnapshot(pane));
  const item = (choice: PresetChoice, index: number) => (
    <MenuItem
      key={choice.id}
      id={choice.id}
      textValue={nameOf(choice)}
      className="ng-viewer-target flex cursor-default items-center gap-3 rounded px-2 outline-none data-focused:bg-(--ng-line)"
    >
      <kbd className="w-4 font-mono text-(--ng-text-dim) text-xs">{index < 9 ? index + 1 : ''}</kbd>
      <span className="grow">{nameOf(choice)}</span>
      <span className="text-(--ng-text-dim) text-xs tabular-nums">{detailOf(choice)}</span>
    </MenuItem>
  );
  const apply = (id: unknown): void => {
    const choice = choices.find((candidate) => candidate.id === id);
    if (choice !== undefined) pane?.display.applyPreset(choice);
  };
  return (
    <Menu aria-label={t('actions.presets')} className="outline-none" onAction={apply}>
      {choices.map((choice, index) => choice.kind !== 'stored' && item(choice, index))}
      {choices.some(({ kind }) => kind === 'stored') && (
        <MenuSection>
          <Header className="mt-1 border-(--ng-line) border-t px-2 pt-2 pb-1 text-(--ng-text-dim) text-xs">
            {t('presets.stored')}
          </Header>
          {choices.map((choice, index) => choice.kind === 'stored' && item(choice, index))}
        </MenuSection>
      )}
    </Menu>
  );
}
