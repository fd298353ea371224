// A script of its own, loaded by OHIF's page before its configuration, which passes `onHttpError` on.
import { call } from '../api/client.ts';
import { keepSession } from './keep-session.ts';
import { pageOf, watchRequests, watchWayBack } from './requests.ts';

const KEY = 'ng.ohifReloadedAt';

const session = keepSession({
  expiresAt: async () => (await call('me')).expiresAt,
  address: () => location.pathname + location.search,
  reload: () => location.reload(),
  goTo: (address) => location.assign(address),
  now: () => Date.now(),
  lastReload: {
    get: () => Number(sessionStorage.getItem(KEY) ?? 0),
    set: (at) => sessionStorage.setItem(KEY, String(at)),
  },
});
Object.assign(window, { negatoscopeSession: session });
watchRequests(XMLHttpRequest, pageOf(window));
watchWayBack(history, location.origin, (address) => location.assign(address));
