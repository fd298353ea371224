import { X } from 'lucide-react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { type Text, useText } from '../../i18n/index.ts';
import { TOOLS } from '../engine/index.ts';
import { IconButton } from './controls.tsx';
import { TOOL_KEYS } from './tool-icons.ts';
import { DESK_KEYS, keyName } from './toolbar-actions.ts';

type Row = readonly [keys: readonly string[], label: string];

interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const navigationRows = (t: Text<'viewer'>): readonly Row[] => [
  [['↑', '↓'], t('help.slices')],
  [[t('keys.pageUp'), t('keys.pageDown')], t('help.tenSlices')],
  [[t('keys.home'), t('keys.end')], t('help.ends')],
  [['J', 'K'], t('help.seriesNextPrevious')],
  [[t('keys.shift'), '←', '→'], t('help.panes')],
  [keyName(t, DESK_KEYS.link).split(' '), t('help.link')],
  [keyName(t, DESK_KEYS.lines).split(' '), t('lines.show')],
  [keyName(t, DESK_KEYS.layout).split(' '), t('layout.choose')],
  [keyName(t, DESK_KEYS.full).split(' '), t('layout.full')],
  [[t('keys.space')], t('help.play')],
  [[t('keys.escape')], t('help.back')],
];

const displayRows = (t: Text<'viewer'>): readonly Row[] => [
  [['1', '…', '9'], t('help.presets')],
  [['+', '-'], t('help.zoomInOut')],
  [['T'], t('actions.rotate')],
  [['H'], t('actions.flipHorizontal')],
  [['V'], t('actions.flipVertical')],
  [['I'], t('actions.invert')],
  [['*'], t('actions.actualPixels')],
  [['O'], t('actions.overlay')],
  [['M'], t('actions.mpr')],
  [['R'], t('actions.reset')],
  [[t('keys.delete')], t('help.delete')],
  [['Ctrl', 'Z'], t('help.undo')],
  [['Ctrl', t('keys.shift'), 'Z'], t('help.redo')],
];

const readingRows = (t: Text<'viewer'>): readonly Row[] => [
  [['G'], t('help.panel')],
  [['Y'], t('help.star')],
  [['N'], t('help.next')],
  [[t('keys.shift'), 'N'], t('help.readAndNext')],
];

const mouseRows = (t: Text<'viewer'>): readonly Row[] => [
  [[], t('help.wheel')],
  [[], t('help.buttons')],
  [[], t('help.touch')],
];

function useSections(): readonly Section[] {
  const t = useText('viewer');
  return [
    { title: t('help.tools'), rows: TOOLS.map((tool): Row => [[TOOL_KEYS[tool]], t(`tools.${tool}`)]) },
    { title: t('help.navigation'), rows: navigationRows(t) },
    { title: t('help.display'), rows: displayRows(t) },
    { title: t('panel.title'), rows: readingRows(t) },
    { title: t('help.mouse'), rows: mouseRows(t) },
  ];
}

const Key = ({ children }: { readonly children: string }) => (
  <kbd className="inline-block min-w-6 rounded border border-(--ng-line) bg-(--ng-bg) px-1.5 py-0.5 text-center font-mono text-xs">
    {children}
  </kbd>
);

interface KeyboardHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The map of keys. */
export function KeyboardHelp({ isOpen, onClose }: KeyboardHelpProps) {
  const t = useText('viewer');
  const sections = useSections();
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      data-theme="dark"
      className="ng-viewer-popover fixed inset-0 z-50 flex items-center justify-center bg-black/60 p-3"
    >
      <Modal className="max-h-full w-full max-w-3xl overflow-auto rounded-lg border border-(--ng-line) bg-(--ng-surface) text-(--ng-text) shadow-2xl">
        <Dialog className="p-5 outline-none">
          <div className="mb-4 flex items-center justify-between">
            <Heading slot="title" className="font-semibold text-lg">
              {t('help.title')}
            </Heading>
            <IconButton icon={X} label={t('actions.close')} shortcut={t('keys.escape')} onPress={onClose} />
          </div>
          <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
            {sections.map((section) => (
              <SectionOfKeys key={section.title} {...section} />
            ))}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function SectionOfKeys({ title, rows }: Section) {
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-(--ng-accent) text-sm">{title}</h3>
      <ul className="flex flex-col gap-1.5 text-sm">
        {rows.map(([keys, label]) => (
          <li key={label} className="flex items-baseline justify-between gap-3">
            <span className="text-(--ng-text-dim)">{label}</span>
            <span className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <Key key={key}>{key}</Key>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
