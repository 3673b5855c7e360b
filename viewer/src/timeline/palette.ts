/** The colours of the timeline, taken from the page's style, which takes them from the editor's theme. */

export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  /** 0 to 255. */
  readonly a: number;
}

export interface Palette {
  readonly run: string;
  readonly hold: string;
  readonly blocking: string;
  readonly wait: string;
  readonly stuck: string;
  readonly good: string;
  readonly text: string;
  readonly dim: string;
  readonly background: string;
  readonly grid: string;
  readonly selection: string;
  readonly focus: string;
  readonly font: string;
  /** Shapes get outlines: high contrast. */
  readonly outlined: boolean;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    run: value("--ls-run"),
    hold: value("--ls-hold"),
    blocking: value("--ls-blocking"),
    wait: value("--ls-wait"),
    stuck: value("--ls-stuck"),
    good: value("--ls-good"),
    text: value("--ls-text"),
    dim: value("--ls-dim"),
    background: value("--ls-background"),
    grid: value("--ls-grid"),
    selection: value("--ls-selection"),
    focus: value("--ls-focus"),
    font: `${style.fontSize} ${style.fontFamily}`,
    outlined: value("--ls-outline") === "1",
  };
}

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;

/** Any CSS colour as numbers, by painting a pixel of it. */
export function parseColor(color: string): Rgba {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "#000";
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
  return { r: r!, g: g!, b: b!, a: a! };
}

/** Black or white, whichever can be read on `color`. */
export function inkOn(color: string): string {
  const { r, g, b } = parseColor(color);
  const linear = [r, g, b].map((channel) => {
    const value = channel / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

/** Calls back when the editor's theme changes (it rewrites classes and variables) or the system's scheme does. */
export function watchTheme(onChange: () => void): void {
  const observer = new MutationObserver(onChange);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, {
      attributes: true,
      attributeFilter: ["class", "style", "data-vscode-theme-id"],
    });
  }
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", onChange);
  }
}
