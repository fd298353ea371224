import { type Text, useText } from '../i18n/index.ts';
import { Kbd } from '../ui/bits.tsx';
import { Dialog } from '../ui/dialog.tsx';

type Group = readonly [title: string, keys: readonly (readonly [caps: readonly string[], label: string])[]];

const viewerKeys = (t: Text<'shell'>): Group[1] => [
  [['W'], t('keyWindow')],
  [['Z'], t('keyZoom')],
  [['P'], t('keyPan')],
  [['L'], t('keyLength')],
  [['R'], t('keyReset')],
  [['I'], t('keyInvert')],
  [['↑', '↓'], t('keySlices')],
  [['1', '…', '9'], t('keyPresets')],
  [['F'], t('keyFull')],
  [['G'], t('keyPanel')],
  [[t('capShift'), 'M'], t('keyStar')],
  [['N'], t('keyNextStudy')],
  [[t('capShift'), 'N'], t('keyReadNext')],
  [['?'], t('keyViewerHelp')],
];

function useGroups(): readonly Group[] {
  const t = useText('shell');
  const isMac = navigator.platform.startsWith('Mac');
  const everywhere: Group[1] = [
    [['/'], t('keySearch')],
    [[isMac ? '⌘' : 'Ctrl', 'K'], t('keyPalette')],
    [['?'], t('keyHelp')],
    [['Esc'], t('keyBack')],
  ];
  const lists: Group[1] = [
    [['J', '↓'], t('keyNext')],
    [['K', '↑'], t('keyPrevious')],
    [['↵'], t('keyOpen')],
  ];
  const worklist: Group[1] = [
    [['A'], t('keyAssign')],
    [['R'], t('keyMarkRead')],
    [['U'], t('keyUrgency')],
    [['L'], t('keyLabels')],
    [['X'], t('keyChoose')],
    [['P'], t('keyPreview')],
    [['N'], t('keyNew')],
  ];
  return [
    [t('keysEverywhere'), everywhere],
    [t('keysLists'), lists],
    [t('keysWorklist'), worklist],
    [t('keysViewer'), viewerKeys(t)],
  ];
}

/** The map of keys. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const t = useText('shell');
  const groups = useGroups();
  return (
    <Dialog title={t('keys')} isOpen onClose={onClose} wide>
      <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
        {groups.map(([title, keys]) => (
          <section key={title} className="last:sm:col-start-2 last:sm:row-span-3 last:sm:row-start-1">
            <h3 className="mb-2 text-[13px] text-dim">{title}</h3>
            <dl className="flex flex-col">
              {keys.map(([caps, label]) => (
                <div key={label} className="flex items-center justify-between border-b border-line/70 py-1.5 last:border-0">
                  <dt>{label}</dt>
                  <dd className="flex gap-1">
                    {caps.map((cap) => (
                      <Kbd key={cap}>{cap}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
