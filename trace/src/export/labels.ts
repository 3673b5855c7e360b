import { Mode, nameOf } from "../schema.js";
import { NO_HOLDER } from "../spans.js";
import type { Hold, TaskState, Wait } from "../state.js";
import type { TraceStore } from "../store.js";
import { siteText } from "../text.js";
import { lockText, taskText } from "../watch/wording.js";

/** A slice's name, category and arguments as JSON, without the braces around them. */
export type Label = string;

/**
 * What slices say. The same few texts come a million times: each is made once.
 */
export class Labels {
  readonly #store: TraceStore;
  readonly #names = new Map<number, string>();
  readonly #places = new Map<number, string>();
  readonly #operations = new Map<string, Label>();

  constructor(store: TraceStore) {
    this.#store = store;
  }

  /** Of a task's whole life. */
  life(task: TaskState): Label {
    return `"name":${this.#name(task)},"cat":"task","args":{"thread":${task.thread},"end":"${task.phase}"${this.at(task.site)}}`;
  }

  /** Of what a task holds or waits for. */
  operation(what: Hold | Wait): Label {
    const { lock, mode, site } = what;
    const joins = isWait(what) ? what.joins : undefined;
    const select = isWait(what) && what.group.length > 1;
    const key = `${isWait(what)} ${select} ${mode} ${site} ${lock?.id} ${joins?.id}`;
    let label = this.#operations.get(key);
    if (label === undefined) {
      const [name, category] = isWait(what)
        ? [waitName(what), "wait"]
        : [`hold ${lockText(what.lock)}`, "hold"];
      const args = `"mode":"${nameOf(Mode, mode) ?? mode}"${this.at(site)}`;
      label = `"name":${JSON.stringify(name)},"cat":"${category}","args":{${args}}`;
      this.#operations.set(key, label);
    }
    return label;
  }

  /** Of a span in a lock's lane. */
  span(span: number): Label {
    const { mode, subject, site, amount, waiters } = this.#store.live.spans;
    const at = this.at(site[span]!);
    const crowd = `"waiters":${waiters[span]!}${at}`;
    if (mode[span] === NO_HOLDER) {
      const name = waiters[span]! > 0 ? "waited for" : "in use";
      return `"name":"${name}","cat":"wait","args":{"amount":${amount[span]!},${crowd}}`;
    }
    const task = this.#store.live.findTask(subject[span]!);
    const name = task === undefined ? '"held"' : this.#name(task);
    const how = `"mode":"${nameOf(Mode, mode[span]!) ?? mode[span]!}","holders":${amount[span]!}`;
    return `"name":${name},"cat":"hold","args":{${how},${crowd}}`;
  }

  /** A place as one more argument; empty where it is not known. */
  at(site: number): string {
    let text = this.#places.get(site);
    if (text === undefined) {
      const place = this.#store.sites.get(site);
      text = place === undefined ? "" : `,"at":${JSON.stringify(siteText(place))}`;
      this.#places.set(site, text);
    }
    return text;
  }

  #name(task: TaskState): string {
    let text = this.#names.get(task.id);
    if (text === undefined) {
      text = JSON.stringify(threadName(task));
      this.#names.set(task.id, text);
    }
    return text;
  }
}

export const threadName = (task: TaskState): string =>
  task.thread === 0 ? taskText(task) : `${taskText(task)} (thread ${task.thread})`;

export const isWait = (what: Hold | Wait): what is Wait => "group" in what;

function waitName({ group, joins, lock, mode }: Wait): string {
  if (group.length > 1) return "select";
  if (joins !== undefined) return `join ${taskText(joins)}`;
  return lock === undefined ? (nameOf(Mode, mode) ?? "wait") : `wait ${lockText(lock)}`;
}
