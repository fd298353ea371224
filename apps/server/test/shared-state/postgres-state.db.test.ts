import { openDatabase } from '../../src/platform/db/database.ts';
import { openPostgresState } from '../../src/platform/shared-state/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { cutListening, openDatabaseProxy } from '../support/database-proxy.ts';
import { sharedStateContract } from './shared-state-contract.ts';

sharedStateContract('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const db = openDatabase({ connection: database.appConfig, poolSize: 6 });
  const proxy = await openDatabaseProxy(database.appConfig);
  const first = openPostgresState({ db, connection: proxy.connection });
  const second = openPostgresState({ db, connection: database.appConfig });
  return {
    first,
    second,
    transaction: (work) => db.withSystem(work),
    ...cutListening(proxy),
    close: async () => {
      for (const state of [first, second]) await state.close();
      await db.close();
      await proxy.close();
      await database.drop();
    },
  };
});
