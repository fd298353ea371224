import {
  AppWindow,
  Axis3d,
  Camera,
  Captions,
  CircleHelp,
  ExternalLink,
  FlipHorizontal2,
  FlipVertical2,
  Link2,
  type LucideIcon,
  Maximize,
  Redo2,
  RotateCcw,
  RotateCw,
  Scan,
  SeparatorHorizontal,
  Settings2,
  SunMoon,
  Trash2,
  Undo2,
  Unlink2,
} from 'lucide-react';
import { useText } from '../../i18n/index.ts';
import type { Pane, ToolId } from '../engine/index.ts';
import { ohifUrl, type StudyRef } from '../model/dicomweb.ts';
import { DESK_KEYS, keyName } from './desk-keys.ts';
import type { LayoutMenuProps } from './layout-menu.tsx';
import type { AnnotationsState } from './use-annotations.ts';
import { usePaneValue } from './use-pane-snapshot.ts';

/** What is done with the desk, and not with one pane. */
export interface DeskActions {
  readonly isLinked: boolean;
  readonly onLink: () => void;
  readonly hasLines: boolean;
  readonly onLines: () => void;
  readonly isFull: boolean;
  readonly onFull: () => void;
  readonly onSecondWindow: (() => void) | undefined;
}

export interface ToolbarProps {
  readonly study: StudyRef;
  readonly pane: Pane | undefined;
  readonly tool: ToolId;
  readonly layout: LayoutMenuProps;
  readonly desk: DeskActions;
  readonly onBack: () => void;
  readonly onTool: (tool: ToolId) => void;
  readonly onDelete: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly annotations: AnnotationsState;
  readonly onHelp: () => void;
  /** Planes through the volume of the series; undefined while it has none to show. */
  readonly onMpr: (() => void) | undefined;
  readonly onPicture: () => void;
  readonly onSettings: () => void;
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

/** Everything that the toolbar does but tools, layouts, presets and OHIF, what is needed most often first. */
export function useActions(props: ToolbarProps): readonly Action[] {
  return [...useDeskActions(props), ...useDisplayActions(props), ...useOwnActions(props), ...useDialogActions(props)];
}

function useDeskActions({ desk }: ToolbarProps): Action[] {
  const t = useText('viewer');
  const { isLinked, onLink, hasLines, onLines, isFull, onFull, onSecondWindow } = desk;
  return [
    {
      id: 'link',
      icon: isLinked ? Link2 : Unlink2,
      label: t(isLinked ? 'link.unlink' : 'link.link'),
      shortcut: keyName(t, DESK_KEYS.link),
      isSelected: isLinked,
      begins: true,
      run: onLink,
    },
    {
      id: 'lines',
      icon: SeparatorHorizontal,
      label: t('lines.show'),
      shortcut: keyName(t, DESK_KEYS.lines),
      isSelected: hasLines,
      run: onLines,
    },
    {
      id: 'full',
      icon: Maximize,
      label: t('layout.full'),
      shortcut: keyName(t, DESK_KEYS.full),
      isSelected: isFull,
      run: onFull,
    },
    ...(onSecondWindow === undefined
      ? []
      : [{ id: 'second-window', icon: AppWindow, label: t('layout.window'), run: onSecondWindow }]),
  ];
}

function useDialogActions({ onPicture, onSettings, onHelp }: ToolbarProps): Action[] {
  const t = useText('viewer');
  return [
    { id: 'picture', icon: Camera, label: t('actions.picture'), begins: true, run: onPicture },
    { id: 'settings', icon: Settings2, label: t('actions.settings'), run: onSettings },
    { id: 'help', icon: CircleHelp, label: t('actions.help'), shortcut: '?', run: onHelp },
  ];
}

function useDisplayActions({ pane }: ToolbarProps): Action[] {
  const t = useText('viewer');
  const isInverted = usePaneValue(pane, (snapshot) => snapshot.isInverted);
  const isFlippedHorizontally = usePaneValue(pane, (snapshot) => snapshot.isFlippedHorizontally);
  const isFlippedVertically = usePaneValue(pane, (snapshot) => snapshot.isFlippedVertically);
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

function useOwnActions({ hasOverlay, onOverlay, onDelete, onUndo, onRedo, onMpr }: ToolbarProps): Action[] {
  const t = useText('viewer');
  const mpr = { id: 'mpr', icon: Axis3d, label: t('actions.mpr'), shortcut: 'M', run: () => onMpr?.() };
  return [
    ...(onMpr === undefined ? [] : [mpr]),
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

/** The same study in OHIF, where there is no room for its name. */
export function useOhifAction({ study }: Pick<ToolbarProps, 'study'>): Action {
  const t = useText('viewer');
  return { id: 'ohif', icon: ExternalLink, label: t('actions.ohif'), run: () => window.location.assign(ohifUrl(study)) };
}
