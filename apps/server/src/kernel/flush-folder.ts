import { open } from 'node:fs/promises';

/** Makes the names in a folder durable: a file that was renamed is found under its new name after the power has failed. Windows does it by itself, and lets nobody open a folder. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
