/** A UCUM code as it is written: `um2/s` is `µm²/s`; undefined where values have no unit. */
export function unitText(unit: string | undefined): string | undefined {
  return unit
    ?.replaceAll(/\bu(?=[a-zA-Z])/g, 'µ')
    .replaceAll(/(?<=[a-zA-Zµ])2\b/g, '²')
    .replaceAll(/(?<=[a-zA-Zµ])3\b/g, '³')
    .replaceAll('.', '·');
}
