import type { TextRows } from '../../archive/row-kind.ts';

/** A list of one patient is of no use once there is none. */
export const VIEW_TEXTS: readonly TextRows[] = [{ table: 'list_views', text: "name || ' ' || content::text", erase: 'delete' }];
