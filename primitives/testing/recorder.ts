import type { Instrument } from "../src/runtime/hooks.js";
import type { Resource } from "../src/runtime/resource.js";

/** An instrument that writes down what it is told, one line an event. */
export class Recorder implements Instrument {
  readonly version = 1;
  readonly lines: string[] = [];

  created(resource: Resource): void {
    this.lines.push(`created ${resource.name}`);
  }
  event: Instrument["event"] = (event, resource, arg) => {
    this.lines.push(`${event} ${resource?.name ?? "-"} ${arg}`);
  };
  parked: Instrument["parked"] = (waiter) => {
    this.lines.push(
      `${waiter.task?.name ?? "main"} parked: ${waiter.waitFor} ${waiter.resource?.name ?? "-"}`,
    );
  };
  readied: Instrument["readied"] = (waiter) => {
    this.lines.push(`${waiter.task?.name ?? "main"} readied: ${waiter.waitFor}`);
  };
  cancelled: Instrument["cancelled"] = (waiter) => {
    this.lines.push(`${waiter.task?.name ?? "main"} cancelled: ${waiter.waitFor}`);
  };
  spawned: Instrument["spawned"] = (task) => {
    this.lines.push(`spawned ${task.name}`);
  };
  began: Instrument["began"] = (task) => {
    this.lines.push(`began ${task.name}`);
  };
  ended: Instrument["ended"] = (task) => {
    this.lines.push(`ended ${task.name}: ${task.state}`);
  };

  /** What was told since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }
}
