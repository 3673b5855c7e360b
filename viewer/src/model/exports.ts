/** What the page can make of a trace for other programs to read. */
import { chromeTrace, eventsCsv, locksCsv, rangeStatisticsInSteps } from "@lockscope/trace";
import type { Session } from "../session.js";
import type { TimeRange } from "../timeline/time-window.js";
import { Turns } from "./turns.js";

export type ExportKind = "chrome" | "events" | "statistics";

/** What the page hands to its host to be saved. */
export interface ExportFile {
  readonly name: string;
  readonly content: ArrayBuffer;
}

/** @param range of time that the statistics are about; `undefined`: everything */
export async function exportFile(
  kind: ExportKind,
  session: Session,
  range: TimeRange | undefined,
): Promise<ExportFile> {
  const { store, info } = session;
  const name = (ending: string) => exportName(info?.name ?? "", ending);
  switch (kind) {
    case "chrome":
      return { name: name(".trace.json"), content: await joined(chromeTrace(store, info?.meta)) };
    case "events":
      return { name: name(".events.csv"), content: await joined(eventsCsv(store)) };
    case "statistics": {
      const { start = store.startTime, end = session.now } = range ?? {};
      const statistics = await finished(rangeStatisticsInSteps(store, start, end));
      return { name: name(".locks.csv"), content: await joined(locksCsv(statistics, store.sites)) };
    }
  }
}

/** A program's name as the name of a file, anywhere. */
export function exportName(program: string, ending: string): string {
  const plain = program.replace(/[^\p{L}\p{N}._ -]+/gu, "_").replace(/^[. ]+/, "");
  return `${plain.slice(0, 80) || "trace"}${ending}`;
}

/** In a blob, since the text of a long trace is larger than a string can be. */
async function joined(pieces: Iterable<string>): Promise<ArrayBuffer> {
  const parts: string[] = [];
  const turns = new Turns();
  for (const piece of pieces) {
    parts.push(piece);
    await turns.next();
  }
  return new Blob(parts).arrayBuffer();
}

async function finished<T>(steps: Generator<void, T>): Promise<T> {
  const turns = new Turns();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await turns.next();
  }
}
