/** Hashes files off the main thread: takes `{ id, file }`, answers `{ id, sha256 }`, undefined when the file can't be read. */
interface Question {
  readonly id: number;
  readonly file: File;
}

addEventListener('message', (event: MessageEvent<Question>) => {
  const { id, file } = event.data;
  void (async () => {
    try {
      const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
      const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
      postMessage({ id, sha256 });
    } catch {
      postMessage({ id, sha256: undefined });
    }
  })();
});
