import {
  ArrowLeft,
  Captions,
  CircleHelp,
  Columns2,
  FlipHorizontal2,
  FlipVertical2,
  Grid2x2,
  type LucideIcon,
  RotateCcw,
  RotateCw,
  Scan,
  Square,
  SunMoon,
  Trash2,
  Undo2,
} from 'lucide-react';
import { Toolbar as AriaToolbar, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type Pane, TOOLS, type ToolId } from '../engine/index.ts';
import { buttonClass, IconButton, IconToggle } from './controls.tsx';
import { isLayoutId, LAYOUTS, type LayoutId } from './layout.ts';
import { PatientLine } from './patient-line.tsx';
import { PresetMenu } from './preset-menu.tsx';
import { TOOL_ICONS, TOOL_KEYS } from './tool-icons.ts';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

const LAYOUT_ICONS: Readonly<Record<LayoutId, LucideIcon>> = { '1x1': Square, '1x2': Columns2, '2x2': Grid2x2 };

interface ToolbarProps {
  readonly studyInstanceUid: string;
  readonly pane: Pane | undefined;
  readonly tool: ToolId;
  readonly layout: LayoutId;
  readonly onBack: () => void;
  readonly onTool: (tool: ToolId) => void;
  readonly onLayout: (layout: LayoutId) => void;
  readonly onDelete: () => void;
  readonly onUndo: () => void;
  readonly onHelp: () => void;
  readonly hasOverlay: boolean;
  readonly onOverlay: () => void;
}

const isTool = (value: unknown): value is ToolId => TOOLS.some((tool) => tool === value);

const Separator = () => <span aria-hidden className="mx-1 h-6 w-px shrink-0 bg-(--ng-line)" />;

export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation('viewer');
  return (
    <header className="flex shrink-0 flex-col border-(--ng-line) border-b bg-(--ng-surface) @3xl:flex-row @3xl:items-center">
      <div className="flex min-w-0 items-center gap-2 px-2 @3xl:w-56 @3xl:shrink-0 @6xl:w-80">
        <IconButton icon={ArrowLeft} label={t('back')} shortcut={t('keys.escape')} onPress={props.onBack} />
        <PatientLine pane={props.pane} />
      </div>
      <AriaToolbar
        aria-label={t('tools.group')}
        className="ng-viewer-scroll-x flex min-w-0 grow items-center gap-0.5 overflow-x-auto px-2 py-1"
      >
        <ToolToggles tool={props.tool} onTool={props.onTool} />
        <Separator />
        <PresetMenu pane={props.pane} />
        <DisplayButtons pane={props.pane} />
        <IconToggle
          icon={Captions}
          label={t('actions.overlay')}
          shortcut="O"
          isSelected={props.hasOverlay}
          onPress={props.onOverlay}
        />
        <Separator />
        <IconButton icon={Trash2} label={t('actions.delete')} shortcut={t('keys.delete')} onPress={props.onDelete} />
        <IconButton icon={Undo2} label={t('actions.undo')} shortcut="Ctrl Z" onPress={props.onUndo} />
        <Separator />
        <LayoutToggles layout={props.layout} onLayout={props.onLayout} />
        <span className="grow" />
        <a
          className={`${buttonClass} px-2 text-xs`}
          href={`/viewer/viewer?StudyInstanceUIDs=${encodeURIComponent(props.studyInstanceUid)}`}
          title={t('actions.ohif')}
        >
          OHIF
        </a>
        <IconButton icon={CircleHelp} label={t('actions.help')} shortcut="?" onPress={props.onHelp} />
      </AriaToolbar>
    </header>
  );
}

function ToolToggles({ tool, onTool }: Pick<ToolbarProps, 'tool' | 'onTool'>) {
  const { t } = useTranslation('viewer');
  return (
    <ToggleButtonGroup
      aria-label={t('tools.group')}
      className="flex shrink-0 gap-0.5"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[tool]}
      onSelectionChange={(keys) => {
        const [chosen] = [...keys];
        if (isTool(chosen)) onTool(chosen);
      }}
    >
      {TOOLS.map((id) => (
        <IconToggle key={id} id={id} icon={TOOL_ICONS[id]} label={t(`tools.${id}`)} shortcut={TOOL_KEYS[id]} />
      ))}
    </ToggleButtonGroup>
  );
}

function LayoutToggles({ layout, onLayout }: Pick<ToolbarProps, 'layout' | 'onLayout'>) {
  const { t } = useTranslation('viewer');
  return (
    <ToggleButtonGroup
      aria-label={t('actions.layout')}
      className="flex shrink-0 gap-0.5"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[layout]}
      onSelectionChange={(keys) => {
        const [chosen] = [...keys];
        if (isLayoutId(chosen)) onLayout(chosen);
      }}
    >
      {LAYOUTS.map((id) => (
        <IconToggle key={id} id={id} icon={LAYOUT_ICONS[id]} label={t(`layouts.${id}`)} />
      ))}
    </ToggleButtonGroup>
  );
}

function DisplayButtons({ pane }: Pick<ToolbarProps, 'pane'>) {
  const { t } = useTranslation('viewer');
  const { isInverted, isFlippedHorizontally, isFlippedVertically } = usePaneSnapshot(pane);
  return (
    <>
      <IconButton icon={RotateCw} label={t('actions.rotate')} shortcut="T" onPress={() => pane?.display.rotate(90)} />
      <IconToggle
        icon={FlipVertical2}
        label={t('actions.flipHorizontal')}
        shortcut="H"
        isSelected={isFlippedHorizontally}
        onPress={() => pane?.display.flip('horizontal')}
      />
      <IconToggle
        icon={FlipHorizontal2}
        label={t('actions.flipVertical')}
        shortcut="V"
        isSelected={isFlippedVertically}
        onPress={() => pane?.display.flip('vertical')}
      />
      <IconToggle
        icon={SunMoon}
        label={t('actions.invert')}
        shortcut="I"
        isSelected={isInverted}
        onPress={() => pane?.display.invert()}
      />
      <IconButton icon={Scan} label={t('actions.actualPixels')} shortcut="*" onPress={() => pane?.display.actualPixels()} />
      <IconButton icon={RotateCcw} label={t('actions.reset')} shortcut="R" onPress={() => pane?.display.reset()} />
    </>
  );
}
