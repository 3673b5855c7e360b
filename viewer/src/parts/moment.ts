import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Moment } from "../model/moment.js";
import type { Observable } from "../timeline/observable.js";

const MomentContext = createContext<Moment | undefined>(undefined);

export const MomentProvider = MomentContext.Provider;

/** The instant whose state is to be shown. */
export function useMoment(): Moment {
  const moment = useContext(MomentContext);
  if (moment === undefined) throw new Error("a part was used outside the views");
  return moment;
}

/** Renders again after a change of `source`, at most every `interval` milliseconds. */
export function useChanges(source: Observable, interval: number): void {
  const [, setRevision] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = source.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setRevision((revision) => revision + 1);
      }, interval);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [source, interval]);
}
