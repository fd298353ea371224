import type { WaysIn } from '@negatoscope/contract';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';

/** Passwords until the server says otherwise, and where it does not answer: that way does not depend on anybody else. */
export function useWaysIn(): WaysIn {
  const [ways, setWays] = useState<WaysIn>({ passwords: true, providers: [], mail: false, passkeys: false });
  useEffect(() => {
    const over = new AbortController();
    call('waysIn', { signal: over.signal }).then(setWays, () => undefined);
    return () => over.abort();
  }, []);
  return ways;
}
