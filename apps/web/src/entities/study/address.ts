const ADDRESS = /^\/app\/studies\/([\d.]+)$/;

export interface StudyAtAddress {
  readonly studyInstanceUid: string;
  readonly groupId: string | undefined;
  readonly seriesInstanceUid: string | undefined;
  /** The study to lay beside it; null for none, undefined for the most relevant prior. */
  readonly compare: { readonly studyInstanceUid: string; readonly groupId: string | undefined } | null | undefined;
}

/** The study of an address of the application; undefined where it is another page's. */
export function studyAtAddress({ pathname, search }: Pick<Location, 'pathname' | 'search'>): StudyAtAddress | undefined {
  const studyInstanceUid = ADDRESS.exec(pathname)?.[1];
  const query = new URLSearchParams(search);
  const named = (name: string): string | undefined => query.get(name) ?? undefined;
  if (studyInstanceUid === undefined) return undefined;
  const other = named('compare');
  const beside = other === undefined ? undefined : { studyInstanceUid: other, groupId: named('compareGroup') };
  const compare = named('alone') === 'true' ? null : beside;
  return { studyInstanceUid, groupId: named('groupId'), seriesInstanceUid: named('series'), compare };
}
