import { openServerParts } from '../compose.ts';
import { Failure } from '../kernel/failure.ts';
import { StartError } from '../kernel/start-error.ts';
import type { Command } from './command.ts';

/** Help for an administrator who is locked out. The password is generated and printed: an argument would stay in the shell's history. */
export const admin: Command = {
  usage: 'admin reset-password|reset-factor <email>',
  summary: 'gives a person a new password, or takes their second factor off, and ends all their sessions',
  async run([action, email, ...rest], { log, print, withRuntime }) {
    if ((action !== 'reset-password' && action !== 'reset-factor') || email === undefined || rest.length > 0) return 2;
    const done = await withRuntime(async ({ settings, secrets, databases }) => {
      const database = {
        connection: databases.app,
        ...(databases.assumeRole === undefined ? {} : { assumeRole: databases.assumeRole }),
      };
      const parts = await openServerParts({ settings, secrets, log, database, poolSize: 2 }, 'web');
      try {
        if (action === 'reset-password')
          return `New password, shown only now: ${(await parts.identity.resetPassword(email)).password}`;
        await parts.identity.resetFactor(email);
        return 'The second factor is taken off.';
      } catch (error) {
        if (error instanceof Failure && error.code === 'NOT_FOUND')
          throw new StartError('NO_SUCH_USER', 'no user has this email address');
        throw error;
      } finally {
        await parts.close();
      }
    });
    print(done);
    return 0;
  },
};
