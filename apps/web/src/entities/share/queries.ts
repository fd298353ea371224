import { queryClient } from '../../api/query-client.ts';

/** A share was made or withdrawn: lists of them are read again. */
export const sharesChanged = (): void => void queryClient.invalidateQueries({ queryKey: ['shares'] });
