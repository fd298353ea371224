/** A screen as the Window Management API has it; not every browser does. */
interface Screen {
  readonly availLeft: number;
  readonly availTop: number;
  readonly availWidth: number;
  readonly availHeight: number;
}
interface ScreenDetails {
  readonly screens: readonly Screen[];
  readonly currentScreen: Screen;
}

/** One second window: what is opened in it later takes the place of what was there. */
const NAME = 'negatoscope-second';

/** The screen on which this window is not; undefined where there is none, or the browser doesn't say. */
async function otherScreen(): Promise<Screen | undefined> {
  if (!('getScreenDetails' in window) || typeof window.getScreenDetails !== 'function') return undefined;
  try {
    const details = (await window.getScreenDetails()) as ScreenDetails; // Not in TypeScript's library yet.
    return details.screens.find((screen) => screen !== details.currentScreen);
  } catch {
    // The person has said no: the window can be moved by hand.
    return undefined;
  }
}

/** Opens an address of this application in a window of its own, over the whole of another screen where there is one. False where the browser holds it back. */
export async function openSecondWindow(address: string): Promise<boolean> {
  const screen = await otherScreen();
  const place =
    screen === undefined
      ? `width=${window.outerWidth},height=${window.outerHeight}`
      : `left=${screen.availLeft},top=${screen.availTop},width=${screen.availWidth},height=${screen.availHeight}`;
  const opened = window.open(address, NAME, `popup,${place}`);
  opened?.focus();
  return opened !== null;
}
