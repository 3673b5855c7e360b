import type { Snapshot } from "../../project/port.js";
import { type AfterClose, repeatedCloses, sendsAfterClose } from "./closing.js";
import { type Blocking, blockingOperations, isSending } from "./counterparts.js";
import { operationsOnNil } from "./nil.js";
import { type ChannelOperation, type ChannelProgram, readChannels } from "./program.js";
import { followsProtocol } from "./protocol.js";
import { createTasks, type Tasks } from "./tasks.js";

/** Everything that rules ask about channels, found out once for a snapshot. */
export interface Channels {
  readonly program: ChannelProgram;
  readonly tasks: Tasks;
  readonly blocking: readonly Blocking[];
  readonly afterClose: () => readonly AfterClose[];
  readonly closedTwice: () => readonly AfterClose[];
  readonly onNil: () => readonly ChannelOperation[];
  /** Sends on channels whose end the two sides agree on by a value. */
  readonly byProtocol: () => readonly ChannelOperation[];
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
  const tasks = createTasks(program);
  const world = { program, tasks, snapshot };
  return {
    program,
    tasks,
    blocking: blockingOperations(program),
    afterClose: once(() => sendsAfterClose(world)),
    closedTwice: once(() => repeatedCloses(world)),
    onNil: once(() => operationsOnNil(program, snapshot)),
    byProtocol: once(() =>
      program.operations.filter((each) => isSending(each) && followsProtocol(each, world)),
    ),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
