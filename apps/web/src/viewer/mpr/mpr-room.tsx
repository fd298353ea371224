import { Captions, Maximize2, RotateCcw, SunMoon, Trash2, Undo2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay, ToggleButton, ToggleButtonGroup, Toolbar } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import { EMPTY_PANE } from '../engine/index.ts';
import { MPR_TOOLS, type MprSession, type MprSnapshot, type MprToolId } from '../engine/volume/index.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { VIEWS, type ViewId } from '../model/volume-views.ts';
import type { LayersState } from '../overlaid/layer.ts';
import { type CutItems, useCutItems } from '../overlaid/use-cut-items.ts';
import { buttonClass, IconButton, IconToggle } from '../parts/controls.tsx';
import { PatientLine } from '../parts/patient-line.tsx';
import { PresetMenu } from '../parts/preset-menu.tsx';
import { MprPanel } from './mpr-panel.tsx';
import { MprPlane } from './mpr-plane.tsx';
import { MprStatus } from './mpr-status.tsx';
import { MPR_TOOL_ICONS, MPR_TOOL_KEYS, useMprToolName } from './mpr-tools.ts';
import { type KeyboardDrawing, useKeyboardDrawing } from './use-keyboard-drawing.ts';
import { type MprSource, useMpr } from './use-mpr.ts';
import { useMprKeys } from './use-mpr-keys.ts';

interface MprRoomProps extends MprSource {
  /** What is laid over the slices. */
  readonly layers: LayersState;
  /** Whether somebody has left another view of these images, which planes don't have. */
  readonly hasStates: boolean;
  readonly onClose: () => void;
}

