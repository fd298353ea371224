import type { RenderedFrame } from '@negatoscope/dicom';

/** Makes a canvas as large as a picture, and the picture what is on it. */
export function paintPicture(canvas: HTMLCanvasElement, { pixels, rows, columns, channels }: RenderedFrame): HTMLCanvasElement {
  [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  const { data } = image;
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    data[to] = pixels[from] ?? 0;
    data[to + 1] = pixels[from + green] ?? 0;
    data[to + 2] = pixels[from + blue] ?? 0;
    data[to + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
