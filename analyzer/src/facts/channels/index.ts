import type { Snapshot } from "../../project/port.js";
import { type Blocking, blockingOperations } from "./counterparts.js";
import { type ChannelProgram, readChannels } from "./program.js";
import { createTasks, type Tasks } from "./tasks.js";

/** Everything that rules ask about channels, found out once for a snapshot. */
export interface Channels {
  readonly program: ChannelProgram;
  readonly tasks: Tasks;
  readonly blocking: readonly Blocking[];
}

const known = new WeakMap<Snapshot, { readonly channels: Channels | undefined }>();
const named = /["'`]@lockscope\/sync\/(?:channel|context)["'`]/;

/** Undefined where no file of the program names channels. */
export function channelsOf(snapshot: Snapshot): Channels | undefined {
  let found = known.get(snapshot);
  if (found === undefined) {
    found = { channels: look(snapshot) };
    known.set(snapshot, found);
  }
  return found.channels;
}

function look(snapshot: Snapshot): Channels | undefined {
  const files = snapshot.files.map((file) => snapshot.sourceFile(file)).filter((file) => file !== undefined);
  if (!files.some((file) => named.test(file.text))) return undefined;
  const program = readChannels(files, snapshot);
  return { program, tasks: createTasks(program), blocking: blockingOperations(program) };
}
