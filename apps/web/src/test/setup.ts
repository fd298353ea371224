import { afterEach } from 'vitest';
import { closePage } from './page-fixture.tsx';

// Files of one worker share what they import: a hook that a shared module sets is one of the first file alone. This one is read anew for each.
afterEach(closePage);
