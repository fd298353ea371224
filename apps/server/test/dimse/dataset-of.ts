/** What is behind the file meta information of a file. */
export const datasetOf = (file: Uint8Array): Uint8Array => {
  const view = new DataView(file.buffer, file.byteOffset);
  return file.subarray(144 + view.getUint32(140, true));
};
