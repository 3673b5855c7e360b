import picocolors from "picocolors";

type Paint = (text: string) => string;

/** The roles that colours play in a report. */
export interface Colors {
  readonly error: Paint;
  readonly warning: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly underline: Paint;
  readonly place: Paint;
}

export function colorsFor(enabled: boolean): Colors {
  const paint = picocolors.createColors(enabled);
  return {
    error: (text) => paint.bold(paint.red(text)),
    warning: (text) => paint.bold(paint.yellow(text)),
    bold: paint.bold,
    dim: paint.dim,
    underline: paint.red,
    place: paint.cyan,
  };
}
