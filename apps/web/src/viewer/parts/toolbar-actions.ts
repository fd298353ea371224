import {
  Captions,
  CircleHelp,
  Columns2,
  FlipHorizontal2,
  FlipVertical2,
  Grid2x2,
  type LucideIcon,
  Redo2,
  RotateCcw,
  RotateCw,
  Scan,
  Square,
  SunMoon,
  Trash2,
  Undo2,
} from 'lucide-react';
import { useText } from '../../i18n/index.ts';
import { type Pane, TOOLS, type ToolId } from '../engine/index.ts';
import type { StudyRef } from '../model/dicomweb.ts';
import { LAYOUTS, type LayoutId } from './layout.ts';
import { TOOL_ICONS, TOOL_KEYS } from './tool-icons.ts';
import type { AnnotationsState } from './use-annotations.ts';
import { usePaneSnapshot } from './use-pane-snapshot.ts';

const LAYOUT_ICONS: Readonly<Record<LayoutId, LucideIcon>> = { '1x1': Square, '1x2': Columns2, '2x2': Grid2x2 };

export interface ToolbarProps {
  readonly study: StudyRef;
  readonly pane: Pane | undefined;
  readonly tool: ToolId;
  readonly layout: LayoutId;
  readonly onBack: () => void;
  readonly onTool: (tool: ToolId) => void;
  readonly onLayout: (layout: LayoutId) => void;
  readonly onDelete: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly annotations: AnnotationsState;
  readonly onHelp: () => void;
  readonly hasOverlay: boolean;
  readonly onOverlay: () => void;
}

/** One thing that the toolbar does, as a button or, where there is no room, as a line of its menu. */
export interface Action {
  readonly id: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut?: string;
  /** Undefined for what is done once and not switched. */
  readonly isSelected?: boolean;
  /** A line of separation stands before it. */
  readonly begins?: boolean;
  readonly run: () => void;
}

/** Everything that the toolbar does but presets and OHIF, what is needed most often first. */
export function useActions(props: ToolbarProps): readonly Action[] {
  const t = useText('viewer');
  const tools = TOOLS.map(
    (id): Action => ({
      id,
      icon: TOOL_ICONS[id],
      label: t(`tools.${id}`),
      shortcut: TOOL_KEYS[id],
      isSelected: props.tool === id,
      run: () => props.onTool(id),
    }),
  );
  const layouts = LAYOUTS.map(
    (id, index): Action => ({
      id,
      icon: LAYOUT_ICONS[id],
      label: t(`layouts.${id}`),
      isSelected: props.layout === id,
      begins: index === 0,
      run: () => props.onLayout(id),
    }),
  );
  return [...tools, ...useDisplayActions(props), ...useOwnActions(props), ...layouts, helpAction(t('actions.help'), props)];
}

const helpAction = (label: string, { onHelp }: ToolbarProps): Action => ({
  id: 'help',
  icon: CircleHelp,
  label,
  shortcut: '?',
  begins: true,
  run: onHelp,
});

function useDisplayActions({ pane }: ToolbarProps): Action[] {
  const t = useText('viewer');
  const { isInverted, isFlippedHorizontally, isFlippedVertically } = usePaneSnapshot(pane);
  const action = (id: string, icon: LucideIcon, label: string, shortcut: string, run: () => void): Action => ({
    id,
    icon,
    label,
    shortcut,
    run,
  });
  const flip = (way: 'horizontal' | 'vertical') => () => pane?.display.flip(way);
  return [
    { ...action('rotate', RotateCw, t('actions.rotate'), 'T', () => pane?.display.rotate(90)), begins: true },
    {
      ...action('flipH', FlipVertical2, t('actions.flipHorizontal'), 'H', flip('horizontal')),
      isSelected: isFlippedHorizontally,
    },
    { ...action('flipV', FlipHorizontal2, t('actions.flipVertical'), 'V', flip('vertical')), isSelected: isFlippedVertically },
    { ...action('invert', SunMoon, t('actions.invert'), 'I', () => pane?.display.invert()), isSelected: isInverted },
    action('actualPixels', Scan, t('actions.actualPixels'), '*', () => pane?.display.actualPixels()),
    action('reset', RotateCcw, t('actions.reset'), 'R', () => pane?.display.reset()),
  ];
}

function useOwnActions({ hasOverlay, onOverlay, onDelete, onUndo, onRedo }: ToolbarProps): Action[] {
  const t = useText('viewer');
  return [
    {
      id: 'overlay',
      icon: Captions,
      label: t('actions.overlay'),
      shortcut: 'O',
      isSelected: hasOverlay,
      run: onOverlay,
    },
    { id: 'delete', icon: Trash2, label: t('actions.delete'), shortcut: t('keys.delete'), begins: true, run: onDelete },
    { id: 'undo', icon: Undo2, label: t('actions.undo'), shortcut: 'Ctrl Z', run: onUndo },
    { id: 'redo', icon: Redo2, label: t('actions.redo'), shortcut: `Ctrl ${t('keys.shift')} Z`, run: onRedo },
  ];
}
