import { fromBuffer } from 'yauzl';

/** Entries of an archive by name, as another program's reader finds them. Fails for an archive that it can't read. */
export async function unzip(zip: Buffer): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => {
      if (error !== null) return reject(error);
      file.on('entry', (entry) => {
        file.openReadStream(entry, (failed, stream) => {
          if (failed !== null) return reject(failed);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            found.set(entry.fileName, Buffer.concat(chunks));
            file.readEntry();
          });
          return undefined;
        });
      });
      file.on('end', () => resolve());
      file.readEntry();
      return undefined;
    });
  });
  return found;
}
