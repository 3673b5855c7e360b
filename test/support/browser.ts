import { access, constants, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { installedPackages, run } from "./packages.js";

/** A browser that can be started. */
export interface Chromium {
  readonly executablePath: string;
  readonly args: string[];
  /** Variables that it needs besides our own. */
  readonly env: Readonly<Record<string, string>>;
}

/** Nothing that a test could wait for: no GPU, no calls home. The sandbox cannot start in a container as root. */
const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Chrome, Chromium or Edge where one is installed (or where `LOCKSCOPE_CHROMIUM` points), else, on Linux, a
 * headless one that an npm package carries.
 * @throws {Error} where there is none: it says what to install
 */
export async function findChromium(): Promise<Chromium> {
  const installed = process.env.LOCKSCOPE_CHROMIUM || (await firstExecutable(candidates()));
  if (installed) return { executablePath: installed, args: switches, env: {} };
  if (process.platform === "linux" && process.arch === "x64") return carriedChromium();
  throw new Error(
    "No Chrome, Chromium or Edge was found. Install one, or name its executable in LOCKSCOPE_CHROMIUM.",
  );
}

/** Starts it without a window. */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium();
  return chromium.launch({ executablePath, args, env: { ...definedEnv(), ...env }, headless: true });
}

function candidates(): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (process.platform === "win32") {
    const roots = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [value];
    });
    const apps = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
    return apps.flatMap((app) => roots.map((folder) => join(folder, app)));
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

/** The last version for Node 20. Made for AWS Lambda, it unpacks into TMPDIR, its NSS libraries only "there". */
const carrier = "@sparticuz/chromium";
const carrierVersion = "147.0.0";

async function carriedChromium(): Promise<Chromium> {
  const name = `chromium-${carrierVersion}`;
  const folder = await installedPackages(name, { [carrier]: carrierVersion }, async (made) => {
    const module = pathToFileURL(join(made, "node_modules", carrier, "build", "esm", "index.js")).href;
    const script = `import(${JSON.stringify(module)}).then((chromium) => chromium.default.executablePath())`;
    await run(process.execPath, ["--input-type=module", "--eval", `await ${script}`], {
      env: { ...process.env, TMPDIR: made, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
    });
  });
  const fonts = join(folder, "fonts.conf");
  await writeFile(fonts, fontConfiguration(join(folder, "fonts", "fonts")));
  return {
    executablePath: join(folder, "chromium"),
    args: [...switches, "--headless=shell"],
    env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib"), FONTCONFIG_FILE: fonts },
  };
}

/** The system's fonts and the one that came along: Chromium ends itself where it finds none at all. */
function fontConfiguration(carried: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${carried}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
