/** Queries of what is here of what a search has found: they are asked anew when something was fetched. */
export const HERE_KEY = 'studies-here';
