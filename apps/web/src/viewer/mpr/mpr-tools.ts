import { Contrast, Crosshair, Hand, type LucideIcon, MousePointerClick, MoveVertical, Ruler, ZoomIn } from 'lucide-react';
import { useText } from '../../i18n/index.ts';
import type { MprToolId } from '../engine/volume/index.ts';

/** As thick as a plane may be. */
export const MOST_SLAB_MM = 60;

export const MPR_TOOL_ICONS: Readonly<Record<MprToolId, LucideIcon>> = {
  crosshair: Crosshair,
  scroll: MoveVertical,
  window: Contrast,
  zoom: ZoomIn,
  pan: Hand,
  length: Ruler,
  probe: MousePointerClick,
};

/** The letters of the stack's tools; C is the crosshair. */
export const MPR_TOOL_KEYS: Readonly<Record<MprToolId, string>> = {
  crosshair: 'C',
  scroll: 'S',
  window: 'W',
  zoom: 'Z',
  pan: 'P',
  length: 'L',
  probe: 'D',
};

export function useMprToolName(): (tool: MprToolId) => string {
  const t = useText('viewer');
  return (tool) => (tool === 'crosshair' ? t('mpr.crosshair') : t(`tools.${tool}`));
}
