/** How many CSS px of each page the open emergencies take: read before the application runs (`viewer/plain/place.ts`). Nothing of a patient. */
const KEPT_AS = 'ng.above';

/** What was taken when the last page was shown; 0 where nothing was. */
export function keptHeight(): number {
  try {
    const height = Number(localStorage.getItem(KEPT_AS));
    return height > 0 && height <= innerHeight ? height : 0;
  } catch {
    // Without storage a page moves once when they come.
    return 0;
  }
}

export function keepHeight(height: number): void {
  try {
    if (height > 0) localStorage.setItem(KEPT_AS, String(height));
    else localStorage.removeItem(KEPT_AS);
  } catch {
    // As above.
  }
}
