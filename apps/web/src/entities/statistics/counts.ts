/** What a programme asks first: of these each screen of figures tells. */
export const MAIN_COUNTS = ['screened', 'positive', 'validated', 'waiting'] as const;
