import { ChevronDown, SlidersHorizontal } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Pane } from '../engine/index.ts';
import { type PresetChoice, presetId, presetsFor } from '../model/presets.ts';
import { buttonClass } from './controls.tsx';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

const detailOf = (choice: PresetChoice): string =>
  choice.kind === 'window' ? `${choice.preset.width} / ${choice.preset.center}` : '';

/** Window presets of the shown modality, in the order of the number keys. */
export function PresetMenu({ pane }: { readonly pane: Pane | undefined }) {
  const { t } = useTranslation('viewer');
  const choices = presetsFor(usePaneSnapshot(pane).series?.modality);
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
        <Menu
          aria-label={t('actions.presets')}
          className="outline-none"
          onAction={(key) => {
            const choice = choices.find((candidate) => presetId(candidate) === key);
            if (choice !== undefined) pane?.display.applyPreset(choice);
          }}
        >
          {choices.map((choice, index) => (
            <MenuItem
              key={presetId(choice)}
              id={presetId(choice)}
              textValue={t(`presets.${presetId(choice)}`)}
              className="ng-viewer-target flex cursor-default items-center gap-3 rounded px-2 outline-none data-focused:bg-(--ng-line)"
            >
              <kbd className="w-4 font-mono text-(--ng-text-dim) text-xs">{index + 1}</kbd>
              <span className="grow">{t(`presets.${presetId(choice)}`)}</span>
              <span className="text-(--ng-text-dim) text-xs tabular-nums">{detailOf(choice)}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
