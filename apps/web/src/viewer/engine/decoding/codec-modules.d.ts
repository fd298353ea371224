/** The codecs carry no types; these are the parts used, checked by the tests that decode with them. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: import('./codecs.ts').WasmFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: import('./codecs.ts').WasmFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-libjxl/decodewasmjs' {
  const factory: import('./codecs.ts').WasmFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: import('./codecs.ts').WasmFactory;
  export default factory;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: import('./codecs.ts').WasmFactory;
  export default factory;
}
