/** In place of the viewer, which draws by WebGL and is tested in a browser: what the page opens it with. */
export function Viewer({ studyInstanceUid, namelessUids = [] }: { studyInstanceUid: string; namelessUids?: readonly string[] }) {
  return (
    <output>
      {studyInstanceUid} {namelessUids.join(' ')}
    </output>
  );
}
