import { type Text, useText } from '../../i18n/index.ts';
import { type MouseBindings, TOOLS, type ToolId } from '../engine/index.ts';
import { DESK_KEYS, keyName } from './desk-keys.ts';
import { TOOL_KEYS } from './tool-icons.ts';
import { ViewerDialog } from './viewer-dialog.tsx';

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
  [['Ctrl', '←', '↑', '→', '↓'], t('help.moveImage')],
  [['Ctrl', t('keys.shift'), '←', '↑', '→', '↓'], t('help.dragWindow')],
  [['T'], t('actions.rotate')],
  [['H'], t('actions.flipHorizontal')],
  [['V'], t('actions.flipVertical')],
  [['I'], t('actions.invert')],
  [['*'], t('actions.actualPixels')],
  [['O'], t('actions.overlay')],
  [['M'], t('actions.mpr')],
  [keyName(t, DESK_KEYS.states).split(' '), t('states.key')],
  [['R'], t('actions.reset')],
  [[t('keys.delete')], t('help.delete')],
  [['Ctrl', 'Z'], t('help.undo')],
  [['Ctrl', t('keys.shift'), 'Z'], t('help.redo')],
];

const readingRows = (t: Text<'viewer'>): readonly Row[] => [
  [['G'], t('help.panel')],
  [[t('keys.shift'), 'M'], t('help.star')],
  [['N'], t('help.next')],
  [[t('keys.shift'), 'N'], t('help.readAndNext')],
];

const drawingRows = (t: Text<'viewer'>): readonly Row[] => [
  [[t('keys.enter')], t('help.setPoint')],
  [['←', '↑', '→', '↓'], t('help.moveCursor')],
  [['Alt', '←', '↑', '→', '↓'], t('help.moveText')],
  [[t('keys.escape')], t('help.cancelDrawing')],
];

const mouseRows = (t: Text<'viewer'>, { middle, right, wheel }: MouseBindings): readonly Row[] => [
  [[], t(wheel === 'scroll' ? 'help.wheel' : 'help.wheelZoom')],
  [[], t('help.buttons', { middle: t(`tools.${middle}`), right: t(`tools.${right}`) })],
  [[], t('help.touch')],
  [[], t('help.textAgain')],
  [[], t('help.pull')],
];

const toolKeys = (tool: ToolId, t: Text<'viewer'>): readonly string[] => keyName(t, TOOL_KEYS[tool]).split(' ');

function useSections(mouse: MouseBindings): readonly Section[] {
  const t = useText('viewer');
  return [
    { title: t('help.tools'), rows: TOOLS.map((tool): Row => [toolKeys(tool, t), t(`tools.${tool}`)]) },
    { title: t('help.navigation'), rows: navigationRows(t) },
    { title: t('help.display'), rows: displayRows(t) },
    { title: t('panel.title'), rows: readingRows(t) },
    { title: t('help.drawing'), rows: drawingRows(t) },
    { title: t('help.mouse'), rows: mouseRows(t, mouse) },
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
  readonly mouse: MouseBindings;
}

/** The map of keys. */
export function KeyboardHelp({ isOpen, onClose, mouse }: KeyboardHelpProps) {
  const t = useText('viewer');
  const sections = useSections(mouse);
  return (
    <ViewerDialog title={t('help.title')} isOpen={isOpen} onClose={onClose} isWide>
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {sections.map((section) => (
          <SectionOfKeys key={section.title} {...section} />
        ))}
      </div>
    </ViewerDialog>
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
