// A client of tus that others wrote, against our endpoint: `node tus-js-client.mjs ENDPOINT FILE METADATA`.
// Prints what it came to, as JSON.
import { createReadStream, readFileSync } from "node:fs";
import { DetailedError, Upload } from "tus-js-client";

const [endpoint, path, metadata] = process.argv.slice(2);
const file = readFileSync(path);
const said = {};

/** Uploads the file, up to `until` bytes, and gives the client. */
function upload(options, until = Infinity) {
  return new Promise((resolve, reject) => {
    const client = new Upload(options.stream ? createReadStream(path) : file, {
      endpoint,
      metadata: JSON.parse(metadata),
      retryDelays: [0, 100],
      onError: reject,
      onSuccess: () => resolve(client),
      onChunkComplete: async (_, offset) => {
        if (offset >= until) {
          await client.abort();
          resolve(client);
        }
      },
      ...options,
    });
    client.start();
  });
}

// Stopped in the middle; then another client goes on with the address, and with a stream.
const begun = await upload({ chunkSize: 200_000 }, 400_000);
said.url = begun.url;
const whole = await upload({ uploadUrl: begun.url, chunkSize: 300_000, stream: true, uploadSize: file.length });
said.same = whole.url === begun.url;

// Taken back; then announced anew with the first bytes, and stopped.
await Upload.terminate(begun.url, {});
const again = await upload({ uploadDataDuringCreation: true, chunkSize: 200_000 }, 200_000);
said.other = again.url !== begun.url;
// Its address was lost: the same announcement gives it again, and the client goes on.
let patches = 0;
const last = await upload({
  uploadDataDuringCreation: true,
  chunkSize: 200_000,
  onAfterResponse: (request) => { patches += request.getMethod() === "PATCH"; },
});
said.found = last.url === again.url;
said.patches = patches;

// What is refused comes to its caller.
said.refused = await upload({ metadata: {}, retryDelays: null }).then(
  () => "nothing",
  (error) => error instanceof DetailedError && error.originalResponse.getStatus(),
);
console.log(JSON.stringify(said));
