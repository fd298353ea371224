import { renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { startI18n } from '../../i18n/index.ts';
import { loadViewer, useViewer } from './viewer-door.ts';

test('whoever opens a study before the viewer is here gets it when it comes; afterwards it stands at once, nothing before it', async () => {
  await startI18n();
  const first = renderHook(() => useViewer());
  expect(first.result.current).toBeUndefined();
  const viewer = await loadViewer();
  await waitFor(() => expect(first.result.current).toBe(viewer));
  const seen: unknown[] = [];
  renderHook(() => seen.push(useViewer()));
  expect(seen[0]).toBe(viewer);
});
