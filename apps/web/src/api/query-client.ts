import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './error.ts';

/** Worth another attempt: the server was not reached or a part of it was down. A refusal stays a refusal. */
export const isPassing = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    // The browser's word on being online says nothing about a server in the same house; and what only waits would look like an empty list.
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: (count, error) => count < 2 && isPassing(error),
      refetchOnWindowFocus: true,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
