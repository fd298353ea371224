/** Whose texts are looked after: one's own, or those of a site (of the installation where that is null). */
export type Whose = { readonly level: 'OWN'; readonly siteId: null } | { readonly level: 'SITE'; readonly siteId: string | null };
export const OWN: Whose = { level: 'OWN', siteId: null };

export const isOf = (
  { level, siteId }: Whose,
  one: { readonly level: 'OWN' | 'SITE'; readonly siteId: string | null },
): boolean => one.level === level && one.siteId === siteId;
