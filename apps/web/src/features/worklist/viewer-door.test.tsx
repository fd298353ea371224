import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { startI18n } from '../../i18n/index.ts';
import { loadViewer, useViewer } from './viewer-door.ts';

test('the viewer that is here stands at once: nothing is drawn before it', async () => {
  await startI18n();
  const viewer = await loadViewer();
  const seen: unknown[] = [];
  renderHook(() => seen.push(useViewer()));
  expect(seen[0]).toBe(viewer);
});
