const ADDRESS = /^\/app\/studies\/([\d.]+)$/;

export interface StudyAtAddress {
  readonly studyInstanceUid: string;
  readonly groupId: string | undefined;
  readonly seriesInstanceUid: string | undefined;
}

/** The study of an address of the application; undefined where it is another page's. */
export function studyAtAddress({ pathname, search }: Pick<Location, 'pathname' | 'search'>): StudyAtAddress | undefined {
  const studyInstanceUid = ADDRESS.exec(pathname)?.[1];
  const query = new URLSearchParams(search);
  const named = (name: string): string | undefined => query.get(name) ?? undefined;
  return studyInstanceUid === undefined
    ? undefined
    : { studyInstanceUid, groupId: named('groupId'), seriesInstanceUid: named('series') };
}
