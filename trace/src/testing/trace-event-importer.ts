/**
 * Reads a file in the Trace Event Format by the rules of Perfetto's importer, and says what it would complain of or
 * show in another way than it was meant. Written from `src/trace_processor/importers/json` and the slice and flow
 * trackers of google/perfetto.
 */
export interface Imported {
  readonly errors: string[];
  readonly slices: ImportedSlice[];
  /** By thread id. */
  readonly threads: Map<number, string>;
  readonly processes: Map<number, string>;
  readonly flows: { readonly from: ImportedSlice; readonly to: ImportedSlice }[];
}

export interface ImportedSlice {
  readonly name: string;
  readonly category: string;
  readonly tid: number;
  /** Whole nanoseconds. */
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly args: Record<string, unknown>;
}

interface RawEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly name: string;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Record<string, unknown>;
}

/** As the importer does it: times a thousand, fraction cut off. */
const toNanoseconds = (us: number) => Math.trunc(us * 1000);

export function importTraceEvents(json: string): Imported {
  const errors: string[] = [];
  const { traceEvents } = JSON.parse(json) as { traceEvents: RawEvent[] };
  const imported: Imported = { errors, slices: [], threads: new Map(), processes: new Map(), flows: [] };
  const owners = new Map<number, number>();
  for (const event of traceEvents) checkFields(event, owners, errors);
  for (const { ph, name, pid, tid, args } of traceEvents) {
    if (ph !== "M") continue;
    if (name === "thread_name") imported.threads.set(tid, String(args!.name));
    if (name === "process_name") imported.processes.set(pid, String(args!.name));
  }
  // Sorted by time; what is at one time keeps the order of the file.
  const timed = traceEvents
    .filter(({ ph }) => ph !== "M")
    .sort((a, b) => toNanoseconds(a.ts!) - toNanoseconds(b.ts!));
  const stacks = new Map<number, ImportedSlice[]>();
  const started = new Map<string, ImportedSlice>();
  for (const event of timed) {
    const stack = stacks.get(event.tid) ?? [];
    stacks.set(event.tid, stack);
    if (event.ph === "X" || event.ph === "i") push(event, stack, imported);
    else flow(event, stack, started, imported);
  }
  if (started.size > 0) errors.push(`${started.size} flows have no end`);
  return imported;
}

function checkFields(event: RawEvent, owners: Map<number, number>, errors: string[]): void {
  const { ph, pid, tid, ts, dur, name } = event;
  const complain = (what: string) => errors.push(`${what}: ${JSON.stringify(event)}`);
  if (!["X", "M", "i", "s", "f"].includes(ph)) complain("unknown phase");
  if (!isId(pid) || !isId(tid)) complain("pid and tid are positive 32-bit integers");
  if ((owners.get(tid) ?? pid) !== pid) complain("two processes have a thread of this id");
  owners.set(tid, pid);
  if (typeof name !== "string" || name === "") complain("no name");
  if (/\p{Cc}/u.test(JSON.stringify(event.args ?? {}) + name)) complain("control characters");
  if (ph !== "M" && !isTime(ts)) complain("ts is no time");
  if (ph === "X" && !isTime(dur)) complain("dur is no time");
  if (ph === "i" && event.s !== "t") complain("an instant without its scope");
}

const isId = (id: unknown) => Number.isInteger(id) && (id as number) > 0 && (id as number) < 2 ** 32;
const isTime = (time: unknown) => typeof time === "number" && Number.isFinite(time) && time >= 0;

function push(event: RawEvent, stack: ImportedSlice[], { slices, errors }: Imported): void {
  const start = toNanoseconds(event.ts!);
  const end = start + toNanoseconds(event.dur ?? 0);
  while (stack.length > 0 && stack.at(-1)!.end <= start) stack.pop();
  const outer = stack.at(-1);
  if (outer !== undefined && end > outer.end) {
    errors.push(`${event.name} (${start} to ${end}) overlaps ${outer.name} (${outer.start} to ${outer.end})`);
  }
  const { name, cat = "", tid, args = {} } = event;
  const slice = { name, category: cat, tid, start, end, depth: stack.length, args };
  if (slice.depth > 255) errors.push("slices are nested too deeply");
  slices.push(slice);
  stack.push(slice);
}

/** An arrow is bound to the slice that began last on its thread and has not been closed by a later one. */
function flow(
  event: RawEvent,
  stack: ImportedSlice[],
  started: Map<string, ImportedSlice>,
  { errors, flows }: Imported,
): void {
  const key = `${event.id} ${event.cat} ${event.name}`;
  const slice = stack.at(-1);
  if (!Number.isInteger(event.id)) errors.push("a flow's id is no number");
  if (slice === undefined) errors.push(`a flow without an enclosing slice: ${JSON.stringify(event)}`);
  else if (event.ph === "s") {
    if (started.has(key)) errors.push(`a flow begins twice: ${key}`);
    started.set(key, slice);
  } else {
    const from = started.get(key);
    if (event.bp !== "e") errors.push("a flow's end is bound to the next slice, not to its own");
    if (from === undefined) errors.push(`a flow ends that has not begun: ${key}`);
    else flows.push({ from, to: slice });
    started.delete(key);
  }
}
