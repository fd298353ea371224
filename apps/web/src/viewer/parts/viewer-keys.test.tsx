import { fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { FakePane, frameOf, seriesOf, shown } from '../testing/pane-fixture.ts';
import { openSecondWindow } from './second-window.ts';
import { useViewerKeys, type ViewerKeyActions } from './use-viewer-keys.ts';

afterEach(() => vi.unstubAllGlobals());

function Keys(actions: ViewerKeyActions) {
  useViewerKeys(actions);
  return (
    <>
      <input aria-label="text" />
      <input type="range" aria-label="range" />
      <div role="toolbar" aria-label="bar">
        <button type="button">tool</button>
      </div>
      <button type="button">button</button>
      <video aria-label="video">
        <track kind="captions" />
      </video>
    </>
  );
}

const open = async (fields: Partial<ViewerKeyActions> = {}, pane = new FakePane()) => {
  const done = pane.done;
  const note = (what: string) => (): void => void done.push(what);
  const page = await openPart(
    new FakeApi(),
    <Keys
      pane={pane.pane}
      onDrawingKey={() => false}
      onDrawingKeyUp={() => undefined}
      onTool={(tool) => done.push(`tool ${tool}`)}
      onDelete={note('delete')}
      onUndo={note('undo')}
      onRedo={note('redo')}
      onHelp={note('help')}
      onOverlay={note('overlay')}
      onBack={note('back')}
      onSeries={(step) => done.push(`series ${step}`)}
      commands={{ f: note('full'), 'shift+s': note('link') }}
      {...fields}
    />,
  );
  return { ...page, done };
};
const press = (key: string, more: KeyboardEventInit = {}, target: Element = document.body): boolean =>
  fireEvent.keyDown(target, { key, ...more });

describe('keys of the viewer', () => {
  test.each([
    ['ArrowUp', 'scrollBy -1'],
    ['ArrowRight', 'scrollBy 1'],
    ['PageDown', 'scrollBy 10'],
    ['Home', 'goTo 0'],
    ['End', `goTo ${Number.MAX_SAFE_INTEGER}`],
    [' ', 'toggle'],
    ['+', 'zoomBy 1.25'],
    ['-', 'zoomBy 0.8'],
    ['t', 'rotate 90'],
    ['H', 'flip horizontal'],
    ['v', 'flip vertical'],
    ['i', 'invert'],
    ['r', 'reset'],
    ['*', 'actualPixels'],
    ['l', 'tool length'],
    ['Delete', 'delete'],
    ['Backspace', 'delete'],
    ['?', 'help'],
    ['o', 'overlay'],
    ['Escape', 'back'],
    ['j', 'series 1'],
    ['K', 'series -1'],
    ['f', 'full'],
  ])('"%s" is %s', async (key, what) => {
    const { done } = await open();
    // What means something here is the browser's no more.
    expect(press(key)).toBe(false);
    expect(done).toEqual([what]);
  });

  test('with Shift are others', async () => {
    const { done } = await open();
    press('S', { shiftKey: true });
    press('s');
    press('L', { shiftKey: true });
    expect(done).toEqual(['link', 'tool scroll', 'tool cardiothoracic']);
  });

  test('undo and redo by their chords; other chords are the browser’s', async () => {
    const { done } = await open();
    press('z', { ctrlKey: true });
    press('Z', { metaKey: true, shiftKey: true });
    expect(press('r', { ctrlKey: true })).toBe(true);
    expect(press('l', { altKey: true })).toBe(true);
    expect(done).toEqual(['undo', 'redo']);
  });

  test('a digit is the preset at its place, whatever the keyboard writes there; none is none', async () => {
    const { done, close } = await open();
    press('&', { code: 'Digit1' });
    press('1', { code: 'Numpad1' });
    expect(done[0]).toMatch(/^preset /);
    expect(done[1]).toBe(done[0]);
    close();
    const radiograph = await open({}, new FakePane(shown({ series: seriesOf({ modality: 'DX', frames: [frameOf(1)] }) })));
    expect(press('ç', { code: 'Digit9' })).toBe(true);
    expect(radiograph.done).toEqual([]);
  });

  test('are those of a drawing first', async () => {
    const keys: string[] = [];
    const { done } = await open({
      onDrawingKey: ({ key }) => {
        keys.push(key);
        return key === 'Enter' || key === 'Escape';
      },
    });
    press('Escape');
    press('Enter');
    press('r');
    expect([keys, done]).toEqual([['Escape', 'Enter', 'r'], ['reset']]);
  });

  test('with Alt move a text by arrows, until Alt is let go or the page is left', async () => {
    const { done } = await open({
      onDrawingKey: ({ key, altKey }) => {
        done.push(`drawing ${key} ${altKey}`);
        return true;
      },
      onDrawingKeyUp: () => void done.push('kept'),
    });
    // The browser would go back.
    expect(press('ArrowLeft', { altKey: true })).toBe(false);
    expect(press('e', { altKey: true })).toBe(true);
    fireEvent.keyUp(document.body, { key: 'ArrowLeft' });
    fireEvent.keyUp(document.body, { key: 'Alt' });
    fireEvent.blur(window);
    expect(done).toEqual(['drawing ArrowLeft true', 'kept', 'kept']);
  });

  test('belong to a field while one types, and to a slider, a toolbar or a video what they use', async () => {
    const { done } = await open();
    press('r', {}, screen.getByLabelText('text'));
    press('ArrowUp', {}, screen.getByLabelText('range'));
    press('ArrowLeft', {}, screen.getByText('tool'));
    press('Enter', {}, screen.getByText('button'));
    press(' ', {}, screen.getByLabelText('video'));
    expect(done).toEqual([]);
    press('r', {}, screen.getByLabelText('range'));
    press('ArrowUp', {}, screen.getByText('tool'));
    press('ArrowUp', {}, screen.getByText('button'));
    expect(done).toEqual(['reset', 'scrollBy -1', 'scrollBy -1']);
  });

  test('rest while a dialog or a menu is open, and once the viewer is gone', async () => {
    const { done, close } = await open();
    const dialog = document.body.appendChild(document.createElement('div'));
    dialog.setAttribute('role', 'dialog');
    press('r');
    dialog.remove();
    close();
    press('r');
    expect(done).toEqual([]);
  });

  test('without an image do nothing, and still keep the page from scrolling', async () => {
    const { done } = await open({ pane: undefined });
    expect(press('ArrowDown')).toBe(false);
    expect(press('1', { code: 'Digit1' })).toBe(true);
    expect(done).toEqual([]);
  });
});

describe('a second window', () => {
  const opened: unknown[][] = [];
  const browser = (isAllowed = true): void => {
    opened.length = 0;
    vi.stubGlobal('open', (...values: unknown[]) => {
      opened.push(values);
      return isAllowed ? { focus: () => opened.push(['focus']) } : null;
    });
  };
  const screenOf = (availLeft: number) => ({ availLeft, availTop: 0, availWidth: 2048, availHeight: 2560 });

  test('is over the whole of another screen where there is one', async () => {
    browser();
    const currentScreen = screenOf(0);
    vi.stubGlobal('getScreenDetails', async () => ({ currentScreen, screens: [currentScreen, screenOf(1920)] }));
    expect(await openSecondWindow('/app/studies/1')).toBe(true);
    expect(opened).toEqual([['/app/studies/1', 'negatoscope-second', 'popup,left=1920,top=0,width=2048,height=2560'], ['focus']]);
  });

  test.each([
    ['the person has said no', async () => Promise.reject(new DOMException('no', 'NotAllowedError'))],
    ['there is but one', async () => ({ currentScreen: 1, screens: [1] })],
  ])('is as large as this one where %s', async (_why, getScreenDetails) => {
    browser();
    vi.stubGlobal('getScreenDetails', getScreenDetails);
    expect(await openSecondWindow('/a')).toBe(true);
    expect(opened[0]?.[2]).toBe(`popup,width=${window.outerWidth},height=${window.outerHeight}`);
  });

  test('that the browser holds back is told', async () => {
    browser(false);
    expect(await openSecondWindow('/a')).toBe(false);
  });
});
