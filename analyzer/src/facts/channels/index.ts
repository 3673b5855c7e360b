import type ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { type AfterClose, repeatedCloses, sendsAfterClose } from "./closing.js";
import { type Blocking, blockingOperations, isSending } from "./counterparts.js";
import { concernedFiles } from "./flow/concerned-files.js";
import { operationsOnNil } from "./nil.js";
import { type ChannelOperation, type ChannelProgram, readChannels } from "./program.js";
import { followsProtocol } from "./protocol.js";
import { createTasks, type Tasks } from "./tasks.js";

/** What rules ask about channels: who uses them once for a snapshot, what is wrong of one file at a time. */
export interface Channels {
  readonly program: ChannelProgram;
  readonly tasks: Tasks;
  readonly blocking: readonly Blocking[];
  afterClose(file: ts.SourceFile): readonly AfterClose[];
  closedTwice(file: ts.SourceFile): readonly AfterClose[];
  onNil(file: ts.SourceFile): readonly ChannelOperation[];
  /** Sends on channels whose end the two sides agree on by a value. */
  byProtocol(file: ts.SourceFile): readonly ChannelOperation[];
}

const known = new WeakMap<Snapshot, { readonly channels: Channels | undefined }>();

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
  const naming = files.filter(namesChannels);
  if (naming.length === 0) return undefined;
  const program = readChannels(concernedFiles(files, naming, snapshot), snapshot);
  const tasks = createTasks(program);
  const world = { program, tasks, snapshot };
  return {
    program,
    tasks,
    blocking: blockingOperations(program),
    afterClose: (file) => sendsAfterClose(file, world),
    closedTwice: (file) => repeatedCloses(file, world),
    onNil: (file) => operationsOnNil(file, program, snapshot),
    byProtocol: (file) =>
      program.operationsIn(file).filter((each) => isSending(each) && followsProtocol(each, world)),
  };
}

const named = /["'`]@lockscope\/sync\/(?:channel|context)["'`]/;
const naming = new WeakMap<ts.SourceFile, boolean>();

function namesChannels(file: ts.SourceFile): boolean {
  let answer = naming.get(file);
  if (answer === undefined) {
    answer = named.test(file.text);
    naming.set(file, answer);
  }
  return answer;
}
