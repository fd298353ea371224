import type { Tab } from './browser.ts';

export interface Picture {
  /** Pixels that are clearly not black. */
  readonly bright: number;
  /** Mean red, green and blue of a small square at a place given as shares of width and height. */
  readonly colours: readonly (readonly number[])[];
}

/** What the first viewport, or another part of the page, shows, read from a screenshot so that WebGL is included. */
export async function readPicture(
  tab: Tab,
  places: readonly (readonly [number, number])[] = [],
  part = 'canvas.cornerstone-canvas',
): Promise<Picture> {
  const shot = (await tab.page.locator(part).first().screenshot()).toString('base64');
  return tab.page.evaluate(
    async ([data, wanted]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext('2d');
      if (context === null) return { bright: 0, colours: [] };
      context.drawImage(image, 0, 0);
      const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height);
      let bright = 0;
      for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 60) bright += 1;
      const colours = wanted.map(([x, y]) => {
        const square = context.getImageData(Math.round(x * image.width) - 4, Math.round(y * image.height) - 4, 9, 9).data;
        return [0, 1, 2].map((channel) => {
          let sum = 0;
          for (let at = channel; at < square.length; at += 4) sum += square[at] ?? 0;
          return sum / 81;
        });
      });
      return { bright, colours };
    },
    [shot, places] as const,
  );
}
