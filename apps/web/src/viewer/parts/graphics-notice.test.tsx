import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ViewerSession } from '../engine/index.ts';
import { GraphicsNotice } from './graphics-notice.tsx';

// What of a session the notice asks for; the library itself does not run without a browser.
const sessionOf = (isPaintedByProcessor: boolean) => ({ isPaintedByProcessor }) as ViewerSession;
const isShown = (): boolean => screen.queryByTestId('graphics-notice') !== null;

beforeEach(() => localStorage.clear());
afterEach(cleanup);

it('comes with a session that is painted by the processor, and stays while another one takes its place', () => {
  const { rerender } = render(<GraphicsNotice session={undefined} />);
  expect(isShown()).toBe(false);
  rerender(<GraphicsNotice session={sessionOf(true)} />);
  expect(isShown()).toBe(true);
  rerender(<GraphicsNotice session={undefined} />);
  expect(isShown()).toBe(true);
});

it('stands in the next room from its first render, where it was before, and goes where the images are painted by a graphics card again', () => {
  render(<GraphicsNotice session={sessionOf(true)} />);
  cleanup();
  const { rerender } = render(<GraphicsNotice session={undefined} />);
  expect(isShown()).toBe(true);
  rerender(<GraphicsNotice session={sessionOf(false)} />);
  expect(isShown()).toBe(false);
  cleanup();
  render(<GraphicsNotice session={undefined} />);
  expect(isShown()).toBe(false);
});

it('is never seen again in this browser once it was closed', async () => {
  render(<GraphicsNotice session={sessionOf(true)} />);
  await userEvent.click(screen.getByRole('button'));
  expect(isShown()).toBe(false);
  cleanup();
  render(<GraphicsNotice session={sessionOf(true)} />);
  expect(isShown()).toBe(false);
});
