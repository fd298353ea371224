import { useCallback, useEffect, useState } from 'react';
import { BUTTON_TOOLS, type MouseBindings, type ToolId, USUAL_BINDINGS } from './engine/index.ts';

/** Text beside drawings, CSS px. */
export const TEXT_SIZES = { small: 11, medium: 13, large: 16, huge: 20 } as const;
export type TextSize = keyof typeof TEXT_SIZES;

/** How a person has set their viewer. */
export interface ViewerPreferences {
  readonly textSize: TextSize;
  readonly mouse: MouseBindings;
  /** The tool of the left button when a study opens; `usual` is the window, and scrolling for fingers. */
  readonly left: ToolId | 'usual';
}

export const USUAL_PREFERENCES: ViewerPreferences = { textSize: 'medium', mouse: USUAL_BINDINGS, left: 'usual' };

const keyOf = (userId: string): string => `ng.viewer.${userId}`;

const oneOf = <T extends string>(all: readonly T[], value: unknown, usual: T): T => all.find((one) => one === value) ?? usual;
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // Its fields are looked at one by one.

/** What was kept, as far as it makes sense: another version of the page may have written it. */
export function preferencesFrom(text: string | null): ViewerPreferences {
  const read = (): unknown => {
    try {
      return JSON.parse(text ?? '{}');
    } catch {
      return {};
    }
  };
  const kept = recordOf(read());
  const mouse = recordOf(kept.mouse);
  return {
    textSize: oneOf(Object.keys(TEXT_SIZES) as TextSize[], kept.textSize, USUAL_PREFERENCES.textSize),
    mouse: {
      middle: oneOf(BUTTON_TOOLS, mouse.middle, 'pan'),
      right: oneOf(BUTTON_TOOLS, mouse.right, 'zoom'),
      wheel: oneOf(['scroll', 'zoom'], mouse.wheel, 'scroll'),
    },
    left: oneOf(['usual', ...BUTTON_TOOLS], kept.left, 'usual'),
  };
}

function readKept(userId: string | undefined): ViewerPreferences {
  try {
    return preferencesFrom(userId === undefined ? null : localStorage.getItem(keyOf(userId)));
  } catch {
    return USUAL_PREFERENCES;
  }
}

/** A person's settings on this browser, as the theme and the language are kept; whoever else signs in has their own. */
export function useViewerPreferences(
  userId: string | undefined,
): readonly [ViewerPreferences, (change: Partial<ViewerPreferences>) => void] {
  const [preferences, setPreferences] = useState(() => readKept(userId));
  useEffect(() => setPreferences(readKept(userId)), [userId]);
  const change = useCallback(
    (part: Partial<ViewerPreferences>) =>
      setPreferences((before) => {
        const after = { ...before, ...part };
        try {
          if (userId !== undefined) localStorage.setItem(keyOf(userId), JSON.stringify(after));
        } catch {
          // Private windows keep nothing; the settings last as long as the page.
        }
        return after;
      }),
    [userId],
  );
  return [preferences, change];
}
