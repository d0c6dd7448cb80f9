/**
 * The phone's camera as a scanner. The browser's own detector where it works, else the vendored one.
 *
 * Only in a secure context; the page shows no camera button elsewhere.
 */

const FORMATS = /** @type {const} */ (["qr_code", "code_128"]);
const VENDORED = "../../vendor/";
/** What the page loads only when the browser has no detector of its own: kept for a camera without a network. */
export const SCANNER_FILES = "BarcodeDetector" in globalThis ? [] : [
  "barcode-detector-3.2.2/ponyfill.js", "barcode-detector-3.2.2/zxing-exported.js", "zxing-wasm-3.1.3/zxing_reader.wasm",
].map((file) => new URL(VENDORED + file, import.meta.url));
const SAME_CODE_PAUSE_MS = 2500;

/**
 * @param {HTMLVideoElement} video
 * @param {(text: string) => void} found called once for each code held before the camera
 */
export async function startCamera(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const detector = await makeDetector();
  let last = "";
  let lastAt = 0;
  const look = async () => {
    for (const code of await detector.detect(video).catch(() => [])) {
      const now = performance.now();
      if (code.rawValue !== last || now - lastAt > SAME_CODE_PAUSE_MS) {
        last = code.rawValue;
        found(code.rawValue);
      }
      lastAt = now;
    }
    if (stream.active) {
      requestAnimationFrame(() => void look());
    }
  };
  void look();
}

/** @returns {Promise<{ detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }>} */
async function makeDetector() {
  const own = /** @type {any} */ (globalThis).BarcodeDetector; // not yet in TypeScript's DOM types
  if (own) {
    const supported = await own.getSupportedFormats().catch(() => []);
    if (FORMATS.every((format) => supported.includes(format))) {
      return new own({ formats: FORMATS });
    }
  }
  const { BarcodeDetector, prepareZXingModule } = await import("../../vendor/barcode-detector-3.2.2/ponyfill.js");
  prepareZXingModule({
    overrides: {
      locateFile: (path, prefix) =>
        path.endsWith(".wasm") ? new URL("../../vendor/zxing-wasm-3.1.3/zxing_reader.wasm", import.meta.url).href : prefix + path,
    },
  });
  return new BarcodeDetector({ formats: [...FORMATS] });
}
