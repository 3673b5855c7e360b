/** The bytes are not a trace, or not one of a version this reader knows. `offset` counts bytes of the stream. */
export class TraceFormatError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`not a readable trace: ${message} (at byte ${offset})`);
    this.name = "TraceFormatError";
    this.offset = offset;
  }
}
