/** What a stream reports when the client on its other end is gone. */
const clientGone = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "ERR_IPC_CHANNEL_CLOSED"]);

/**
 * The last line of containment: an error that no handler caught (a timer inside a dependency, a dropped promise)
 * is written to stderr, which editors show in their log, and the server goes on. Not through the connection:
 * that may be what failed.
 */
export function surviveStrayErrors(): void {
  const report = (error: unknown) => {
    if (error instanceof Error && "code" in error && clientGone.has(String(error.code))) process.exit(1);
    process.stderr.write(`lockscope: ${error instanceof Error ? error.stack : String(error)}\n`);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}
