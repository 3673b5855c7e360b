import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TraceSession } from "../trace/session.js";
import { askWhere } from "./save-file.js";

/** Asks for a file and writes what the session has sent so far; `lockscope trace` reads it. */
export async function exportTrace(session: TraceSession | undefined): Promise<void> {
  if (session === undefined) return;
  const target = await askWhere("Save lock trace", `${session.program}.locktrace`);
  if (target === undefined) return;
  await pipeline(Readable.from(session.fileParts()), createWriteStream(target.fsPath));
}
