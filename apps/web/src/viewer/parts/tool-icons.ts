import { Contrast, Hand, type LucideIcon, MousePointerClick, MoveVertical, Ruler, Triangle, ZoomIn } from 'lucide-react';
import type { ToolId } from '../engine/index.ts';

export const TOOL_ICONS: Readonly<Record<ToolId, LucideIcon>> = {
  scroll: MoveVertical,
  window: Contrast,
  zoom: ZoomIn,
  pan: Hand,
  length: Ruler,
  angle: Triangle,
  probe: MousePointerClick,
};

/** Letters as readers of other viewers know them. */
export const TOOL_KEYS: Readonly<Record<ToolId, string>> = {
  scroll: 'S',
  window: 'W',
  zoom: 'Z',
  pan: 'P',
  length: 'L',
  angle: 'A',
  probe: 'D',
};