/** Planes through the volume of a series, over the viewer, which stays as it is underneath. */
export function MprRoom(props: MprRoomProps) {
  const t = useText('viewer');
  const locale = useLocale();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
      data-theme="dark"
      className="ng-viewer-popover fixed inset-0 z-40"
    >
      <Modal className="h-full w-full">
        <Dialog aria-label={t('mpr.title')} lang={locale} className="ng-viewer h-full w-full outline-none">
          <Room {...props} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** `panel`: what stands beside the planes, where there is room for one thing only. */
type Shown = ViewId | 'panel';

function Room({ onClose, layers, hasStates, ...source }: MprRoomProps) {
  const t = useText('viewer');
  const { mpr, snapshot } = useMpr(source);
  const [tool, setTool] = useState<MprToolId>('crosshair');
  const [hasOverlay, setHasOverlay] = useState(true);
  const [isFull, setIsFull] = useState(false);
  const { shown, onShown } = useShown(mpr);
  const room = useRef<HTMLDivElement>(null);
  // Not the first button, whose name would lie over the patient's.
  useEffect(() => room.current?.focus(), []);
  const onOverlay = (): void => setHasOverlay((value) => !value);
  const onFull = (): void => setIsFull((value) => !value);
  const drawing = useKeyboardDrawing(mpr, snapshot, tool);
  const cut = useCutItems(layers, source.series.frames[0]?.frameOfReferenceUid);
  useMprKeys({ mpr, snapshot, drawing, onTool: setTool, onOverlay, onFull, onClose });
  const isReady = mpr !== undefined && snapshot.status === 'ready';
  return (
    <div ref={room} tabIndex={-1} className="flex h-full min-h-0 flex-col bg-(--ng-bg) text-(--ng-text) outline-none">
      <header className="flex shrink-0 flex-col border-(--ng-line) border-b bg-(--ng-surface) @5xl:flex-row @5xl:items-center">
        <div className="flex min-w-0 items-center gap-2 px-2 @5xl:w-80 @5xl:shrink-0">
          <IconButton icon={X} label={t('mpr.close')} shortcut={t('keys.escape')} onPress={onClose} />
          <PatientLine pane={source.pane} />
        </div>
        {isReady && <Tools {...{ mpr, snapshot, tool, hasOverlay, isFull, onOverlay, onFull }} onTool={setTool} />}
      </header>
      {isReady && <Switch shown={isFull ? snapshot.active : shown} isFull={isFull} onShown={onShown} />}
      {isReady ? (
        <Planes
          {...{ mpr, snapshot, tool, hasOverlay, isFull, shown, layers, cut, hasStates }}
          begun={drawing.begun}
          series={source.series}
        />
      ) : (
        <Status {...{ mpr, snapshot, onClose }} />
      )}
    </div>
  );
}

/** Where there is room for one thing only, the plane that is shown is the active one. */
function useShown(mpr: MprSession | undefined) {
  const [shown, setShown] = useState<Shown>('axial');
  const onShown = (next: Shown): void => {
    setShown(next);
    if (next !== 'panel') mpr?.setActive(next);
  };
  return { shown, onShown };
}

/** In the place of the planes. */
const Status = (props: Parameters<typeof MprStatus>[0]) => (
  <div className="relative grow">
    <MprStatus {...props} />
  </div>
);

interface SwitchProps {
  readonly shown: Shown;
  readonly isFull: boolean;
  readonly onShown: (shown: Shown) => void;
}

/** Which plane is shown where there is room for one. */
function Switch({ shown, isFull, onShown }: SwitchProps) {
  const t = useText('viewer');
  const options: readonly Shown[] = isFull ? VIEWS : [...VIEWS, 'panel'];
  return (
    <ToggleButtonGroup
      aria-label={t('mpr.which')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[shown]}
      onSelectionChange={([key]) => onShown(options.find((one) => one === key) ?? shown)}
      className={`flex shrink-0 gap-1 border-(--ng-line) border-b bg-(--ng-surface) p-1 ${isFull ? '' : '@3xl:hidden'}`}
    >
      {options.map((option) => (
        <ToggleButton
          key={option}
          id={option}
          className={`${buttonClass} grow px-2 text-sm data-selected:bg-(--ng-accent)/15 data-selected:text-(--ng-accent)`}
        >
          {option === 'panel' ? t('mpr.settings') : t(`mpr.views.${option}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

interface PlanesProps {
  readonly mpr: MprSession;
  readonly snapshot: MprSnapshot;
  readonly tool: MprToolId;
  readonly hasOverlay: boolean;
  readonly isFull: boolean;
  readonly shown: Shown;
  readonly begun: KeyboardDrawing['begun'];
  readonly layers: LayersState;
  readonly cut: CutItems;
  readonly hasStates: boolean;
  readonly series: SeriesModel;
}

/** Three planes and the panel; one of the four where there is no room for more, or where one is wanted. */
function Planes({ mpr, snapshot, tool, hasOverlay, isFull, shown, begun, layers, cut, hasStates, series }: PlanesProps) {
  const classOf = (part: Shown): string => {
    if (isFull) return part === snapshot.active ? 'grid' : 'hidden';
    return part === shown ? 'grid' : 'hidden @3xl:grid';
  };
  const grid = isFull ? '' : '@3xl:grid-cols-2 @3xl:grid-rows-2';
  return (
    <div className={`grid min-h-0 grow auto-rows-fr gap-px bg-(--ng-line) ${grid}`}>
      {VIEWS.map((id) => (
        <div key={id} className={`min-h-0 min-w-0 ${classOf(id)}`}>
          <MprPlane {...{ mpr, snapshot, id, tool, hasOverlay, begun, cut, hasStates }} opacity={layers.opacity} />
        </div>
      ))}
      <div className={`min-h-0 min-w-0 ${classOf('panel')}`}>
        <MprPanel {...{ mpr, snapshot, layers, cut, series }} />
      </div>
    </div>
  );
}

interface ToolsProps {
  readonly mpr: MprSession;
  readonly snapshot: MprSnapshot;
  readonly tool: MprToolId;
  readonly hasOverlay: boolean;
  readonly isFull: boolean;
  readonly onTool: (tool: MprToolId) => void;
  readonly onOverlay: () => void;
  readonly onFull: () => void;
}

function Tools({ mpr, snapshot, tool, hasOverlay, isFull, onTool, onOverlay, onFull }: ToolsProps) {
  const t = useText('viewer');
  const nameOf = useMprToolName();
  const label = snapshot.views[snapshot.active]?.label ?? EMPTY_PANE;
  return (
    <Toolbar aria-label={t('tools.group')} className="flex min-w-0 grow flex-wrap items-center gap-0.5 px-2 py-1">
      {MPR_TOOLS.map((id) => (
        <IconToggle
          key={id}
          icon={MPR_TOOL_ICONS[id]}
          label={nameOf(id)}
          shortcut={MPR_TOOL_KEYS[id]}
          isSelected={tool === id}
          onPress={() => onTool(id)}
        />
      ))}
      <PresetMenu pane={{ subscribe: mpr.subscribe, getSnapshot: () => label, display: mpr.display }} />
      <IconToggle
        icon={SunMoon}
        label={t('actions.invert')}
        shortcut="I"
        isSelected={label.isInverted}
        onPress={() => mpr.display.invert()}
      />
      <IconButton icon={RotateCcw} label={t('actions.reset')} shortcut="R" onPress={() => mpr.reset()} />
      <IconButton icon={Undo2} label={t('actions.undo')} shortcut="Ctrl Z" onPress={() => void mpr.drawing.undo()} />
      <IconButton
        icon={Trash2}
        label={t('actions.delete')}
        shortcut={t('keys.delete')}
        onPress={() => void mpr.drawing.remove()}
      />
      <IconToggle icon={Captions} label={t('actions.overlay')} shortcut="O" isSelected={hasOverlay} onPress={onOverlay} />
      <IconToggle icon={Maximize2} label={t('mpr.full')} shortcut="F" isSelected={isFull} onPress={onFull} />
    </Toolbar>
  );
}
