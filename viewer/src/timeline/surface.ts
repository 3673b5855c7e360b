import { OverlayPainter, type OverlayScene } from "./overlay.js";
import { Painter } from "./painter.js";
import { type Palette, readPalette, watchTheme } from "./palette.js";
import type { Scene } from "./scene.js";

export interface TimelineCanvases {
  /** The lanes; takes pointer and keys. */
  readonly lanes: HTMLCanvasElement;
  /** Lies over the lanes and lets the pointer through. */
  readonly overlay: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

/** Who knows what is to be drawn. */
export interface Picture {
  lanes(): Scene;
  overlay(): OverlayScene;
  /** Whether time passes in it even when nothing happens. */
  moves(): boolean;
  drawMinimap(palette: Palette): void;
  /** The lanes were drawn. */
  drawn(): void;
  resized(): void;
}

/** Between two frames of a picture that moves by itself. */
const MOVING_FRAME_MS = 66;

/** The canvases of the timeline: their size, their colours, and when to draw what on them. */
export class Surface {
  /** In CSS pixels. */
  width = 0;
  height = 0;
  readonly #canvases: TimelineCanvases;
  readonly #picture: Picture;
  #painters:
    | { readonly lanes: Painter; readonly overlay: OverlayPainter; readonly palette: Palette }
    | undefined;
  #frame = 0;
  #lanesChanged = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(canvases: TimelineCanvases, picture: Picture) {
    this.#canvases = canvases;
    this.#picture = picture;
    new ResizeObserver(() => this.#resize()).observe(canvases.lanes);
    watchTheme(() => {
      this.#painters = undefined;
      this.invalidate();
    });
  }

  /** Draws everything with the next frame; any number of calls cost one drawing. */
  invalidate(): void {
    this.#lanesChanged = true;
    this.invalidateOverlay();
  }

  /** Draws all but the lanes with the next frame. */
  invalidateOverlay(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  /** The lanes and what lies over them, as they are now. */
  async toPng(): Promise<ArrayBuffer> {
    this.#draw();
    const { lanes, overlay } = this.#canvases;
    const copy = new OffscreenCanvas(lanes.width, lanes.height);
    const context = copy.getContext("2d")!;
    context.drawImage(lanes, 0, 0);
    context.drawImage(overlay, 0, 0);
    return (await copy.convertToBlob({ type: "image/png" })).arrayBuffer();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvases.lanes;
    this.width = clientWidth;
    this.height = clientHeight;
    this.#picture.resized();
    this.invalidate();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    clearTimeout(this.#timer);
    if (this.width === 0 || this.height === 0) return;
    this.#fitCanvases();
    this.#painters ??= this.#makePainters();
    const { lanes, overlay, palette } = this.#painters;
    if (this.#lanesChanged) {
      this.#lanesChanged = false;
      lanes.paint(this.#canvases.lanes.getContext("2d", { alpha: false })!, this.#picture.lanes());
      this.#picture.drawn();
    }
    overlay.paint(this.#canvases.overlay.getContext("2d")!, this.#picture.overlay());
    this.#picture.drawMinimap(palette);
    if (this.#picture.moves()) this.#timer = setTimeout(() => this.invalidate(), MOVING_FRAME_MS);
  }

  #fitCanvases(): void {
    const [width, height] = [this.width, this.height].map((size) => Math.round(size * devicePixelRatio)) as [
      number,
      number,
    ];
    const { lanes, overlay } = this.#canvases;
    if (lanes.width === width && lanes.height === height) return;
    for (const canvas of [lanes, overlay]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#painters = undefined;
  }

  #makePainters() {
    const palette = readPalette(this.#canvases.lanes);
    this.#lanesChanged = true;
    return {
      lanes: new Painter(palette, devicePixelRatio),
      overlay: new OverlayPainter(palette, devicePixelRatio),
      palette,
    };
  }
}
