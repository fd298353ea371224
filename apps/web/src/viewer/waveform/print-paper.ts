/** Prints a drawing at the size of its paper, with what says whose it is above; nothing else of the page. */
export function printPaper(
  svg: SVGSVGElement,
  lines: readonly string[],
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const sheet = document.createElement('div');
  sheet.className = 'ng-print ng-print-paper';
  for (const line of lines) sheet.append(Object.assign(document.createElement('p'), { textContent: line }));
  const copy = svg.cloneNode(true);
  if (copy instanceof SVGSVGElement) {
    copy.setAttribute('width', `${width}mm`);
    copy.setAttribute('height', `${height}mm`);
  }
  sheet.append(copy);
  document.body.append(sheet);
  document.body.dataset.printing = 'true';
  const end = (): void => {
    delete document.body.dataset.printing;
    sheet.remove();
  };
  window.addEventListener('afterprint', end, { once: true });
  window.print();
}
