import { createContext } from 'react';

/** Whether a list's row holds its one tab stop; buttons in other rows are passed over by Tab. True outside of lists. */
export const RowCursor = createContext(true);
