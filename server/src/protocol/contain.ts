import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import { Cancelled } from "./cancellation.js";
import type { Log } from "./log.js";

/**
 * Every handler runs inside one of these: what fails is logged with its stack and, for a request, answered with
 * an error. The server itself lives on.
 */
export class Containment {
  constructor(private readonly log: Log) {}

  /** @param answer the error that the client is sent when the handler fails. */
  request<P, R, E = void>(
    name: string,
    handler: (params: P, token: CancellationToken) => R | Promise<R>,
    answer: (message: string) => ResponseError<E> = (message) =>
      new ResponseError(ErrorCodes.InternalError, message),
  ): (params: P, token: CancellationToken) => Promise<R | ResponseError<E>> {
    return async (params, token) => {
      try {
        return await handler(params, token);
      } catch (error) {
        if (error instanceof Cancelled) return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
        this.log.failure(name, error);
        return answer(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
  }

  /** For notifications, timers and events, which have nobody to answer to. */
  event<P extends unknown[]>(name: string, handler: (...params: P) => unknown): (...params: P) => void {
    return async (...params) => {
      try {
        await handler(...params);
      } catch (error) {
        if (!(error instanceof Cancelled)) this.log.failure(name, error);
      }
    };
  }
}
