interface Versions<Fields> {
  /** As the form began. */
  readonly before: Fields;
  /** As somebody else saved it meanwhile. */
  readonly now: Fields;
  /** As it is typed. */
  readonly mine: Fields;
}

/** What somebody else changed and nobody touched here: sending it as it was would undo another's change in silence. */
export function untouched<Fields, Field>(
  changed: (from: Fields, to: Fields) => readonly Field[],
  { before, now, mine }: Versions<Fields>,
): Field[] {
  const touched = new Set(changed(before, mine));
  return changed(before, now).filter((field) => !touched.has(field));
}
