export type ThemeChoice = 'dark' | 'light' | 'system';
export type Theme = 'dark' | 'light';

/** The reading room is dark unless the person chose otherwise: viewer and worklist. */
export const isReadingRoom = (path: string): boolean => path === '/app/worklist' || path.startsWith('/app/studies/');

export function themeFor(choice: ThemeChoice, path: string, prefersLight: boolean): Theme {
  if (choice !== 'system') return choice;
  return prefersLight && !isReadingRoom(path) ? 'light' : 'dark';
}

function readChoice(): ThemeChoice {
  try {
    const value = localStorage.getItem('ng.theme');
    return value === 'dark' || value === 'light' ? value : 'system';
  } catch {
    return 'system';
  }
}

let choice: ThemeChoice = 'system';
let path = '/';
const listeners = new Set<() => void>();
const screen = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: light)');

function apply(): void {
  const theme = themeFor(choice, path, screen?.matches ?? false);
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', theme === 'dark' ? '#0b0d10' : '#f7f7f4');
  for (const listener of listeners) listener();
}
export function startTheme(firstPath: string): void {
  choice = readChoice();
  path = firstPath;
  screen?.addEventListener('change', apply);
  apply();
}
export function themeVisits(nextPath: string): void {
  path = nextPath;
  apply();
}
export const themeChoice = (): ThemeChoice => choice;
export function setThemeChoice(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem('ng.theme', next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  apply();
}
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
